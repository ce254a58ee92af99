import type { ShownRange } from '../../state/timeline-zoom.ts';

/** Where sequences are on screen: pixels from the left edge of the lanes. */
export interface Scale {
  readonly width: number;
  readonly shown: ShownRange;
  /** The left edge of an event. */
  startOf(sequence: number): number;
  /** The right edge of an event. */
  endOf(sequence: number): number;
  middleOf(sequence: number): number;
  /** The event at a pixel. Pixels outside are those of the first or of the last event. */
  sequenceAt(x: number): number;
}

/** Every event is equally wide. */
export function sequenceScale(shown: ShownRange, width: number): Scale {
  const step = width / (shown.to - shown.from + 1);
  const startOf = (sequence: number): number => (sequence - shown.from) * step;
  return {
    width,
    shown,
    startOf,
    endOf: (sequence) => startOf(sequence + 1),
    middleOf: (sequence) => startOf(sequence + 0.5),
    sequenceAt: (x) => Math.max(shown.from, Math.min(shown.to, shown.from + Math.floor(x / step))),
  };
}

/** The distance between two labels of the axis that leaves room for both, in pixels. */
const LABEL_DISTANCE = 110;

export interface Tick {
  readonly x: number;
  readonly label: string;
}

/** Round places of the axis. */
export function ticksOf({ shown, width, middleOf }: Scale): Tick[] {
  const step = roundStep(((shown.to - shown.from + 1) / width) * LABEL_DISTANCE);
  const first = Math.ceil(shown.from / step) * step;
  const count = Math.max(0, Math.floor((shown.to - first) / step) + 1);
  return Array.from({ length: count }, (_, i) => ({ x: Math.round(middleOf(first + i * step)), label: `#${first + i * step}` }));
}

/** The smallest 1, 2 or 5 times a power of ten that is at least `minimum`. */
function roundStep(minimum: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, minimum)));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= minimum) ?? power);
}

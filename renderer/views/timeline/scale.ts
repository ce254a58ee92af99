import type { TimeAxis, TimelineView } from '../../../core/contract/timeline.ts';
import type { TimeZone } from '../../../core/vocabulary.ts';
import type { ShownRange } from '../../state/timeline-zoom.ts';
import { clock } from '../../widgets/format.ts';

/** Where sequences are on screen: pixels from the left edge of the lanes. */
export interface Scale {
  readonly width: number;
  readonly shown: ShownRange;
  /** Whether places are times. */
  readonly isByTime: boolean;
  /** The left edge of an event. */
  startOf(sequence: number): number;
  /** The right edge of an event. */
  endOf(sequence: number): number;
  middleOf(sequence: number): number;
  /** The event at a pixel. Pixels outside are those of the first or of the last event. */
  sequenceAt(x: number): number;
  readonly ticks: readonly Tick[];
}

interface Tick {
  readonly x: number;
  readonly label: string;
}

/** Every event is equally wide. */
export function sequenceScale(shown: ShownRange, width: number): Scale {
  const step = width / (shown.to - shown.from + 1);
  const startOf = (sequence: number): number => (sequence - shown.from) * step;
  const middleOf = (sequence: number): number => startOf(sequence + 0.5);
  return {
    width,
    shown,
    isByTime: false,
    startOf,
    endOf: (sequence) => startOf(sequence + 1),
    middleOf,
    sequenceAt: (x) => Math.max(shown.from, Math.min(shown.to, shown.from + Math.floor(x / step))),
    ticks: sequenceTicks(shown, width, middleOf),
  };
}

/** An event is where its time is, in the columns of an answer, which are pixels. */
export function timeScale({ from, to }: TimelineView, { edges, spans }: TimeAxis, width: number, zone: TimeZone = 'utc'): Scale {
  const columns = edges.length - 1;
  const placeOf = (sequence: number): number => {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edges[middle] as number) <= sequence) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  };
  const sequenceAt = (x: number): number => {
    const column = Math.max(0, Math.min(columns - 1, Math.floor(x)));
    const [first, next] = [edges[column] as number, edges[column + 1] as number];
    return Math.max(from, Math.min(to, next > first ? first : first - 1));
  };
  const ticks = spans.flatMap((span) => timeTicks(span, zone));
  return { width, shown: { from, to }, isByTime: true, startOf: placeOf, endOf: placeOf, middleOf: placeOf, sequenceAt, ticks };
}

/** The distance between two labels of the axis that leaves room for both, in pixels. */
const LABEL_DISTANCE = 110;

function sequenceTicks({ from, to }: ShownRange, width: number, middleOf: (sequence: number) => number): Tick[] {
  const step = roundStep(((to - from + 1) / width) * LABEL_DISTANCE);
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, i) => ({ x: Math.round(middleOf(first + i * step)), label: `#${first + i * step}` }));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The distances between two labels of an axis of time, in milliseconds. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 6, 12, 24, 48, 168, 720].map((hours) => hours * HOUR),
];

/** Round times in a stretch without folded pauses, and the time of its begin. */
function timeTicks({ from, to, start, end }: TimeAxis['spans'][number], zone: TimeZone): Tick[] {
  if (!Number.isFinite(start) || !Number.isFinite(end)) return [];
  const perPixel = (end - start) / Math.max(1, to - from);
  const step = TIME_STEPS.find((candidate) => candidate >= perPixel * LABEL_DISTANCE);
  const label = (at: number): string => clock(new Date(at).toISOString(), { zone, milliseconds: step !== undefined && step < SECOND }).slice(11);
  const ticks = [{ x: Math.round(from), label: label(start) }];
  if (step === undefined || perPixel <= 0) return ticks;
  for (let at = Math.ceil((start + perPixel * LABEL_DISTANCE) / step) * step; at <= end; at += step) {
    ticks.push({ x: Math.round(from + (at - start) / perPixel), label: label(at) });
  }
  return ticks;
}

/** The smallest 1, 2 or 5 times a power of ten that is at least `minimum`. */
function roundStep(minimum: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, minimum)));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= minimum) ?? power);
}

import { ChevronDown, ChevronUp } from 'lucide-react';
import { memo, useLayoutEffect, useRef } from 'react';
import type { TimelineLane, TimelineView } from '../../../core/contract/timeline.ts';
import { useSettings } from '../../state/context.ts';
import { plural } from '../../widgets/format.ts';
import { drawLanes, LANE } from './draw-lanes.ts';
import { laneName } from './lane-names.tsx';
import type { Scale } from './scale.ts';

/** The most active lanes out of view that are pinned to one edge; the others are counted. */
const MAX_PINNED = 2;

/** The active lanes that are out of view, or below those that are pinned, and which of them are pinned to which edge. */
export interface Pinned {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

/** @param active in ascending order. @param inView the first and the last lane in view. */
export function pinnedLanes(active: readonly number[], { first, last }: { readonly first: number; readonly last: number }): Pinned {
  let [above, below]: [readonly number[], readonly number[]] = [[], []];
  // What is pinned covers lanes, which may be active, too.
  for (let covered = 0; covered <= MAX_PINNED; covered++) {
    above = active.filter((lane) => lane < first + covered);
    if (above.length <= covered) break;
  }
  for (let covered = 0; covered <= MAX_PINNED; covered++) {
    below = active.filter((lane) => lane > last - covered && !above.includes(lane));
    if (below.length <= covered) break;
  }
  return { above, below };
}

/** Those that are drawn: the nearest ones. */
export function drawnLanes({ above, below }: Pinned): number[] {
  return [...above.slice(-MAX_PINNED), ...below.slice(0, MAX_PINNED)];
}

interface PinnedLanesProps {
  readonly side: keyof Pinned;
  /** The lanes of this side. */
  readonly active: readonly number[];
  /** Lanes by their numbers, as far as they are known. */
  readonly known: ReadonlyMap<number, TimelineLane>;
  readonly detail: TimelineView;
  readonly scale: Scale;
  /** The categories that are not dimmed, separated by spaces; all of them when there is none. */
  readonly chosen: string;
  readonly onReveal: (lane: number) => void;
}

/** Active lanes that are out of view, at the edge behind which they are, so that what runs at the cursor is always in sight. */
export function PinnedLanes({ side, active, known, detail, scale, chosen, onReveal }: PinnedLanesProps) {
  const drawn = side === 'above' ? active.slice(-MAX_PINNED) : active.slice(0, MAX_PINNED);
  const more = active.length - drawn.length;
  const lanes = drawn.flatMap((number) => {
    const lane = known.get(number);
    return lane === undefined ? [] : [{ number, lane }];
  });
  if (active.length === 0) return null;
  const Arrow = side === 'above' ? ChevronUp : ChevronDown;
  const farthest = (side === 'above' ? active[0] : active.at(-1)) ?? 0;
  return (
    <div className={`pinned-lanes ${side}`} role="group" aria-label={`Active lanes ${side}`} style={{ height: lanes.length * LANE }}>
      {lanes.map(({ number, lane }, i) => (
        <button
          key={number}
          type="button"
          className="lane-name active"
          style={{ top: i * LANE }}
          title={`${laneName(lane)} is active, ${side}. Click to scroll to its lane.`}
          onClick={() => onReveal(number)}
        >
          <Arrow size={10} aria-hidden="true" />
          <bdi>{laneName(lane)}</bdi>
        </button>
      ))}
      <PinnedCanvas lanes={lanes.map(({ lane }) => lane)} detail={detail} scale={scale} chosen={chosen} />
      {more > 0 && (
        <button type="button" className="lanes-elsewhere" aria-label={`${plural(more, 'more active lane')} ${side}`} onClick={() => onReveal(farthest)}>
          <Arrow size={11} aria-hidden="true" /> {more} more
        </button>
      )}
    </div>
  );
}

interface PinnedCanvasProps {
  readonly lanes: readonly TimelineLane[];
  readonly detail: TimelineView;
  readonly scale: Scale;
  readonly chosen: string;
}

const PinnedCanvas = memo(
  function PinnedCanvas({ lanes, detail, scale, chosen }: PinnedCanvasProps) {
    const canvas = useRef<HTMLCanvasElement>(null);
    const dark = useSettings((settings) => settings.dark);
    // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
    useLayoutEffect(() => {
      if (canvas.current !== null) drawLanes(canvas.current, { ...detail, lanes }, scale, chosen === '' ? [] : chosen.split(' '));
    }, [lanes, detail, scale, dark, chosen]);
    return <canvas ref={canvas} aria-hidden="true" />;
  },
  (before, after) =>
    before.detail === after.detail &&
    before.scale === after.scale &&
    before.chosen === after.chosen &&
    before.lanes.length === after.lanes.length &&
    before.lanes.every((lane, i) => lane === after.lanes[i]),
);

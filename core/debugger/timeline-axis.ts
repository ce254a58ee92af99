import type { TimeAxis, TimelinePause } from '../contract/timeline.ts';
import { countUpTo } from '../replay/column.ts';
import type { History } from '../replay/history.ts';
import type { Steps } from '../replay/steps.ts';
import type { TimelineAxis } from '../vocabulary.ts';

/** A shorter pause is not worth a label, in milliseconds. */
const SHORTEST_PAUSE = 1000;
/** A pause takes this many times as long as a usual step of the log. */
const TIMES_USUAL = 20;
/** The columns that a folded pause takes, and those that its label needs in any case. */
const FOLD = 28;
const COLUMNS_PER_PAUSE = 64;
/** The number of positions that are searched for pauses between two yields. */
const PAUSE_STEP = 64 * 1024;
const MAX_JUMPS = 50;

/** The part of a log that a timeline shows. */
export interface AxisPart {
  /** The first and the last sequence. */
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  readonly axis: TimelineAxis;
}

/** The places of events in the columns of a timeline. */
export interface ColumnAxis {
  /** Column c covers positions edges[c] to edges[c + 1] - 1. */
  readonly edges: Uint32Array;
  readonly pauses: readonly TimelinePause[];
  readonly jumps: readonly { readonly at: number; readonly milliseconds: number }[];
  readonly time: TimeAxis | null;
}

export function* columnAxis(history: History, { from, to, columns, axis }: AxisPart): Steps<ColumnAxis> {
  const [first, last] = [history.positionAt(from - 1) + 1, history.positionAt(to)];
  const jumps = history.clock.jumps(first + 1, last, SHORTEST_PAUSE, MAX_JUMPS);
  const paused = yield* pausesIn(history, first, last, Math.max(1, Math.floor(columns / COLUMNS_PER_PAUSE)));
  const shared = {
    pauses: paused.map((position) => ({
      after: history.sequenceOf(position - 1),
      before: history.sequenceOf(position),
      milliseconds: history.clock.stepTo(position),
    })),
    jumps: jumps.map(({ position, milliseconds }) => ({ at: history.sequenceOf(position), milliseconds })),
  };
  if (axis === 'sequence' || last < first) return { ...shared, edges: edgesBySequence(history, from, to, columns), time: null };
  const placeOf = placesByTime(history, first, last, columns, paused);
  const edges = edgesByPlace(placeOf, first, last, columns);
  const breaks = [...paused, ...jumps.map(({ position }) => position)].sort((a, b) => a - b);
  const spans = [first, ...breaks].map((start, i) => {
    const end = (breaks[i] ?? last + 1) - 1;
    // Behind the last jump that was looked for there may be others, across which times cannot be interpolated.
    const isKnown = jumps.length < MAX_JUMPS || end < (jumps.at(-1)?.position ?? 0);
    const time = (position: number, step: 1 | -1, last: number): number => (isKnown ? nearestTime(history, position, step, last) : Number.NaN);
    return { from: placeOf(start), to: placeOf(end), start: time(start, 1, end), end: time(end, -1, start) };
  });
  const sequences = Float64Array.from(edges, (position) => (position <= last ? history.sequenceOf(position) : to + 1));
  return { ...shared, edges, time: { edges: sequences, spans } };
}

/** The time of the first event from `position` on, in a direction and not beyond `end`, whose time can be read; NaN if there is none. */
function nearestTime(history: History, position: number, step: 1 | -1, end: number): number {
  for (let at = position; at !== end + step; at += step) if (Number.isFinite(history.timeOf(at))) return history.timeOf(at);
  return Number.NaN;
}

/** The events before which nothing happened for much longer than is usual in the log: the longest ones. */
function* pausesIn(history: History, first: number, last: number, most: number): Steps<number[]> {
  const { clock } = history;
  let minimum = Math.max(SHORTEST_PAUSE, TIMES_USUAL * clock.usualStep());
  let found: number[] = [];
  const longest = (positions: readonly number[]): number[] => [...positions].sort((a, b) => clock.stepTo(b) - clock.stepTo(a)).slice(0, most);
  for (let from = first + 1; from <= last; from += PAUSE_STEP) {
    if (from > first + 1) yield;
    found.push(...clock.pauses(from, Math.min(last, from + PAUSE_STEP - 1), minimum));
    if (found.length > 64 * most) {
      found = longest(found);
      minimum = clock.stepTo(found.at(-1) as number);
    }
  }
  return longest(found).sort((a, b) => a - b);
}

function edgesBySequence(history: History, from: number, to: number, columns: number): Uint32Array {
  const span = Math.max(1, to - from + 1);
  return Uint32Array.from({ length: columns + 1 }, (_, column) => history.positionAt(from + Math.ceil((column * span) / columns) - 1) + 1);
}

/** The place of a position in columns, proportional to the time without the folded pauses. */
function placesByTime({ clock }: History, first: number, last: number, columns: number, folded: readonly number[]): (position: number) => number {
  const foldedBefore = [0];
  for (const position of folded) foldedBefore.push((foldedBefore.at(-1) as number) + clock.stepTo(position));
  const start = clock.at(first);
  const total = clock.at(last) - start - (foldedBefore.at(-1) as number);
  // The last event is in the last column.
  const scale = Math.max(0, columns - 1 - folded.length * FOLD) / Math.max(total, 1);
  return (position) => {
    const folds = countUpTo(folded, position);
    return (clock.at(position) - start - (foldedBefore[folds] as number)) * scale + folds * FOLD;
  };
}

function edgesByPlace(placeOf: (position: number) => number, first: number, last: number, columns: number): Uint32Array {
  const edges = new Uint32Array(columns + 1).fill(last + 1);
  edges[0] = first;
  for (let column = 1; column < columns; column++) {
    const previous = edges[column - 1] as number;
    let [low, step] = [previous, 1];
    while (low + step <= last && placeOf(low + step) < column) {
      low += step;
      step *= 2;
    }
    let high = Math.min(last + 1, low + step);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (middle <= last && placeOf(middle) < column) low = middle + 1;
      else high = middle;
    }
    edges[column] = low;
  }
  return edges;
}

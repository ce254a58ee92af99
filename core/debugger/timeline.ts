import type { SnapshotFlag, TimelineLane, TimelineView } from '../contract/timeline.ts';
import { CATEGORIES } from '../jamjet/kinds.ts';
import { countUpTo } from '../replay/column.ts';
import type { History } from '../replay/history.ts';
import type { Steps } from '../replay/steps.ts';
import type { OpenExecution } from './open-execution.ts';
import { type AxisPart, columnAxis } from './timeline-axis.ts';

/** A lane with more events per column than this is computed by columns. */
const MAX_EVENTS_PER_COLUMN = 2;
/** The columns of a flag, and of one with a count, which also keeps a distance. */
const FLAG_WIDTH = 14;
const COUNTED_FLAG_WIDTH = 56;
/** The number of snapshots between two yields. */
const FLAGS_PER_STEP = 2000;

/** The part of a timeline that is on screen; a column is a pixel. */
interface TimelinePart extends AxisPart {
  /** The lanes in view. Only these are computed. */
  readonly lanes: { readonly from: number; readonly count: number };
}

/**
 * A part of the timeline, binned to the columns that it has on screen: the sums of all columns, then the lanes, then the
 * flags. The history may grow between two steps: new events are left out, or `complete` is false.
 */
export function* timelineView(execution: OpenExecution, part: TimelinePart): Steps<TimelineView> {
  const { history } = execution;
  const { from, to, columns, lanes: window } = part;
  const complete = execution.isIndexedTo(to);
  const { edges, ...axis } = yield* columnAxis(history, part);
  const sums = columnSums(history, edges);
  const lanes: TimelineLane[] = [];
  const nodes = history.nodeNames.length;
  for (let node = window.from; node < Math.min(nodes, window.from + window.count); node++) {
    yield;
    lanes.push(laneOf(history, node, edges));
  }
  return {
    from,
    to,
    categories: CATEGORIES,
    ...sums,
    ...axis,
    columns,
    lanes,
    firstLane: window.from,
    nodes,
    flags: yield* flags(execution, from, to, edges),
    gaps: gaps(history, from, to, columns),
    complete,
  };
}

/** How many of these positions, which ascend, are in each column. */
export function* matchesByColumn(history: History, part: AxisPart, positions: Uint32Array): Steps<Uint32Array> {
  const { edges } = yield* columnAxis(history, part);
  return new Uint32Array(part.columns).map((_, i) => countBefore(positions, edges[i + 1] as number) - countBefore(positions, edges[i] as number));
}

function countBefore(positions: Uint32Array, end: number): number {
  return countUpTo(positions, end - 1);
}

function columnSums(history: History, edges: Uint32Array): Pick<TimelineView, 'counts' | 'bytes'> {
  const columns = edges.length - 1;
  const counts = new Uint32Array(columns * CATEGORIES.length);
  const bytes = new Float64Array(columns);
  let [before, upTo] = [new Float64Array(CATEGORIES.length), new Float64Array(CATEGORIES.length)];
  let bytesBefore = history.totalsBefore(edges[0] as number, before);
  for (let column = 0; column < columns; column++) {
    const bytesUpTo = history.totalsBefore(edges[column + 1] as number, upTo);
    bytes[column] = bytesUpTo - bytesBefore;
    for (let i = 0; i < CATEGORIES.length; i++) counts[column * CATEGORIES.length + i] = (upTo[i] as number) - (before[i] as number);
    [before, upTo, bytesBefore] = [upTo, before, bytesUpTo];
  }
  return { counts, bytes };
}

function laneOf(history: History, node: number, edges: Uint32Array): TimelineLane {
  const columns = edges.length - 1;
  const [first, last] = [edges[0] as number, (edges[columns] as number) - 1];
  const lane = {
    node: history.nodeNames[node] as string,
    waits: history.nodes.waits(node, edges).map(({ start, end, waitsFor }) => ({ from: history.sequenceOf(start), to: history.sequenceOf(end), waitsFor })),
  };
  // With many events per column, visiting the columns is cheaper than visiting the events.
  if (history.nodes.countIn(node, first, last) > MAX_EVENTS_PER_COLUMN * columns)
    return { ...lane, stretches: [], shares: history.nodes.shares(node, edges) ?? null };
  const merged: TimelineLane['stretches'][number][] = [];
  let lastColumn = -1;
  for (const { start, end, outcome } of history.nodes.stretches(node, first, last)) {
    const from = history.sequenceOf(start);
    const to = history.sequenceOf(end);
    const last = merged.at(-1);
    // Only stretches with the same outcome are merged, when they share a column, so a failure stays visible.
    if (last !== undefined && last.outcome === outcome && columnOf(edges, start) === lastColumn) merged[merged.length - 1] = { ...last, to };
    else merged.push({ from, to, outcome });
    lastColumn = columnOf(edges, end);
  }
  return { ...lane, stretches: merged, shares: null };
}

/** The column of a position. */
function columnOf(edges: Uint32Array, position: number): number {
  return countUpTo(edges, position) - 1;
}

/** When there are more gaps than columns, one for each column: from the first missing sequence in it to the last. */
function gaps({ gaps }: History, from: number, to: number, columns: number): TimelineView['gaps'] {
  if (gaps.countIn(from, to) <= columns) return gaps.in(from, to);
  const start = (column: number): number => from + Math.ceil((column * (to - from + 1)) / columns);
  return Array.from({ length: columns }, (_, column) => gaps.hullIn(start(column), start(column + 1) - 1)).filter((gap) => gap !== undefined);
}

/** Snapshots that are too close to be drawn separately share a flag, which shows the worst of them. */
function* flags(execution: OpenExecution, from: number, to: number, edges: Uint32Array): Steps<SnapshotFlag[]> {
  const found: SnapshotFlag[] = [];
  let lastColumn = Number.NEGATIVE_INFINITY;
  for (const [index, header] of execution.snapshots.entries()) {
    if (index % FLAGS_PER_STEP === 0) yield;
    if (header.atSequence < from || header.atSequence > to) continue;
    const flag: SnapshotFlag = { ...header, verdict: execution.verdictOf(header.atSequence), more: 0 };
    const column = columnOf(edges, execution.history.positionAt(header.atSequence));
    const last = found.at(-1);
    if (last === undefined || column - lastColumn >= (last.more > 0 ? COUNTED_FLAG_WIDTH : FLAG_WIDTH)) {
      found.push(flag);
      lastColumn = column;
    } else {
      const worse = flag.verdict === 'differs' || flag.verdict === 'unreadable';
      found[found.length - 1] = { ...(worse ? flag : last), more: last.more + 1 };
    }
  }
  return found;
}

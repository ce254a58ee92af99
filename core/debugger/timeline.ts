import type { NumberedLane, SnapshotFlag, TimelineLane, TimelineView } from '../contract/timeline.ts';
import { CATEGORIES } from '../jamjet/kinds.ts';
import { countUpTo } from '../replay/column.ts';
import type { History } from '../replay/history.ts';
import type { LaneShares, Stretch } from '../replay/node-posting.ts';
import type { Steps } from '../replay/steps.ts';
import { NodeLanes } from './node-lanes.ts';
import type { OpenExecution } from './open-execution.ts';
import { type AxisPart, columnAxis } from './timeline-axis.ts';

/** A lane with more events per column than this is computed by columns. */
const MAX_EVENTS_PER_COLUMN = 2;
/** How many nodes of a lane are looked at between two yields, and how many of their events and columns. */
const NODES_PER_STEP = 256;
const WORK_PER_STEP = 8192;
const ENDED = ['completed', 'failed', 'stopped'] as const;
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
export function* timelineView(execution: OpenExecution, part: TimelinePart, nodeLanes = new NodeLanes(execution.history, false)): Steps<TimelineView> {
  const { history } = execution;
  const { from, to, columns, lanes: window } = part;
  const complete = execution.isIndexedTo(to);
  const { edges, ...axis } = yield* columnAxis(history, part);
  const sums = columnSums(history, edges);
  const laneCount = nodeLanes.count;
  const shown = Array.from({ length: Math.max(0, Math.min(laneCount - window.from, window.count)) }, (_, i) => window.from + i);
  const lanes = yield* lanesIn(history, nodeLanes, shown, edges);
  return {
    from,
    to,
    categories: CATEGORIES,
    ...sums,
    ...axis,
    columns,
    lanes,
    firstLane: window.from,
    laneCount,
    flags: yield* flags(execution, from, to, edges),
    gaps: gaps(history, from, to, columns),
    complete,
  };
}

/** Some lanes, in columns. */
export function* timelineLanes({ history }: OpenExecution, part: AxisPart, lanes: readonly number[], nodeLanes: NodeLanes): Steps<NumberedLane[]> {
  const { edges } = yield* columnAxis(history, part);
  return yield* lanesIn(history, nodeLanes, lanes, edges);
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

function* lanesIn(history: History, nodeLanes: NodeLanes, lanes: readonly number[], edges: Uint32Array): Steps<NumberedLane[]> {
  const found: NumberedLane[] = [];
  for (const lane of lanes) {
    yield;
    found.push({ lane, ...nodeLanes.labelOf(lane), ...(yield* workIn(history, nodeLanes.nodesOf(lane), edges)) });
  }
  return found;
}

/** The work of nodes that share a lane. */
function* workIn(history: History, nodes: readonly number[], edges: Uint32Array): Steps<Omit<TimelineLane, 'name' | 'turns'>> {
  const columns = edges.length - 1;
  const [first, last] = [edges[0] as number, (edges[columns] as number) - 1];
  const waits: TimelineLane['waits'][number][] = [];
  let events = 0;
  for (const [i, node] of nodes.entries()) {
    if (i % NODES_PER_STEP === NODES_PER_STEP - 1) yield;
    events += history.nodes.countIn(node, first, last);
    for (const { start, end, waitsFor } of history.nodes.waits(node, edges))
      waits.push({ from: history.sequenceOf(start), to: history.sequenceOf(end), waitsFor });
  }
  // With many events per column, visiting the columns is cheaper than visiting the events.
  if (events > MAX_EVENTS_PER_COLUMN * columns) return { waits, stretches: [], shares: yield* sharesIn(history, nodes, edges) };
  const stretches: Stretch[] = [];
  for (const [i, node] of nodes.entries()) {
    if (i % NODES_PER_STEP === NODES_PER_STEP - 1) yield;
    stretches.push(...history.nodes.stretches(node, first, last));
  }
  stretches.sort((a, b) => a.start - b.start);
  const merged: TimelineLane['stretches'][number][] = [];
  let lastColumn = -1;
  for (const { start, end, outcome } of stretches) {
    const from = history.sequenceOf(start);
    const to = history.sequenceOf(end);
    const before = merged.at(-1);
    // Only stretches with the same outcome are merged, when they share a column, so a failure stays visible.
    if (before !== undefined && before.outcome === outcome && columnOf(edges, start) === lastColumn)
      merged[merged.length - 1] = { ...before, to: Math.max(before.to, to) };
    else merged.push({ from, to, outcome });
    lastColumn = columnOf(edges, end);
  }
  return { waits, stretches: merged, shares: null };
}

/** The work of all nodes in each column: that of nodes with many events by columns, that of the others by their events. */
function* sharesIn(history: History, nodes: readonly number[], edges: Uint32Array): Steps<LaneShares> {
  const columns = edges.length - 1;
  const [first, last] = [edges[0] as number, (edges[columns] as number) - 1];
  const sum: LaneShares = {
    completed: new Uint32Array(columns),
    failed: new Uint32Array(columns),
    stopped: new Uint32Array(columns),
    busy: new Uint8Array(columns),
  };
  /** How many more stretches begin in a column than end before it. */
  const begun = new Int32Array(columns + 1);
  let work = 0;
  for (const node of nodes) {
    const events = history.nodes.countIn(node, first, last);
    const byColumns = events > MAX_EVENTS_PER_COLUMN * columns;
    work += byColumns ? columns : events + 1;
    if (work > WORK_PER_STEP) {
      work = 0;
      yield;
    }
    if (byColumns) addShares(sum, history.nodes.shares(node, edges));
    else {
      for (const { start, end, outcome } of history.nodes.stretches(node, first, last)) {
        const until = Math.min(end, last);
        add(begun, columnOf(edges, Math.max(start, first)), 1);
        add(begun, columnOf(edges, until) + 1, -1);
        if (outcome !== 'open' && end <= last) add(sum[outcome], columnOf(edges, end), 1);
      }
    }
  }
  for (let column = 0, open = 0; column < columns; column++) {
    open += begun[column] as number;
    if (open > 0) sum.busy[column] = 1;
  }
  return sum;
}

function add(counts: Uint32Array | Int32Array, column: number, by: number): void {
  counts[column] = (counts[column] as number) + by;
}

function addShares(sum: LaneShares, added: LaneShares | undefined): void {
  if (added === undefined) return;
  for (let column = 0; column < sum.busy.length; column++) {
    for (const outcome of ENDED) add(sum[outcome], column, added[outcome][column] as number);
    if (added.busy[column] === 1) sum.busy[column] = 1;
  }
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

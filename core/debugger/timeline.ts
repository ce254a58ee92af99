import type { SnapshotFlag, TimelineLane, TimelineView } from '../contract/timeline.ts';
import { CATEGORIES } from '../jamjet/kinds.ts';
import type { History } from '../replay/history.ts';
import type { Steps } from '../replay/steps.ts';
import type { OpenExecution } from './open-execution.ts';

/** A lane with more events per column than this is computed by columns. */
const MAX_EVENTS_PER_COLUMN = 2;
/** The number of snapshots between two yields. */
const FLAGS_PER_STEP = 2000;

/** The part of a timeline that is on screen. */
export interface TimelinePart {
  /** The first and the last sequence. */
  readonly from: number;
  readonly to: number;
  /** The width on screen, in pixels. */
  readonly columns: number;
  /** The lanes in view. Only these are computed. */
  readonly lanes: { readonly from: number; readonly count: number };
}

/**
 * A part of the timeline, binned to the columns that it has on screen: the sums of all columns, then the lanes, then the
 * flags. The history may grow between two steps: new events are left out, or `complete` is false.
 */
export function* timelineView(execution: OpenExecution, { from, to, columns, lanes: window }: TimelinePart): Steps<TimelineView> {
  const { history } = execution;
  const complete = execution.isIndexedTo(to);
  const span = Math.max(1, to - from + 1);
  const columnOf = (sequence: number): number => Math.min(columns - 1, Math.floor(((sequence - from) / span) * columns));
  const [first, last] = [history.positionAt(from - 1) + 1, history.positionAt(to)];
  const edges = Uint32Array.from({ length: columns + 1 }, (_, column) => history.positionAt(from + Math.ceil((column * span) / columns) - 1) + 1);
  const sums = columnSums(history, edges);
  const lanes: TimelineLane[] = [];
  const nodes = history.nodeNames.length;
  for (let node = window.from; node < Math.min(nodes, window.from + window.count); node++) {
    yield;
    lanes.push(laneOf(history, node, first, last, edges));
  }
  return {
    from,
    to,
    categories: CATEGORIES,
    ...sums,
    columns,
    lanes,
    firstLane: window.from,
    nodes,
    flags: yield* flags(execution, from, to, columnOf),
    gaps: gaps(history, from, to, columns),
    complete,
  };
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

function laneOf(history: History, node: number, first: number, last: number, edges: Uint32Array): TimelineLane {
  const columns = edges.length - 1;
  const name = history.nodeNames[node] as string;
  // With many events per column, visiting the columns is cheaper than visiting the events.
  if (history.nodes.countIn(node, first, last) > MAX_EVENTS_PER_COLUMN * columns) return { node: name, stretches: columnStretches(history, node, edges) };
  const narrow = (last - first + 1) / columns;
  const merged: TimelineLane['stretches'][number][] = [];
  for (const { start, end, outcome } of history.nodes.stretches(node, first, last)) {
    const from = history.sequenceOf(start);
    const to = history.sequenceOf(end);
    const last = merged.at(-1);
    // Stretches with the same outcome that are closer than half a column are merged, so a failure stays visible.
    if (last !== undefined && last.outcome === outcome && from - last.to < narrow / 2) merged[merged.length - 1] = { ...last, to };
    else merged.push({ from, to, outcome });
  }
  return { node: name, stretches: merged };
}

function columnStretches(history: History, node: number, edges: Uint32Array): TimelineLane['stretches'] {
  const merged: TimelineLane['stretches'][number][] = [];
  for (const [column, outcome] of history.nodes.outcomes(node, edges).entries()) {
    const [first, end] = [edges[column] as number, edges[column + 1] as number];
    if (outcome === undefined || end <= first) continue;
    const [from, to] = [history.sequenceOf(first), history.sequenceOf(end - 1)];
    const last = merged.at(-1);
    if (last?.outcome === outcome && column > 0 && last.to === history.sequenceOf(first - 1)) merged[merged.length - 1] = { ...last, to };
    else merged.push({ from, to, outcome });
  }
  return merged;
}

/** When there are more gaps than columns, one for each column: from the first missing sequence in it to the last. */
function gaps({ gaps }: History, from: number, to: number, columns: number): TimelineView['gaps'] {
  if (gaps.countIn(from, to) <= columns) return gaps.in(from, to);
  const start = (column: number): number => from + Math.ceil((column * (to - from + 1)) / columns);
  return Array.from({ length: columns }, (_, column) => gaps.hullIn(start(column), start(column + 1) - 1)).filter((gap) => gap !== undefined);
}

/** Snapshots that are too close to be drawn separately share a flag, which shows the worst of them. */
function* flags(execution: OpenExecution, from: number, to: number, columnOf: (sequence: number) => number): Steps<SnapshotFlag[]> {
  const WIDTH = 12;
  const found: SnapshotFlag[] = [];
  let lastColumn = Number.NEGATIVE_INFINITY;
  for (const [index, header] of execution.snapshots.entries()) {
    if (index % FLAGS_PER_STEP === 0) yield;
    if (header.atSequence < from || header.atSequence > to) continue;
    const flag: SnapshotFlag = { ...header, verdict: execution.verdictOf(header.atSequence), more: 0 };
    const column = columnOf(header.atSequence);
    const last = found.at(-1);
    if (last === undefined || column - lastColumn >= WIDTH) {
      found.push(flag);
      lastColumn = column;
    } else {
      const worse = flag.verdict === 'differs' || flag.verdict === 'unreadable';
      found[found.length - 1] = { ...(worse ? flag : last), more: last.more + 1 };
    }
  }
  return found;
}

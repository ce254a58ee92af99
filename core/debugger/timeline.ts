import { CATEGORIES } from '../jamjet/kinds.ts';
import type { History } from '../replay/history.ts';
import type { SnapshotFlag, TimelineLane, TimelineView } from '../replies.ts';
import { verdictOf } from './events-page.ts';
import type { OpenExecution } from './execution.ts';

/** More lanes than this are not drawn; more stretches than columns cannot be seen. */
const MOST_LANES = 200;
/** With more happenings than this for each column a lane is drawn column by column. */
const MANY = 2;

/** What a stretch of the timeline shows, binned to the columns that it has on screen. */
export function timelineView(execution: OpenExecution, from: number, to: number, columns: number): TimelineView {
  const { history } = execution;
  const span = Math.max(1, to - from + 1);
  const columnOf = (sequence: number): number => Math.min(columns - 1, Math.floor(((sequence - from) / span) * columns));
  const firstRow = history.rowAt(from - 1) + 1;
  const lastRow = history.rowAt(to);
  const edges = Uint32Array.from({ length: columns + 1 }, (_, column) => history.rowAt(from + Math.ceil((column * span) / columns) - 1) + 1);
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
  return {
    from,
    to,
    categories: CATEGORIES,
    counts,
    bytes,
    columns,
    lanes: lanes(history, firstRow, lastRow, edges),
    nodes: history.nodeNames.length,
    flags: flags(execution, from, to, columnOf),
    gaps: history.findings.flatMap((finding) =>
      finding.kind === 'gap' && finding.sequence <= to && (finding.until ?? 0) >= from ? [[finding.sequence, finding.until ?? finding.sequence] as const] : [],
    ),
    complete: execution.reaches(to),
  };
}

/** One for each node, also for those that have nothing here: lanes that come and go would move everything below. */
function lanes(history: History, firstRow: number, lastRow: number, edges: Uint32Array): TimelineLane[] {
  const columns = edges.length - 1;
  const narrow = (lastRow - firstRow + 1) / columns;
  return history.nodeNames.slice(0, MOST_LANES).map((node, number) => {
    // Where much happens in each column, columns are looked at, not what happened.
    if (history.nodes.countIn(number, firstRow, lastRow) > MANY * columns) return { node, stretches: columnStretches(history, number, edges) };
    const merged: TimelineLane['stretches'][number][] = [];
    for (const { start, end, outcome } of history.nodes.stretches(number, firstRow, lastRow)) {
      const from = history.sequenceOf(start);
      const to = history.sequenceOf(end);
      const last = merged.at(-1);
      // Stretches closer than half a column are one to the eye; a failure stays visible.
      if (last !== undefined && last.outcome === outcome && from - last.to < narrow / 2) merged[merged.length - 1] = { ...last, to };
      else merged.push({ from, to, outcome });
    }
    return { node, stretches: merged };
  });
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

/** Of snapshots too close to be drawn apart the one that matters most stands for all. */
function flags(execution: OpenExecution, from: number, to: number, columnOf: (sequence: number) => number): SnapshotFlag[] {
  const WIDTH = 12;
  const found: SnapshotFlag[] = [];
  let lastColumn = Number.NEGATIVE_INFINITY;
  for (const header of execution.snapshots) {
    if (header.atSequence < from || header.atSequence > to) continue;
    const flag: SnapshotFlag = { ...header, verdict: verdictOf(execution, header.atSequence), more: 0 };
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

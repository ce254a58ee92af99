import type { Params } from '../contract.ts';
import { readEvent } from '../jamjet/event.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { readJson } from '../json/read.ts';
import { compareKeys, isArray, isObject, type Json } from '../json/value.ts';
import { diffJson } from '../replay/diff.ts';
import { applyEvent, type Materialized } from '../replay/fold.ts';
import { readByRuntime } from '../replay/recovery.ts';
import type { ChangeCounts, EventDetail, Frame, RecoverySummary, TreeRows } from '../replies.ts';
import { eventDetail } from './event-detail.ts';
import { verdictOf } from './events-page.ts';
import type { OpenExecution, Reading } from './execution.ts';
import { incompleteAt } from './moment.ts';
import { treeRows } from './state-tree.ts';

/** Before the index is there, a moment is made from a stored snapshot that is no further away than this. */
const MOST_TAIL = 2000;
const MOST_COUNTED_CHANGES = 2000;

/** Everything about one moment that is on screen. */
export async function frameAt(execution: OpenExecution, { sequence: wanted, tree }: Params<'frame.at'>): Promise<Frame> {
  const started = performance.now();
  const { history } = execution;
  const lastSequence = Math.max(execution.lastSequence, history.lastSequence);
  const sequence = Math.min(wanted, lastSequence);
  const around = await execution.source.snapshotsAround(execution.id, sequence);
  const common = {
    execution: execution.id,
    sequence,
    lastSequence,
    indexed: history.lastSequence,
    previousSnapshot: around.previous ?? null,
    nextSnapshot: around.next ?? null,
    findings: history.findingCount + (execution.badSequences > 0 ? 1 : 0),
    badSequences: execution.badSequences,
  };
  const rest = execution.standsAt(sequence) ? await indexedFrame(execution, sequence, tree, around.base) : await provisionalFrame(execution, sequence, tree);
  return { ...common, ...rest, milliseconds: performance.now() - started };
}

type Rest = Omit<
  Frame,
  'execution' | 'sequence' | 'lastSequence' | 'indexed' | 'previousSnapshot' | 'nextSnapshot' | 'findings' | 'badSequences' | 'milliseconds'
>;

async function indexedFrame(execution: OpenExecution, sequence: number, tree: Params<'frame.at'>['tree'], base: number | undefined): Promise<Rest> {
  const { history } = execution;
  const { row, before: rowBefore } = history.placeOf(sequence);
  const before = history.stateAt(rowBefore);
  const state = history.stateAt(row);
  const previousTime = row > 0 ? history.timeOf(row - 1) : Number.NaN;
  return {
    fromSnapshot: null,
    waiting: false,
    status: history.status.at(row),
    statusBefore: history.status.at(rowBefore),
    active: history.activeAt(row),
    completed: history.completedAt(row).size,
    incompleteFrom: incompleteAt(execution, sequence) ?? null,
    recovery: await recoverySummary(execution, base, sequence, row, state),
    given: execution.givenDifferences.count(history.givenAt(row), state),
    changes: countChanges(before, state),
    tree: await readingRows(execution, sequence, tree, state, before),
    event: rowBefore < row ? await detailAt(execution, sequence, row, history.timeOf(row) - previousTime) : null,
    row,
  };
}

async function readingRows(execution: OpenExecution, sequence: number, tree: Params<'frame.at'>['tree'], state: Json, before: Json): Promise<TreeRows> {
  if (tree.reading === 'replay') return treeRows(state, before, tree);
  if (tree.reading === 'given') return treeRows(execution.history.givenAt(execution.history.rowAt(sequence)), state, tree);
  const recovered = await execution.recoverAt(sequence);
  return treeRows(recovered.currentState, readByRuntime(state), tree);
}

async function detailAt(execution: OpenExecution, sequence: number, row: number, sincePrevious: number): Promise<EventDetail | null> {
  const stored = await execution.source.payload(execution.id, sequence);
  return stored === undefined ? null : eventDetail(stored, execution.history, row, Number.isFinite(sincePrevious) ? sincePrevious : null);
}

function countChanges(before: Json, after: Json): ChangeCounts {
  const { changes, more } = diffJson(before, after, MOST_COUNTED_CHANGES);
  const count = (op: string): number => changes.reduce((sum, change) => sum + (change.op === op ? 1 : 0), 0);
  return { added: count('add'), changed: count('replace'), removed: count('remove'), more };
}

/** What a restart would do here, and in what its result would differ from replay. */
async function recoverySummary(execution: OpenExecution, base: number | undefined, sequence: number, row: number, state: Json): Promise<RecoverySummary> {
  const { history } = execution;
  if (base === undefined) return { base: null, verdict: 'unchecked', replays: row + 1, differences: [] };
  const baseRow = history.rowAt(base);
  await execution.checkSnapshot(base);
  const verdict = verdictOf(execution, base);
  const differences: string[] = [];
  if (verdict === 'unreadable') {
    differences.push('the snapshot cannot be read, and the runtime would refuse the execution');
  } else if (verdict === 'differs' || !(await hasAllFields(execution, base))) {
    const recovered = await execution.recoverAt(sequence);
    const paths = diffJson(readByRuntime(state), recovered.currentState, 1000).changes.length;
    if (paths > 0) differences.push(`the state differs in ${paths} ${paths === 1 ? 'path' : 'paths'}`);
    if (recovered.status !== history.status.at(row)) differences.push(`status ${recovered.status}, not ${history.status.at(row)}`);
    const completed = new Set([...recovered.baseNodes.keys(), ...recovered.completedRows.keys()]).size;
    const replayed = history.completedAt(row).size;
    if (completed !== replayed) differences.push(`${completed} completed ${completed === 1 ? 'node' : 'nodes'}, not ${replayed}`);
    if (recovered.activeNodes.join() !== history.activeAt(row).join()) differences.push(`active: ${recovered.activeNodes.join(', ') || 'none'}`);
  }
  return { base, verdict, replays: Math.max(0, row - baseRow), differences };
}

/** Snapshots of generation 3 hold the state alone. */
async function hasAllFields(execution: OpenExecution, atSequence: number): Promise<boolean> {
  const snapshot = await execution.source.snapshot(execution.id, atSequence);
  return snapshot?.materialized !== undefined;
}

/** Painted before the index is there: the nearest snapshot and the events after it. It says so. */
async function provisionalFrame(execution: OpenExecution, sequence: number, tree: Params<'frame.at'>['tree']): Promise<Rest> {
  const made = await fromSnapshot(execution, sequence);
  const stored = await execution.source.payload(execution.id, sequence);
  const detail = stored === undefined ? null : eventDetail(stored, execution.history, -1, made?.sincePrevious ?? null);
  const unknown = { base: made?.base ?? null, verdict: 'unchecked', replays: made?.replays ?? 0, differences: null } as const;
  const common = {
    incompleteFrom: null,
    given: null,
    recovery: unknown,
    event: detail,
    row: execution.reaches(sequence) ? execution.history.rowAt(sequence) : sequence - 1,
  };
  if (made === undefined) {
    return {
      ...common,
      fromSnapshot: null,
      waiting: true,
      status: execution.row.status,
      statusBefore: execution.row.status,
      active: [],
      completed: 0,
      changes: { added: 0, changed: 0, removed: 0, more: false },
      tree: { from: 0, total: 0, rows: [], firstChange: -1 },
    };
  }
  const { before, after } = made;
  return {
    ...common,
    fromSnapshot: made.base,
    waiting: false,
    status: after.status,
    statusBefore: before.status,
    active: [...after.activeNodes].sort(compareKeys),
    completed: after.completedNodes.size,
    changes: countChanges(before.currentState, after.currentState),
    tree: treeRows(after.currentState, before.currentState, tree),
  };
}

interface FromSnapshot {
  readonly base: number;
  readonly replays: number;
  readonly before: Materialized;
  readonly after: Materialized;
  readonly sincePrevious: number | null;
}

async function fromSnapshot(execution: OpenExecution, sequence: number): Promise<FromSnapshot | undefined> {
  const { source, id } = execution;
  const snapshot = await source.snapshot(id, sequence);
  // Without its nodes a snapshot does not say what was true: then the index has to come first.
  if (snapshot?.materialized === undefined || sequence - snapshot.atSequence > MOST_TAIL) return undefined;
  const { status, completedNodesJson, activeNodesJson, lastSequence } = snapshot.materialized;
  const [state, completed, active] = [snapshot.stateJson, completedNodesJson, activeNodesJson].map((text) => readJson(text));
  if (!state?.ok || !completed?.ok || !active?.ok || !isObject(completed.value) || !isArray(active.value)) return undefined;
  let after: Materialized = {
    currentState: state.value,
    status,
    completedNodes: completed.value,
    activeNodes: new Set(active.value.filter((node) => typeof node === 'string')),
    lastSequence,
  };
  let before = after;
  let sincePrevious: number | null = null;
  let previousTime = Number.NaN;
  const tail = await source.page(id, snapshot.atSequence, sequence - snapshot.atSequence);
  for (const row of tail.filter((event) => event.sequence <= sequence)) {
    const stored = row.text === undefined && row.unreadable === undefined ? await source.payload(id, row.sequence) : row;
    const read = stored?.text === undefined || stored.unreadable !== undefined ? undefined : readEvent(stored.text);
    if (read?.ok !== true) return undefined;
    before = after;
    after = applyEvent(after, row.sequence, read.event);
    const time = millisecondsOf(row.createdAt);
    sincePrevious = Number.isFinite(time - previousTime) ? time - previousTime : null;
    previousTime = time;
  }
  return { base: snapshot.atSequence, replays: tail.length, before, after, sincePrevious };
}

/** The current state at `sequence` in a reading; the execution must be indexed that far. */
export async function stateIn(execution: OpenExecution, sequence: number, reading: Reading): Promise<Json> {
  if (reading === 'recovery') return (await execution.recoverAt(sequence)).currentState;
  const { history } = execution;
  return reading === 'given' ? history.givenAt(history.rowAt(sequence)) : history.stateAt(history.rowAt(sequence));
}

import type { Moment } from '../../export/state.ts';
import { readEvent } from '../../jamjet/event.ts';
import { readJson } from '../../json/read.ts';
import { compareKeys, type Json, type JsonObject } from '../../json/value.ts';
import { applyEvent, type Materialized, origin } from '../../replay/fold.ts';
import { applyEventToGiven } from '../../replay/given.ts';
import { readByRuntime, recoveryBase, runtimeNumber } from '../../replay/recovery.ts';
import type { Reading } from '../../vocabulary.ts';
import type { OpenExecution } from '../open-execution.ts';

/**
 * The moment at `sequence`, with the outputs of nodes, which are read from the database. The execution must be indexed up to
 * `sequence`.
 */
export async function momentAt(execution: OpenExecution, sequence: number, reading: Reading): Promise<Moment> {
  const { history } = execution;
  const position = history.positionAt(sequence);
  const head = { executionId: execution.id, atSequence: sequence, incompleteFrom: incompleteAt(execution, sequence) };
  if (reading === 'recovery') {
    const recovered = await execution.recoverAt(sequence);
    const completed = new Map(recovered.baseNodes);
    for (const [node, at] of recovered.completedAfter) completed.set(node, readByRuntime((await execution.outputOf(at)) ?? null));
    const { status, currentState, activeNodes, lastSequence } = recovered;
    return { ...head, status, currentState, completedNodes: completed, activeNodes, lastSequence };
  }
  const completedNodes = new Map<string, Json>();
  for (const [node, at] of history.completedAt(position)) completedNodes.set(node, (await execution.outputOf(at)) ?? null);
  return {
    ...head,
    status: history.status.at(position),
    currentState: reading === 'given' ? history.givenAt(position) : history.stateAt(position),
    completedNodes,
    activeNodes: history.activeAt(position),
    lastSequence: position < 0 ? 0 : history.sequenceOf(position),
  };
}

/** The sequence from which the state is incomplete, if that is at or before `sequence`. */
export function incompleteAt({ history }: OpenExecution, sequence: number): number | undefined {
  const { incompleteFrom } = history;
  return incompleteFrom !== undefined && incompleteFrom <= sequence ? incompleteFrom : undefined;
}

const PAGE = 200;

/**
 * The moments from one sequence to another, in one pass over the log: one for 0 and one for each event.
 *
 * @param from the first and
 * @param to the last sequence; 0 is before the first event.
 */
export async function* eachMoment(execution: OpenExecution, reading: Reading, from: number, to: number, signal?: AbortSignal): AsyncGenerator<Moment> {
  const { source, id } = execution;
  const snapshotSequences = new Set(reading === 'recovery' ? (await source.snapshots(id, signal)).map(({ atSequence }) => atSequence) : []);
  const number = reading === 'recovery' ? runtimeNumber : undefined;
  const input = readJson(execution.row.initialInputJson, number === undefined ? {} : { number });
  let state: Materialized = origin(input.ok ? input.value : new Map());
  let given: JsonObject = new Map();
  let incompleteFrom: number | undefined;
  const moment = (atSequence: number): Moment => ({
    executionId: id,
    atSequence,
    ...state,
    ...(reading === 'given' && { currentState: given }),
    activeNodes: [...state.activeNodes].sort(compareKeys),
    incompleteFrom,
  });
  const rebase = async (sequence: number): Promise<void> => {
    if (!snapshotSequences.has(sequence)) return;
    const snapshot = await source.snapshot(id, sequence, signal);
    state = (snapshot && recoveryBase(snapshot)) ?? state;
  };

  await rebase(0);
  if (from <= 0) yield moment(0);
  let after = 0;
  for (;;) {
    const page = await source.page(id, after, PAGE, signal);
    for (const row of page) {
      if (row.sequence > to) return;
      const event = row.text === undefined && row.unreadable === undefined ? await source.payload(id, row.sequence, signal) : row;
      const read = event?.text === undefined || event.unreadable !== undefined ? undefined : readEvent(event.text, number);
      if (row.sequence > after + 1) incompleteFrom ??= after + 1;
      if (read?.ok !== true) incompleteFrom ??= row.sequence;
      state = applyEvent(state, row.sequence, read?.ok ? read.event : undefined);
      if (reading === 'given') given = applyEventToGiven(given, read?.ok ? read.event : undefined, execution.startsWithInput);
      await rebase(row.sequence);
      if (row.sequence >= from) yield moment(row.sequence);
      after = row.sequence;
    }
    if (page.length < PAGE) return;
  }
}

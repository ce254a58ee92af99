import type { Moment, RefusedMoment } from '../../export/state.ts';
import { textAt } from '../../jamjet/chunk.ts';
import { readEvent } from '../../jamjet/event.ts';
import { readJson } from '../../json/read.ts';
import { compareKeys, type Json, type JsonObject } from '../../json/value.ts';
import { applyEvent, type Materialized, origin } from '../../replay/fold.ts';
import { applyEventToGiven } from '../../replay/given.ts';
import { readByRuntime, recoveryBase, runtimeNumber } from '../../replay/recovery.ts';
import type { Reading } from '../../vocabulary.ts';
import { type OpenExecution, refusalText, snapshotRefusal } from '../open-execution.ts';
import { eventAsRuntime, inputAsRuntime } from '../runtime-check.ts';

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
export function incompleteAt({ incompleteFrom }: OpenExecution, sequence: number): number | undefined {
  return incompleteFrom !== undefined && incompleteFrom <= sequence ? incompleteFrom : undefined;
}

/**
 * The moments from one sequence to another, in one pass over the log: one for 0 and one for each event.
 *
 * @param from the first and
 * @param to the last sequence; 0 is before the first event.
 */
export function eachMoment(
  execution: OpenExecution,
  reading: Exclude<Reading, 'recovery'>,
  from: number,
  to: number,
  signal?: AbortSignal,
): AsyncGenerator<Moment>;
export function eachMoment(execution: OpenExecution, reading: Reading, from: number, to: number, signal?: AbortSignal): AsyncGenerator<Moment | RefusedMoment>;
export async function* eachMoment(
  execution: OpenExecution,
  reading: Reading,
  from: number,
  to: number,
  signal?: AbortSignal,
): AsyncGenerator<Moment | RefusedMoment> {
  const { source, id } = execution;
  const snapshotSequences = new Set(reading === 'recovery' ? (await source.snapshots(id, signal)).map(({ atSequence }) => atSequence) : []);
  const number = reading === 'recovery' ? runtimeNumber : undefined;
  const input = readJson(execution.row.initialInputJson, number === undefined ? {} : { number });
  let state: Materialized = origin(input.ok ? input.value : new Map());
  let given: JsonObject = new Map();
  let incompleteFrom = incompleteAt(execution, 0);
  // The runtime refuses everything after what it cannot read, until a later snapshot makes it skip that.
  let refused = reading === 'recovery' ? refusalText(inputAsRuntime(execution.row).refusal) : undefined;
  const moment = (atSequence: number): Moment | RefusedMoment =>
    refused !== undefined
      ? { executionId: id, atSequence, refused }
      : {
          executionId: id,
          atSequence,
          ...state,
          ...(reading === 'given' && { currentState: given }),
          activeNodes: [...state.activeNodes].sort(compareKeys),
          incompleteFrom,
        };
  const rebase = async (sequence: number): Promise<void> => {
    if (!snapshotSequences.has(sequence)) return;
    const snapshot = await source.snapshot(id, sequence, signal);
    const rebuilt = snapshot && recoveryBase(snapshot);
    refused = rebuilt === undefined ? snapshotRefusal(sequence) : undefined;
    state = rebuilt ?? state;
  };

  await rebase(0);
  if (from <= 0) yield moment(0);
  const damagedFrom = execution.check?.incompleteFrom ?? Number.POSITIVE_INFINITY;
  let [last, badSequences] = [0, 0];
  for await (const chunk of source.scan(id, 0, signal)) {
    badSequences += chunk.badSequences;
    if (badSequences > 0) incompleteFrom = 0;
    execution.badSequencesStreamed = Math.max(execution.badSequencesStreamed, badSequences);
    for (let i = 0; i < chunk.count; i++) {
      const sequence = chunk.sequences[i] as number;
      if (sequence > to) return;
      const unreadable = chunk.unreadable.get(i);
      const text = textAt(chunk, i);
      const read = unreadable === undefined ? readEvent(text, number) : undefined;
      if (reading === 'recovery') refused ??= refusalText(eventAsRuntime(sequence, text, unreadable).refusal);
      if (damagedFrom <= sequence) incompleteFrom ??= damagedFrom;
      if (sequence > last + 1) incompleteFrom ??= last + 1;
      if (read?.ok !== true) incompleteFrom ??= sequence;
      state = applyEvent(state, sequence, read?.ok ? read.event : undefined);
      if (reading === 'given') given = applyEventToGiven(given, read?.ok ? read.event : undefined, execution.startsWithInput);
      // Of two rows with one sequence, the snapshot at that sequence was written after the last one.
      if (chunk.sequences[i + 1] !== sequence) await rebase(sequence);
      if (sequence >= from) yield moment(sequence);
      last = sequence;
    }
  }
}

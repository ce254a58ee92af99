import { readEvent } from '../../jamjet/event.ts';
import { areDefaults, type SnapshotRow } from '../../jamjet/rows.ts';
import { millisecondsOf } from '../../jamjet/time.ts';
import { readJson } from '../../json/read.ts';
import { compareKeys, isArray, isObject } from '../../json/value.ts';
import { applyEvent, type Materialized } from '../../replay/fold.ts';
import type { Reading } from '../../vocabulary.ts';
import type { OpenExecution } from '../open-execution.ts';
import type { KnownMoment, WaitingMoment } from '../slices/slice.ts';

/** A moment is made from a stored snapshot that is no further away than this, in sequences. */
const MOST_TAIL = 2000;

/**
 * A moment that the index has not come to: replayed from the nearest snapshot that has all its fields, and not vouched
 * for until the index is there. The other readings are not made in this way: for them the index has to come first.
 */
export async function provisionalMoment(
  execution: OpenExecution,
  sequence: number,
  reading: Reading,
  base: number | undefined,
): Promise<KnownMoment | WaitingMoment> {
  const position = execution.reaches(sequence) ? execution.history.positionAt(sequence) : sequence - 1;
  const head = { execution, sequence, reading, position, positionBefore: position - 1, base };
  const made = reading === 'replay' ? await fromSnapshot(execution, sequence) : undefined;
  if (made === undefined) return { ...head, sincePrevious: null, basis: 'waiting', state: undefined, before: undefined };
  const { before, after, sincePrevious } = made;
  return {
    ...head,
    base: made.base,
    sincePrevious,
    basis: 'snapshot',
    state: after.currentState,
    before: before?.currentState,
    shown: async () => ({ state: after.currentState, comparedWith: (before ?? after).currentState }),
    status: after.status,
    statusBefore: before?.status ?? null,
    active: [...after.activeNodes].sort(compareKeys),
    completed: after.completedNodes.size,
    replays: made.replays,
  };
}

interface FromSnapshot {
  readonly base: number;
  readonly replays: number;
  /** undefined exactly at a snapshot with none before it: what its event changed is not known. */
  readonly before: Materialized | undefined;
  readonly after: Materialized;
  readonly sincePrevious: number | null;
}

async function fromSnapshot(execution: OpenExecution, sequence: number): Promise<FromSnapshot | undefined> {
  const { source, id } = execution;
  // One before the event says what the event changed.
  const snapshot = (sequence > 0 ? await source.snapshot(id, sequence - 1) : undefined) ?? (await source.snapshot(id, sequence));
  if (snapshot === undefined || sequence - snapshot.atSequence > MOST_TAIL) return undefined;
  let after = materializedOf(snapshot);
  if (after === undefined) return undefined;
  let before: Materialized | undefined;
  let sincePrevious: number | null = null;
  let previousTime = Number.NaN;
  const tail = (await source.page(id, snapshot.atSequence, sequence - snapshot.atSequence)).filter((event) => event.sequence <= sequence);
  for (const row of tail) {
    const stored = row.text === undefined && row.unreadable === undefined ? await source.payload(id, row.sequence) : row;
    const read = stored?.text === undefined || stored.unreadable !== undefined ? undefined : readEvent(stored.text);
    if (read?.ok !== true) return undefined;
    before = after;
    after = applyEvent(after, row.sequence, read.event);
    const time = millisecondsOf(row.createdAt);
    sincePrevious = Number.isFinite(time - previousTime) ? time - previousTime : null;
    previousTime = time;
  }
  // Where no event has this sequence, nothing happened.
  if (tail.length > 0 && tail.at(-1)?.sequence !== sequence) before = after;
  return { base: snapshot.atSequence, replays: tail.length, before, after, sincePrevious };
}

/** undefined for a snapshot that cannot be read, or does not say what was true of the nodes: then the index has to come first. */
function materializedOf({ stateJson, materialized }: SnapshotRow): Materialized | undefined {
  // A row that is older than these columns has what the migration put there.
  if (materialized === undefined || areDefaults(materialized)) return undefined;
  const { status, completedNodesJson, activeNodesJson, lastSequence } = materialized;
  const [state, completed, active] = [stateJson, completedNodesJson, activeNodesJson].map((text) => readJson(text));
  if (!state?.ok || !completed?.ok || !active?.ok || !isObject(completed.value) || !isArray(active.value)) return undefined;
  return {
    currentState: state.value,
    status,
    completedNodes: completed.value,
    activeNodes: new Set(active.value.filter((node) => typeof node === 'string')),
    lastSequence,
  };
}

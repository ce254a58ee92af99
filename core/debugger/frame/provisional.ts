import { readEvent } from '../../jamjet/event.ts';
import { areDefaults, type EventRow, type SnapshotRow } from '../../jamjet/rows.ts';
import { millisecondsOf } from '../../jamjet/time.ts';
import { readJson } from '../../json/read.ts';
import { compareKeys, isArray, isObject } from '../../json/value.ts';
import { applyEvent, type Materialized } from '../../replay/fold.ts';
import type { Reading } from '../../vocabulary.ts';
import type { OpenExecution } from '../open-execution.ts';
import { Pacer } from '../pacing.ts';
import type { KnownMoment, WaitingMoment } from '../slices/slice.ts';

/** A stored snapshot that is further away than this, in sequences, is not used. */
const MAX_TAIL = 2000;
const MAX_TAIL_BYTES = 2 * 1024 * 1024;
const PAGE = 100;

/**
 * The moment at a sequence that is not indexed yet: replayed from the nearest snapshot if that has all fields, and unchecked
 * until the index is there. The other readings wait for the index. A moment that waits does not know its snapshot.
 */
export async function provisionalMoment(execution: OpenExecution, sequence: number, reading: Reading): Promise<KnownMoment | Omit<WaitingMoment, 'base'>> {
  const position = execution.isIndexedTo(sequence) ? execution.history.positionAt(sequence) : sequence - 1;
  const head = { execution, sequence, reading, position, positionBefore: position - 1 };
  const found = reading === 'replay' ? await fromSnapshot(execution, sequence) : undefined;
  if (found === undefined) return { ...head, sincePrevious: null, basis: 'waiting', state: undefined, before: undefined };
  const { before, after, sincePrevious } = found;
  return {
    ...head,
    base: found.base,
    sincePrevious,
    basis: 'snapshot',
    state: after.currentState,
    before: before?.currentState,
    shown: async () => ({ state: after.currentState, comparedWith: (before ?? after).currentState }),
    status: after.status,
    statusBefore: before?.status ?? null,
    nodes: () => ({ active: [...after.activeNodes].sort(compareKeys), completed: after.completedNodes.size }),
    replays: found.replays,
  };
}

interface FromSnapshot {
  readonly base: number;
  readonly replays: number;
  /** undefined at the first snapshot itself: the state before its event is not known. */
  readonly before: Materialized | undefined;
  readonly after: Materialized;
  readonly sincePrevious: number | null;
}

async function fromSnapshot(execution: OpenExecution, sequence: number): Promise<FromSnapshot | undefined> {
  const { source, id } = execution;
  // A snapshot before the event is preferred, because it also gives the state before the event.
  const snapshot = (sequence > 0 ? await source.snapshot(id, sequence - 1) : undefined) ?? (await source.snapshot(id, sequence));
  if (snapshot === undefined || sequence - snapshot.atSequence > MAX_TAIL) return undefined;
  let after = materializedOf(snapshot);
  if (after === undefined) return undefined;
  let before: Materialized | undefined;
  let sincePrevious: number | null = null;
  let previousTime = Number.NaN;
  const tail = await tailOf(execution, snapshot.atSequence, sequence);
  if (tail === undefined) return undefined;
  const pacer = new Pacer(execution.pause);
  for (const row of tail) {
    if (pacer.isDue) await pacer.pause();
    const read = row.text === undefined || row.unreadable !== undefined ? undefined : readEvent(row.text);
    if (read?.ok !== true) return undefined;
    before = after;
    after = applyEvent(after, row.sequence, read.event);
    const time = millisecondsOf(row.createdAt);
    sincePrevious = Number.isFinite(time - previousTime) ? time - previousTime : null;
    previousTime = time;
  }
  // No event has this sequence, so nothing changed.
  if (tail.length > 0 && tail.at(-1)?.sequence !== sequence) before = after;
  return { base: snapshot.atSequence, replays: tail.length, before, after, sincePrevious };
}

/** The events after `after` up to `to`; undefined if they are too large to be read for a frame, which then waits for the index. */
async function tailOf({ source, id, pause }: OpenExecution, after: number, to: number): Promise<EventRow[] | undefined> {
  const pacer = new Pacer(pause);
  const tail: EventRow[] = [];
  let bytes = 0;
  for (let last = after; last < to; ) {
    const page = (await source.page(id, last, PAGE)).filter(({ sequence }) => sequence <= to);
    for (const row of page) bytes += row.bytes;
    if (bytes > MAX_TAIL_BYTES) return undefined;
    tail.push(...page);
    const end = page.at(-1);
    if (end === undefined) break;
    last = end.sequence;
    if (pacer.isDue) await pacer.pause();
  }
  return tail;
}

/** undefined for a snapshot that cannot be read or has no status and nodes. */
function materializedOf({ stateJson, unreadable, materialized }: SnapshotRow): Materialized | undefined {
  if (unreadable !== undefined) return undefined;
  // A row that is older than these columns has the defaults of the migration.
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

import { eventOf } from '../jamjet/event.ts';
import type { Status } from '../jamjet/status.ts';
import { applyEvent, type Materialized as Folded, origin } from '../replay/fold.ts';
import { NotFoundError } from './errors.ts';
import type { StateBackend, StoredEvent, StoredSnapshot } from './port.ts';

/** What is true after the events of an execution. Each field can be written into a snapshot. */
export type Materialized = Folded<Status>;

/**
 * The state as the runtime of the database's generation rebuilds it: from the latest snapshot and the events after it, or
 * from the initial input and all events (docs/replay.md, Snapshots and recovery). Numbers are exact, where the runtime's
 * own reader rounds some doubles.
 *
 * @throws NotFoundError when there is no such execution.
 */
export async function materialize(backend: StateBackend, executionId: string): Promise<Materialized> {
  const execution = await backend.getExecution(executionId);
  if (execution === undefined) throw new NotFoundError('execution', executionId);
  const snapshot = await backend.latestSnapshot(executionId);
  let state: Materialized = snapshot === undefined ? origin(execution.initialInput) : baseOf(snapshot);
  let last = snapshot?.atSequence ?? 0;
  for (;;) {
    const events = await backend.getEventsSince(executionId, last, PAGE_SIZE);
    state = applyEvents(state, events);
    if (events.length < PAGE_SIZE) return state;
    last = events.at(-1)?.sequence ?? last;
  }
}

/** How many events are read at once: an execution can have a million. */
const PAGE_SIZE = 500;

/**
 * Applies events to a materialised state, in order.
 *
 * @public
 */
export function applyEvents(base: Materialized, events: readonly StoredEvent[]): Materialized {
  return events.reduce<Materialized>((state, { sequence, kind }) => {
    const reading = eventOf(kind);
    return applyEvent(state, sequence, reading.ok ? reading.event : undefined);
  }, base);
}

/** A snapshot of generation 3 holds only the current state. */
function baseOf({ state, status, completedNodes, activeNodes, lastSequence }: StoredSnapshot): Materialized {
  if (completedNodes === undefined || activeNodes === undefined) return origin(state);
  return { currentState: state, status: status ?? 'pending', completedNodes, activeNodes, lastSequence: lastSequence ?? 0 };
}

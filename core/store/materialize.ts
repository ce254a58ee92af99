import { eventOf } from '../jamjet/event.ts';
import { applyEvent, type Materialized, origin } from '../replay/fold.ts';
import { NotFoundError } from './errors.ts';
import type { StateBackend, StoredEvent, StoredSnapshot } from './port.ts';

/**
 * What the runtime of the file's generation rebuilds: the latest snapshot and the events after it, or all events from
 * the execution's initial input (jamjet-format.md §5). Numbers are exact; the runtime's own reader rounds some doubles.
 *
 * @throws NotFoundError
 */
export async function materialize(backend: StateBackend, executionId: string): Promise<Materialized> {
  const execution = await backend.getExecution(executionId);
  if (execution === undefined) throw new NotFoundError('execution', executionId);
  const snapshot = await backend.latestSnapshot(executionId);
  let state = snapshot === undefined ? origin(execution.initialInput) : baseOf(snapshot);
  let last = snapshot?.atSequence ?? 0;
  for (;;) {
    const events = await backend.getEventsSince(executionId, last, PAGE);
    state = applyEvents(state, events);
    if (events.length < PAGE) return state;
    last = events.at(-1)?.sequence ?? last;
  }
}

/** How many events are held at once: a run may have a million. */
const PAGE = 500;

/**
 * Folds events onto a moment, one after the other.
 *
 * @public
 */
export function applyEvents(base: Materialized, events: readonly StoredEvent[]): Materialized {
  return events.reduce((state, { sequence, kind }) => {
    const reading = eventOf(kind);
    return applyEvent(state, sequence, reading.ok ? reading.event : undefined);
  }, base);
}

/** A snapshot of generation 3 gives only the state. */
function baseOf({ state, status, completedNodes, activeNodes, lastSequence }: StoredSnapshot): Materialized {
  if (completedNodes === undefined || activeNodes === undefined) return origin(state);
  return { currentState: state, status: status ?? 'pending', completedNodes, activeNodes, lastSequence: lastSequence ?? 0 };
}

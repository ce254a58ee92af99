import type { SourceId } from '../../core/contract/cursor.ts';
import type { Fault } from '../../core/fault.ts';
import type { Client } from '../client.ts';
import type { Played } from './run-state.ts';

/** An event at which the playing cursor stops. */
export interface Stop {
  readonly sequence: number;
  /** Milliseconds between this event and the stop before it; 0 if that is not known. */
  readonly pause: number;
}

interface Question {
  /** The cursor. */
  readonly sequence: number;
  readonly played: Played;
  readonly filter: string;
  /** Whether the pauses matter. */
  readonly timed: boolean;
}

/** How many events are requested at a time, and how many changes, which are looked for one by one. */
const EVENTS = 200;
const CHANGES = 8;

/** The next stops after a cursor, some at a time; none at the end of what is known. Requests that fail end the playing. */
export function createStops(client: Client, source: SourceId, execution: string, onFault: (fault: Fault) => void = () => {}) {
  /** The events from the one at the cursor on, or the last one before it. */
  const eventsFrom = async (sequence: number, filter: string, count: number): Promise<readonly Event[]> => {
    const at = await client.ask('events.matches', { source, execution, sequence, filter });
    if (!at.ok) {
      onFault(at.fault);
      return [];
    }
    const page = await client.ask('events.page', { source, execution, from: Math.max(0, at.value.index), count, filter });
    return page.ok ? page.value.rows : [];
  };
  const changesFrom = async (sequence: number, timed: boolean): Promise<readonly Event[]> => {
    const found = timed ? [...(await eventsFrom(sequence, '', 1))] : [];
    for (let [from, count] = [sequence, 0]; count < CHANGES; count++) {
      const next = await client.ask('events.nearest', { source, execution, sequence: from, what: 'change', direction: 'next' });
      if (!next.ok || next.value === null) break;
      found.push(...(timed ? await eventsFrom(next.value, '', 1) : [{ sequence: next.value, createdAt: '' }]));
      from = next.value;
    }
    return found;
  };
  return async ({ sequence, played, filter, timed }: Question): Promise<readonly Stop[]> => {
    const events = played === 'changes' ? await changesFrom(sequence, timed) : await eventsFrom(sequence, played === 'matches' ? filter.trim() : '', EVENTS);
    return events.flatMap((event, i) => (event.sequence > sequence ? [{ sequence: event.sequence, pause: pauseBetween(events[i - 1], event) }] : []));
  };
}

interface Event {
  readonly sequence: number;
  readonly createdAt: string;
}

function pauseBetween(before: Event | undefined, after: Event): number {
  const pause = Date.parse(after.createdAt) - Date.parse(before?.createdAt ?? '');
  // A clock may have gone back.
  return pause > 0 ? pause : 0;
}

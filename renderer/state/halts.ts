import type { SourceId } from '../../core/contract/cursor.ts';
import type { Fault } from '../../core/fault.ts';
import type { Client } from '../client.ts';
import type { RunState } from './run-state.ts';

/** Where playing ends, and why. */
export interface Halt {
  readonly sequence: number;
  readonly reason: string;
}

/** What ends the playing. */
export interface HaltChoice {
  readonly failure: boolean;
  /** A match of the filter. */
  readonly match: boolean;
  /** The condition of *Find when* becomes true. */
  readonly condition: boolean;
  /** Watched paths and conditions: their changes, and that they become true. */
  readonly watches: readonly string[];
}

export const NO_HALTS: HaltChoice = { failure: false, match: false, condition: false, watches: [] };

export type HaltQuestion = Pick<RunState, 'sequence' | 'halts' | 'filter' | 'condition' | 'watches' | 'conditions'>;

/** Finds the first event after the cursor at which playing ends; undefined if there is none. */
export function createHalts(client: Client, source: SourceId, execution: string, onFault: (fault: Fault) => void) {
  return async ({ sequence, halts, filter, condition, watches, conditions }: HaltQuestion): Promise<Halt | undefined> => {
    const about = { source, execution };
    const found: Halt[] = [];
    const add = (at: number | null | undefined, reason: string): void => {
      if (at != null && at > sequence) found.push({ sequence: at, reason });
    };
    const nearest = async (): Promise<void> => {
      const answer = await client.ask('events.nearest', { ...about, sequence, what: 'failure', direction: 'next' });
      if (answer.ok) add(answer.value, 'a failure');
      else onFault(answer.fault);
    };
    const matching = async (): Promise<void> => {
      const answer = await client.ask('events.matches', { ...about, sequence, filter });
      if (answer.ok) add(answer.value.next, `matches ${filter.trim()}`);
      else onFault(answer.fault);
    };
    const becomesTrue = async (text: string): Promise<void> => {
      const answer = await client.ask('explain.nextTrue', { ...about, sequence, condition: text });
      if (answer.ok) add(answer.value, `${text} is true`);
      else onFault(answer.fault);
    };
    const changes = async (pointer: string): Promise<void> => {
      const answer = await client.ask('explain.nearest', { ...about, sequence, pointer, direction: 'next' });
      if (answer.ok) add(answer.value, `${pointer} changed`);
      else onFault(answer.fault);
    };
    const watched = halts.watches.filter((text) => watches.includes(text) || conditions.includes(text));
    await Promise.all([
      ...(halts.failure ? [nearest()] : []),
      ...(halts.match && filter.trim() !== '' ? [matching()] : []),
      ...(halts.condition && condition !== '' ? [becomesTrue(condition)] : []),
      ...watched.map((text) => (watches.includes(text) ? changes(text) : becomesTrue(text))),
    ]);
    const first = Math.min(...found.map((halt) => halt.sequence));
    const reasons = found.filter((halt) => halt.sequence === first).map(({ reason }) => reason);
    return found.length === 0 ? undefined : { sequence: first, reason: reasons.join(', ') };
  };
}

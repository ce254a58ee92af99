import type { History } from '../replay/history.ts';

/** Where the time of a node went, in milliseconds, and how often it was started. */
export interface NodeTimes {
  /** In a queue, until it was started. */
  readonly queued: number;
  /** Until it was started again: parked by a rate limit, or for the delay of a retry. */
  readonly delayed: number;
  readonly ran: number;
  /** Until a person decided. */
  readonly held: number;
  /** Whether the last question to a person has no answer; how long that one takes is not counted. */
  readonly isHeld: boolean;
  readonly attempts: number;
}

/** What an event of a node begins: some time in a queue, a delay, a run, a wait for a person, or nothing. */
const BEGINS: Readonly<Record<string, 'queued' | 'delayed' | 'ran' | 'held' | 'nothing'>> = {
  node_scheduled: 'queued',
  retry_scheduled: 'delayed',
  node_parked: 'delayed',
  approval_received: 'queued',
  node_started: 'ran',
  tool_approval_required: 'held',
  interrupt_raised: 'held',
  node_completed: 'nothing',
  node_failed: 'nothing',
  node_skipped: 'nothing',
  node_cancelled: 'nothing',
};

/**
 * The times of one node.
 *
 * @param positions of its events, ascending.
 * @param durationAt the recorded duration of a completion, for workers that write no `node_started`; undefined when there is none.
 */
export function nodeTimes({ clock, kindOf }: Times, positions: readonly number[], durationAt: (position: number) => number | undefined): NodeTimes {
  const times = { queued: 0, delayed: 0, ran: 0, held: 0, nothing: 0 };
  let doing: keyof typeof times = 'nothing';
  let [since, attempts] = [0, 0];
  for (const position of positions) {
    const type = kindOf(position);
    const begins = BEGINS[type];
    // Asked again, it is still one wait.
    if (begins === undefined || (begins === 'held' && doing === 'held')) continue;
    const now = clock(position);
    const passed = now - since;
    const hasNoStart = type === 'node_completed' && (doing === 'queued' || doing === 'delayed');
    const ran = hasNoStart ? Math.min(durationAt(position) ?? 0, passed) : 0;
    if (type === 'node_started' || hasNoStart) attempts++;
    times[doing] += passed - ran;
    times.ran += ran;
    doing = begins;
    since = now;
  }
  const { queued, delayed, ran, held } = times;
  return { queued, delayed, ran, held, isHeld: doing === 'held', attempts };
}

interface Times {
  /** The time of a position that never goes back, in milliseconds. */
  readonly clock: (position: number) => number;
  readonly kindOf: (position: number) => string;
}

/** How {@link nodeTimes} reads a history. */
export function timesOf(history: History): Times {
  return { clock: (position) => history.clock.at(position), kindOf: (position) => history.kindOf(position)?.type ?? '' };
}

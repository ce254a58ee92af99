import { TERMINAL_STATUSES } from '../vocabulary.ts';

/** The statuses of an execution. A row may hold any other text, which is shown as it is. */
export type Status = 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled' | 'limit_exceeded';

const TERMINAL: ReadonlySet<string> = new Set(TERMINAL_STATUSES);

export function isTerminal(status: string): boolean {
  return TERMINAL.has(status);
}

export function isStatus(text: string): text is Status {
  return TERMINAL.has(text) || text === 'pending' || text === 'running' || text === 'paused';
}

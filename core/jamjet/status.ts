import { TERMINAL_STATUSES } from '../vocabulary.ts';

/** The statuses of an execution. A row may hold any other text, which is shown as it is. */
export const STATUSES = ['pending', 'running', 'paused', ...TERMINAL_STATUSES] as const;
export type Status = (typeof STATUSES)[number];

const TERMINAL: ReadonlySet<string> = new Set(TERMINAL_STATUSES);

export function isTerminal(status: string): boolean {
  return TERMINAL.has(status);
}

export function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}

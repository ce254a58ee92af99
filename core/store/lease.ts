import { formatTime } from '../jamjet/time.ts';

/** How long a claim holds, in milliseconds. */
export const LEASE = 30_000;

/** How long an item waits before its next attempt, in milliseconds: doubling, and a minute or so at most. */
export function backOff(attempt: number): number {
  return 1000 * 2 ** Math.min(attempt, 6);
}

/** So many milliseconds from now, as the runtime writes it. */
export function fromNow(milliseconds: number): string {
  return formatTime(Date.now() + milliseconds);
}

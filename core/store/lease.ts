/** How long an item waits before its next attempt, in milliseconds: it doubles with each attempt, up to 64 seconds. */
export function retryDelay(attempt: number): number {
  return 1000 * 2 ** Math.min(attempt, 6);
}

/** The error of a dead letter whose last claim expired; upstream's text. */
export const WORKER_DEAD = 'lease expired: worker dead';

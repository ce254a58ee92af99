/** How long an item waits before its next attempt, in milliseconds: doubling, up to 64 seconds. */
export function backOff(attempt: number): number {
  return 1000 * 2 ** Math.min(attempt, 6);
}

/** What is said of an item whose last worker never came back, as upstream says it. */
export const WORKER_DEAD = 'lease expired: worker dead';

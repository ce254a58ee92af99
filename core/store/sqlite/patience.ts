import { setTimeout } from 'node:timers/promises';

/** How long a statement waits for a lock that another program holds, in milliseconds. */
const LONGEST = 5000;
/** The pauses between attempts in milliseconds: those of SQLite's own handler, which would stop the whole process meanwhile. */
const PAUSES = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50] as const;
const LAST_PAUSE = 100;

/** Performs work that may find the database locked. Then it is performed again after a pause, in which this process goes on. */
export function patiently<T>(work: () => T): T | Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!isBusy(error)) throw error;
    return again(work);
  }
}

async function again<T>(work: () => T): Promise<T> {
  const end = performance.now() + LONGEST;
  for (let attempt = 0; ; attempt++) {
    await setTimeout(PAUSES[attempt] ?? LAST_PAUSE);
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
    }
  }
}

export function isBusy(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}

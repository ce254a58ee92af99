import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** How often the fault was made; once where a test does not say. */
    tries?: number;
    /** In how many of them a promise was broken. */
    lost?: number;
    /** How large the row was made, where that may be less than it is meant to be. */
    size?: string;
  }
}

/** A number of tries or events: in `npm test`, in `npm run test:faults`, and there with `--long`. */
export function amount(short: number, usual: number, long = usual): number {
  if (process.env['HINDSIGHT_LONG'] === '1') return long;
  return process.env['HINDSIGHT_SHORT'] === '1' ? short : usual;
}

/**
 * Makes a fault several times and counts the tries in which a promise was broken. One that fails does not stop the others.
 *
 * @param attempt is given the number of the try, from 1 on; `'last'` ends the tries before their count.
 */
export async function tries(task: TestContext['task'], count: number, attempt: (number: number) => unknown): Promise<void> {
  const broken: Error[] = [];
  for (let number = 1; number <= count; number++) {
    let isLast = false;
    try {
      isLast = (await attempt(number)) === 'last';
    } catch (error) {
      broken.push(new Error(`try ${number} of ${count}: ${error instanceof Error ? error.message : String(error)}`, { cause: error }));
    }
    task.meta.tries = number;
    task.meta.lost = broken.length;
    if (isLast) break;
  }
  if (broken[0] !== undefined) throw broken[0];
}

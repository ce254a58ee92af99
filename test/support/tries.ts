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

/** Makes a fault several times and counts the tries in which a promise was broken. One that fails does not stop the others. */
export async function tries(task: TestContext['task'], count: number, attempt: (number: number) => Promise<void> | void): Promise<void> {
  const broken: Error[] = [];
  for (let number = 1; number <= count; number++) {
    try {
      await attempt(number);
    } catch (error) {
      broken.push(new Error(`try ${number} of ${count}: ${error instanceof Error ? error.message : String(error)}`, { cause: error }));
    }
    task.meta.tries = number;
    task.meta.lost = broken.length;
  }
  if (broken[0] !== undefined) throw broken[0];
}

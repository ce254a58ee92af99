import { say } from './output.ts';

/** The signals by which a user or the system ends a program, and the exit code that a shell shows for each. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Ends the process by `process.exit` when it is interrupted during `work`, so that temporary files are removed. Outside of
 * such work there is nothing to remove and the system ends the process at once, even while SQLite is running.
 */
export async function removingFiles<T>(work: () => Promise<T>): Promise<T> {
  const handlers = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => process.exit(code)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  try {
    return await work();
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
}

/** Work that takes longer than this is reported, in milliseconds. */
const SILENT_FOR = 1000;

/** Reports how far some work has come, at most once a second, and only on a terminal. */
export class Progress {
  readonly #what: string;
  #reported = performance.now();
  #shown = false;

  constructor(what: string) {
    this.#what = what;
  }

  report(done: number, total: number): void {
    if (performance.now() - this.#reported < SILENT_FOR) return;
    this.#reported = performance.now();
    this.#shown = true;
    const share = `${this.#what}: ${Math.floor((100 * done) / Math.max(1, total))} %`;
    if (process.stderr.isTTY) process.stderr.write(`\r${share}\u001b[K`);
    else say(share);
  }

  /** Removes the line from a terminal. */
  end(): void {
    if (this.#shown && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

import { say } from './output.ts';

/** Work that takes longer than this is reported, in milliseconds. */
const SILENT_FOR = 1000;

/** Reports how far some work has come, at most once a second, in place on a terminal. */
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

import type { Value } from './inlined.ts';
import type { Row } from './session.ts';

/** Executes one statement with values for `$1`, `$2`, …. */
export type Query = (sql: string, values?: readonly Value[]) => Promise<Row[]>;
/** The schemas in which the user finds a table without naming its schema. */
export type SearchPath = () => Promise<readonly string[]>;
/** What is done within one transaction. It may be done more than once. */
export type Work<T> = (query: Query, searchPath: SearchPath) => Promise<T>;

/** A work that somebody waits for, until it is answered, has failed, or was given up. */
export class Reading {
  readonly signal: AbortSignal | undefined;
  readonly #work: Work<() => void>;
  readonly #reject: (reason: unknown) => void;
  readonly #abort: () => void;
  #isWanted = true;

  /** @param work its result answers who waits. @param onAbort called when nobody does any more. */
  constructor(work: Work<() => void>, reject: (reason: unknown) => void, signal: AbortSignal | undefined, onAbort: () => void) {
    this.#work = work;
    this.#reject = reject;
    this.signal = signal;
    this.#abort = () => {
      this.fail(signal?.reason);
      onAbort();
    };
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Whether somebody waits. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Does the work. Nothing is answered from outside of a transaction that cannot write. @param begun resolves when it is one. */
  async perform(query: Query, searchPath: SearchPath, begun: Promise<void>): Promise<void> {
    const done = this.#work(query, searchPath);
    done.catch(() => {});
    await begun;
    const answer = await done;
    if (this.#end()) answer();
  }

  fail(reason: unknown): void {
    if (this.#end()) this.#reject(reason);
  }

  /** @returns whether somebody waited until now. */
  #end(): boolean {
    const wasWanted = this.#isWanted;
    this.#isWanted = false;
    this.signal?.removeEventListener('abort', this.#abort);
    return wasWanted;
  }
}

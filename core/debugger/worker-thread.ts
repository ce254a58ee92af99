import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FaultError } from '../fault.ts';

/** How long one answer may take, in milliseconds. The parts of usual work take a few; what takes longer does not terminate. */
export const ANSWER_TIME = 10_000;

/** A thread for work that may not terminate, such as a regular expression of the user, and is then ended with its thread. */
export class WorkerThread<Question, Answer> {
  readonly #worker: Worker;
  readonly #subject: string;
  readonly #timeout: number;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param name of the file beside this one, without its ending, or of the bundle in the folder of bundles.
   * @param subject what it does, for the Fault.
   */
  constructor(
    name: string,
    workerData: unknown,
    { subject, timeout = ANSWER_TIME, signal }: { subject: string; timeout?: number; signal?: AbortSignal | undefined },
  ) {
    const file = import.meta.url.endsWith('.ts') ? `./${name}.ts` : `../${name}.cjs`;
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData });
    this.#subject = subject;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /** One answer for each question. @throws FaultError `timed-out`, or `cancelled` or the signal's own Fault when it is aborted. */
  ask(question: Question): Promise<Answer> {
    const limit = AbortSignal.timeout(this.#timeout);
    const signal = this.#signal === undefined ? limit : AbortSignal.any([limit, this.#signal]);
    this.#worker.postMessage(question);
    const answer = once(this.#worker, 'message', { signal }).then(
      ([answered]) => answered as Answer,
      (error: unknown) => {
        if (this.#signal?.aborted === true) throw this.#signal.reason instanceof FaultError ? this.#signal.reason : new FaultError('cancelled');
        if (limit.aborted) throw new FaultError('timed-out', { subject: this.#subject });
        throw error;
      },
    );
    // It may fail while the caller is not waiting; the error is thrown at the next await.
    answer.catch(() => {});
    return answer;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

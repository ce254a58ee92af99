import type { SourceId } from '../contract/cursor.ts';
import { FaultError } from '../fault.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { OpenExecution } from './open-execution.ts';
import type { Pause } from './pacing.ts';
import type { Tasks } from './tasks.ts';

export interface IndexerParts {
  readonly tasks: Tasks;
  readonly budget: MemoryBudget;
  readonly pause: Pause;
}

interface Waiter {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Indexes one execution between the requests: first its events, then its states, then its snapshots. Requests can wait for
 * a moment of it.
 */
export class Indexer {
  readonly execution: OpenExecution;
  readonly #source: SourceId;
  readonly #parts: IndexerParts;
  readonly #closing = new AbortController();
  readonly #waiters = new Set<Waiter>();
  #isRunning = false;
  #closed: 'cancelled' | 'no-source' = 'no-source';

  constructor(source: SourceId, execution: OpenExecution, parts: IndexerParts) {
    this.#source = source;
    this.execution = execution;
    this.#parts = parts;
  }

  /** Starts or continues, if anything is left to do. After a failure it does not try again. */
  start(): void {
    if (this.#isRunning || this.#closing.signal.aborted || this.execution.isDone || this.execution.failure !== undefined) return;
    this.#isRunning = true;
    // The waiters are rejected in #run.
    void this.#run().catch(() => {});
  }

  /**
   * Resolves when the state at `sequence` is available.
   *
   * @throws the error that stopped the indexing; FaultError `no-source` when the execution is closed, `cancelled` when
   *   `signal` is aborted.
   */
  async ready(sequence: number, signal?: AbortSignal): Promise<void> {
    if (this.#closing.signal.aborted) throw new FaultError(this.#closed);
    if (this.execution.hasStateAt(sequence)) return;
    this.start();
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { sequence, resolve, reject };
      this.#waiters.add(waiter);
      const cancel = (): void => {
        this.#waiters.delete(waiter);
        reject(signal?.reason instanceof FaultError ? signal.reason : new FaultError('cancelled'));
      };
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Aborted when the execution is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  get isBusy(): boolean {
    return this.#isRunning || this.#waiters.size > 0;
  }

  /** Stops the indexing and rejects all waiters. @param reason `no-source` when the source is closed. */
  close(reason: 'cancelled' | 'no-source'): void {
    this.#closed = reason;
    this.#closing.abort();
    this.#rejectAll(new FaultError(reason));
  }

  #rejectAll(reason: unknown): void {
    for (const { reject } of this.#waiters) reject(reason);
    this.#waiters.clear();
  }

  async #run(): Promise<void> {
    const { execution } = this;
    const { tasks, budget, pause } = this.#parts;
    const subject = { kind: 'index', source: this.#source, execution: execution.id } as const;
    try {
      await tasks.run(
        subject,
        'events',
        async ({ signal, report }) => {
          // Those who wait now are cancelled with the task; those who come later start it again.
          signal.addEventListener('abort', () => this.#rejectAll(new FaultError(this.#closing.signal.aborted ? this.#closed : 'cancelled')), { once: true });
          const pauseAfter = (reportProgress: () => void) => async (): Promise<void> => {
            reportProgress();
            this.#resolveReady();
            budget.enforce();
            await pause();
          };
          await execution.index(
            signal,
            pauseAfter(() => report('events', execution.history.lastSequence, execution.lastSequence)),
          );
          await execution.fold(
            signal,
            pauseAfter(() => report('states', execution.history.foldedTo, execution.lastSequence)),
          );
          await execution.checkSnapshots(
            signal,
            pauseAfter(() => report('snapshots', execution.verdicts.size, execution.snapshots.length)),
          );
          await execution.checkIntegrity(
            signal,
            pauseAfter(() => report('integrity', execution.history.count, execution.history.count)),
          );
          await execution.runtime.readAll(
            signal,
            pauseAfter(() => report('integrity', execution.history.count, execution.history.count)),
          );
        },
        this.#closing.signal,
      );
    } catch (error) {
      const wasCancelled = error instanceof FaultError && error.fault.kind === 'cancelled';
      if (!wasCancelled) {
        // Otherwise each request would start it again, and fail again.
        this.execution.failure ??= error;
        this.#rejectAll(this.execution.failure);
      }
      throw error;
    } finally {
      this.#isRunning = false;
      this.#resolveReady();
      budget.enforce();
      // The budget dropped keyframes that the remaining waiters need.
      if (this.#waiters.size > 0) this.start();
    }
  }

  #resolveReady(): void {
    for (const waiter of this.#waiters) {
      try {
        if (!this.execution.hasStateAt(waiter.sequence)) continue;
        waiter.resolve();
      } catch (error) {
        waiter.reject(error);
      }
      this.#waiters.delete(waiter);
    }
  }
}

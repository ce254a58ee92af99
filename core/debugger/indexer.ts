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

interface Waiting {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Indexes one execution beside the requests: its events, then its states, then its snapshots; and tells who waits for a moment of it. */
export class Indexer {
  readonly execution: OpenExecution;
  readonly #source: SourceId;
  readonly #parts: IndexerParts;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<Waiting>();
  #isRunning = false;

  constructor(source: SourceId, execution: OpenExecution, parts: IndexerParts) {
    this.#source = source;
    this.execution = execution;
    this.#parts = parts;
  }

  /** Begins, or goes on where something is left to do. What failed is not tried again: it would fail again. */
  start(): void {
    if (this.#isRunning || this.#closing.signal.aborted || this.execution.isDone || this.execution.failure !== undefined) return;
    this.#isRunning = true;
    // Whoever waits is told by #settle; there is nobody else to tell.
    void this.#run().catch(() => {});
  }

  /**
   * Resolves when the state at `sequence` is at hand.
   *
   * @throws (rejects with) what stopped the indexing, FaultError `no-source` when it is closed, `cancelled` when `signal` is aborted.
   */
  async ready(sequence: number, signal?: AbortSignal): Promise<void> {
    if (this.#closing.signal.aborted) throw closed();
    if (this.execution.standsAt(sequence)) return;
    this.start();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { sequence, resolve, reject };
      this.#waiting.add(waiting);
      const leave = (): void => {
        this.#waiting.delete(waiting);
        reject(new FaultError('cancelled'));
      };
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Nothing goes on afterwards, and nobody waits for ever. */
  close(): void {
    this.#closing.abort();
    for (const { reject } of this.#waiting) reject(closed());
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    const { execution } = this;
    const { tasks, budget, pause } = this.#parts;
    const subject = { kind: 'index', source: this.#source, execution: execution.id } as const;
    try {
      await tasks.run(
        subject,
        'events',
        async ({ signal, tell }) => {
          const between = (report: () => void) => async (): Promise<void> => {
            report();
            this.#settle();
            budget.enforce();
            await pause();
          };
          await execution.index(
            signal,
            between(() => tell('events', execution.history.lastSequence, execution.lastSequence)),
          );
          await execution.fold(
            signal,
            between(() => tell('states', execution.history.foldedTo, execution.lastSequence)),
          );
          await execution.checkSnapshots(
            signal,
            between(() => tell('snapshots', execution.verdicts.size, execution.snapshots.length)),
          );
        },
        this.#closing.signal,
      );
    } catch (error) {
      // A task that somebody cancelled can begin again; who waited for it is told.
      for (const { reject } of this.#waiting) reject(this.execution.failure ?? error);
      this.#waiting.clear();
      throw error;
    } finally {
      this.#isRunning = false;
      this.#settle();
      budget.enforce();
      // Its keyframes were given up while it ran: who still waits needs them again.
      if (this.#waiting.size > 0) this.start();
    }
  }

  #settle(): void {
    for (const waiting of this.#waiting) {
      try {
        if (!this.execution.standsAt(waiting.sequence)) continue;
        waiting.resolve();
      } catch (error) {
        waiting.reject(error);
      }
      this.#waiting.delete(waiting);
    }
  }
}

function closed(): FaultError {
  return new FaultError('no-source');
}

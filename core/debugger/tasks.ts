import type { TaskUpdate } from '../contract/tasks.ts';
import { FaultError } from '../fault.ts';

/** What a task is about. */
export type TaskSubject = Pick<TaskUpdate, 'kind' | 'source' | 'execution'>;

/** A task as its own work sees it. */
export interface Task {
  readonly signal: AbortSignal;
  /** How far it has come. It is passed on a few times a second, however often it is told. */
  tell(phase: TaskUpdate['phase'], done: number, total: number): void;
}

/** How often progress is passed on, in milliseconds. */
const PROGRESS_EVERY = 100;

/** Long work that goes on beside the requests, each under a number by which it can be cancelled. */
export class Tasks {
  readonly #push: (update: TaskUpdate) => void;
  readonly #running = new Map<number, AbortController>();
  #last = 0;

  constructor(push: (update: TaskUpdate) => void) {
    this.#push = push;
  }

  /**
   * @param within the abort of any of them ends the task, too.
   * @returns what the work gives; how it ends is also told.
   * @throws what the work throws; FaultError `cancelled` when it was aborted.
   */
  async run<T>(subject: TaskSubject, phase: TaskUpdate['phase'], work: (task: Task) => Promise<T>, ...within: readonly AbortSignal[]): Promise<T> {
    const task = ++this.#last;
    const controller = new AbortController();
    this.#running.set(task, controller);
    const signal = AbortSignal.any([controller.signal, ...within]);
    let reached = { phase, done: 0, total: 0 };
    let told = Number.NEGATIVE_INFINITY;
    const push = (state: TaskUpdate['state'], error?: unknown): void =>
      this.#push({ task, ...subject, ...reached, state, ...(error instanceof FaultError ? { fault: error.fault } : {}) });
    try {
      const result = await work({
        signal,
        tell: (nowIn, done, total) => {
          reached = { phase: nowIn, done, total };
          if (performance.now() - told < PROGRESS_EVERY) return;
          told = performance.now();
          push('running');
        },
      });
      push('done');
      return result;
    } catch (error) {
      if (signal.aborted) {
        push('cancelled');
        throw error instanceof FaultError ? error : new FaultError('cancelled');
      }
      push('failed', error instanceof FaultError ? error : new FaultError('internal', { detail: String(error) }));
      throw error;
    } finally {
      this.#running.delete(task);
    }
  }

  cancel(task: number): void {
    this.#running.get(task)?.abort();
  }
}

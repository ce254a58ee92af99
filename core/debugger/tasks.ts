import type { TaskUpdate } from '../contract/tasks.ts';
import { FaultError } from '../fault.ts';

/** What a task is about. */
export type TaskSubject = Pick<TaskUpdate, 'kind' | 'source' | 'execution'>;

/** A task, for its own work. */
export interface Task {
  readonly signal: AbortSignal;
  /** Reports progress. It may be called often; few calls are pushed. */
  report(phase: TaskUpdate['phase'], done: number, total: number): void;
}

/** The least time between two pushes of progress, in milliseconds: of a long task a tenth of its age, because each push causes requests. */
const PROGRESS_INTERVAL = { least: 100, most: 500, share: 0.1 };

/** Runs long work between the requests. Each task has a number by which it can be cancelled. */
export class Tasks {
  readonly #push: (update: TaskUpdate) => void;
  readonly #running = new Map<number, AbortController>();
  #last = 0;

  constructor(push: (update: TaskUpdate) => void) {
    this.#push = push;
  }

  /**
   * Runs work as a task and pushes its progress and its end.
   *
   * @param within signals that also abort the task.
   * @returns the result of the work.
   * @throws the error of the work; FaultError `cancelled` when it was aborted.
   */
  async run<T>(subject: TaskSubject, phase: TaskUpdate['phase'], work: (task: Task) => Promise<T>, ...within: readonly AbortSignal[]): Promise<T> {
    const task = ++this.#last;
    const controller = new AbortController();
    this.#running.set(task, controller);
    const signal = AbortSignal.any([controller.signal, ...within]);
    let reached = { phase, done: 0, total: 0 };
    const began = performance.now();
    let nextPush = began;
    const push = (state: TaskUpdate['state'], error?: unknown): void =>
      this.#push({ task, ...subject, ...reached, state, ...(error instanceof FaultError ? { fault: error.fault } : {}) });
    try {
      const result = await work({
        signal,
        report: (currentPhase, done, total) => {
          reached = { phase: currentPhase, done, total };
          const now = performance.now();
          if (now < nextPush) return;
          const { least, most, share } = PROGRESS_INTERVAL;
          nextPush = now + Math.min(most, Math.max(least, (now - began) * share));
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

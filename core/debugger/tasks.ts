/** Work that goes on beside the requests, each under a number by which it can be cancelled. */
export class Tasks {
  readonly #running = new Map<number, AbortController>();
  #last = 0;

  /** @param within its abort ends the task, too. */
  start(work: (signal: AbortSignal, task: number) => Promise<void>, within: AbortSignal): number {
    const task = ++this.#last;
    const controller = new AbortController();
    this.#running.set(task, controller);
    const signal = AbortSignal.any([controller.signal, within]);
    void work(signal, task).finally(() => this.#running.delete(task));
    return task;
  }

  cancel(task: number): void {
    this.#running.get(task)?.abort();
  }
}

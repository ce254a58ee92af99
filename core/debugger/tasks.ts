/** Work that goes on beside the requests, each under a number by which it can be cancelled. */
export class Tasks {
  readonly #running = new Map<number, AbortController>();
  #last = 0;

  /**
   * @param within its abort ends the task, too.
   * @returns what the work gives.
   */
  async run<T>(work: (signal: AbortSignal, task: number) => Promise<T>, within: AbortSignal): Promise<T> {
    const task = ++this.#last;
    const controller = new AbortController();
    this.#running.set(task, controller);
    try {
      return await work(AbortSignal.any([controller.signal, within]), task);
    } finally {
      this.#running.delete(task);
    }
  }

  cancel(task: number): void {
    this.#running.get(task)?.abort();
  }
}

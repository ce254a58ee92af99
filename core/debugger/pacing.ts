import type { Steps } from '../replay/steps.ts';
import type { Pause } from '../source/port.ts';

export type { Pause };

/** For programs without concurrent requests: the command line, tests. */
export const noPause: Pause = async () => {};

/** Lets only one piece of long work continue after each pause, so that a hundred of them delay a request no more than one. */
export function oneAtATime(pause: Pause): Pause {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(pause);
    return last;
  };
}

/** How long work may run between two pauses, in milliseconds: half the time between two screen refreshes. */
const MAX_RUN = 8;

/** Tells when long work should pause. */
export class Pacer {
  #since = performance.now();
  readonly #pause: Pause;

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  get isDue(): boolean {
    return performance.now() - this.#since >= MAX_RUN;
  }

  /** @throws the abort reason of the signal. */
  async pause(signal?: AbortSignal): Promise<void> {
    await this.#pause();
    signal?.throwIfAborted();
    this.#since = performance.now();
  }
}

/** Runs long work in short steps and pauses between them. @returns the result. @throws the abort reason of the signal. */
export async function runPaced<T>(steps: Steps<T>, pause: Pause, signal?: AbortSignal): Promise<T> {
  const pacer = new Pacer(pause);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (pacer.isDue) await pacer.pause(signal);
  }
}

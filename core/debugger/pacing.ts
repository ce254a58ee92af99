import type { Steps } from '../replay/steps.ts';

/** Lets waiting requests be answered before long work goes on. */
export type Pause = () => Promise<void>;

/** For hosts where nobody waits: the command line, tests. */
export const noPause: Pause = async () => {};

/** So long may long work keep requests waiting, in milliseconds. A frame of the screen takes 16. */
const LONGEST_TURN = 8;

/** Tells when it is time to let others in. */
export class Turn {
  #since = performance.now();
  readonly #pause: Pause;

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  get isOver(): boolean {
    return performance.now() - this.#since >= LONGEST_TURN;
  }

  /** @throws what the signal was aborted with. */
  async end(signal?: AbortSignal): Promise<void> {
    await this.#pause();
    signal?.throwIfAborted();
    this.#since = performance.now();
  }
}

/** Runs long work that comes in short steps, and lets others in between them. @returns what the work gives. */
export async function inTurns<T>(steps: Steps<T>, pause: Pause, signal?: AbortSignal): Promise<T> {
  const turn = new Turn(pause);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (turn.isOver) await turn.end(signal);
  }
}

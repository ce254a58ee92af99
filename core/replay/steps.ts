/**
 * Long work as a generator that yields every few milliseconds, so that its caller can do something else in between or stop
 * it.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** The bytes of patches to read between two yields, which takes one or two milliseconds. A larger patch is read in one step. */
export const STEP_BYTES = 32 * 1024;

/** Runs the work to its end without interruption. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

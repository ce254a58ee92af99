/**
 * Long work that can be interrupted: a generator that yields at places where its caller may do something else, and goes
 * on from there. What lies between two yields takes a few milliseconds at most.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** So many bytes of patches are read between two yields: one or two milliseconds. A larger patch is read in one. */
export const STEP_BYTES = 32 * 1024;

/** Runs work to its end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

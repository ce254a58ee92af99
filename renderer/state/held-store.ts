import type { StoreApi } from 'zustand/vanilla';

/** What a view needs of a store. */
type ShownStore<T> = Pick<StoreApi<T>, 'getState' | 'getInitialState' | 'subscribe'>;

/**
 * A store whose views hear of changes together: what changes while it is held is told at once when it is released. The answer
 * to a request mostly comes within milliseconds, and one painting of the move and the answer costs half of two.
 *
 * @param limit how long it is held at most, in milliseconds.
 */
export function createHeldStore<T>(store: StoreApi<T>, limit: number) {
  const listeners = new Set<(state: T, before: T) => void>();
  let before: T | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (now: T, then: T): void => {
    for (const listener of listeners) listener(now, then);
  };
  store.subscribe((now, then) => {
    if (timer === undefined) tell(now, then);
    else before ??= then;
  });
  const release = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const then = before;
    before = undefined;
    if (then !== undefined) tell(store.getState(), then);
  };
  const shown: ShownStore<T> = {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    shown,
    /** Holds back what changes from now on. A store that is held is not held for longer. */
    hold(): void {
      timer ??= setTimeout(release, limit);
    },
    release,
  };
}

import type { StoreApi } from 'zustand/vanilla';
import type { RunState } from './run-state.ts';

interface Moves {
  readonly last: () => number;
  readonly moveTo: (sequence: number, options?: { readonly jump?: boolean }) => void;
}

/** Moves the cursor from event to event while it plays. */
export function createPlayer(store: StoreApi<RunState>, { last, moveTo }: Moves) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    if (store.getState().playing) store.setState({ playing: false });
  };
  const schedule = (): void => {
    timer = setTimeout(tick, 1000 / store.getState().speed);
  };
  const tick = (): void => {
    moveTo(store.getState().sequence + 1);
    if (store.getState().sequence >= last()) stop();
    else schedule();
  };
  return {
    stop,
    toggle(): void {
      if (store.getState().playing) return stop();
      if (store.getState().sequence >= last()) moveTo(0, { jump: true });
      store.setState({ playing: true });
      schedule();
    },
  };
}

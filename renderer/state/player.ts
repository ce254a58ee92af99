import type { StoreApi } from 'zustand/vanilla';
import type { createHalts, Halt } from './halts.ts';
import type { RunState, Speed } from './run-state.ts';
import type { createStops, Stop } from './stops.ts';

interface Moves {
  readonly last: () => number;
  readonly moveTo: (sequence: number, options?: { readonly jump?: boolean }) => void;
  readonly stopsAfter: ReturnType<typeof createStops>;
  readonly nextHalt: ReturnType<typeof createHalts>;
}

/** The longest pause in real time, in milliseconds on screen. */
const LONGEST = 2000;
/** The shortest time between two moves, in milliseconds; more stops than fit are passed in one move. */
const FRAME = 1000 / 60;
/** How much playing makes up for when it is late, in milliseconds. */
const MOST_LATE = 200;

/** Moves the cursor from event to event while it plays. */
export function createPlayer(store: StoreApi<RunState>, { last, moveTo, stopsAfter, nextHalt }: Moves) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Incremented when playing starts or stops. Stops that were requested before are dropped. */
  let plays = 0;
  let ahead: readonly Stop[] = [];
  /** What the stops ahead were requested for. */
  let aheadFor = '';
  /** Where playing ends next, and what that was requested for. */
  let halt: Halt | undefined;
  let haltFor = '';
  /** When the cursor came to the stop where it is, in the time of `performance.now()`. */
  let arrived = 0;

  const stop = (): void => {
    plays++;
    clearTimeout(timer);
    ahead = [];
    haltFor = '';
    if (store.getState().playing) store.setState({ playing: false });
  };

  const fill = async (): Promise<void> => {
    const { sequence, played, filter, speed } = store.getState();
    const timed = speed.unit === 'real-time';
    const wanted = `${played} ${timed} ${played === 'matches' ? filter : ''}`;
    if (ahead.length > 0 && aheadFor === wanted) return;
    const play = plays;
    const found = await stopsAfter({ sequence, played: played === 'matches' && filter.trim() === '' ? 'all' : played, filter, timed });
    if (play !== plays) return;
    ahead = found;
    aheadFor = wanted;
  };

  /** Looks for the next halt, unless it is known: the cursor cannot have passed it. */
  const lookAhead = async (): Promise<void> => {
    const state = store.getState();
    const { halts, filter, condition, watches, conditions } = state;
    const wanted = JSON.stringify([halts, filter, condition, watches, conditions]);
    if (haltFor === wanted) return;
    const play = plays;
    const found = await nextHalt(state);
    if (play !== plays) return;
    halt = found;
    haltFor = wanted;
  };

  /** Passes all stops that are due, in one move, but never a halt. */
  const advance = (now: number): void => {
    const { speed } = store.getState();
    const [first] = ahead;
    // After the window was hidden or busy, playing goes on from where it is and does not catch up.
    if (first !== undefined) arrived = Math.max(arrived, now - wait(speed, first) - MOST_LATE);
    let passed = 0;
    for (const next of ahead) {
      if (arrived + wait(speed, next) > now) break;
      if (halt !== undefined && next.sequence >= halt.sequence) return haltHere(halt);
      arrived += wait(speed, next);
      passed++;
    }
    const stop = ahead[passed - 1];
    ahead = ahead.slice(passed);
    if (stop !== undefined) moveTo(stop.sequence);
  };

  const haltHere = (here: Halt): void => {
    stop();
    moveTo(here.sequence);
    store.setState({ halted: here });
  };

  const tick = async (): Promise<void> => {
    const play = plays;
    await fill();
    await lookAhead();
    if (play !== plays) return;
    // What is played may end before the halt.
    if (ahead.length === 0 && halt !== undefined) ahead = [{ sequence: halt.sequence, pause: 0 }];
    advance(performance.now());
    if (play !== plays) return;
    const isAtEnd = store.getState().sequence >= last();
    if (isAtEnd) return stop();
    const [next] = ahead;
    if (next === undefined) {
      // Either more stops must be requested, or there are none.
      await fill();
      if (play !== plays) return;
      if (ahead.length === 0 && halt === undefined) return stop();
    }
    const rest = next === undefined ? 0 : arrived + wait(store.getState().speed, next) - performance.now();
    timer = setTimeout(() => void tick(), Math.max(FRAME, Math.min(rest, LONGEST)));
  };

  return {
    stop,
    toggle(): void {
      if (store.getState().playing) return stop();
      plays++;
      if (store.getState().sequence >= last()) moveTo(0, { jump: true });
      store.setState({ playing: true, halted: undefined });
      arrived = performance.now();
      void tick();
    },
  };
}

/** How long the cursor waits before it goes on to a stop, in milliseconds. */
function wait({ unit, value }: Speed, { pause }: Stop): number {
  return unit === 'per-second' ? 1000 / value : Math.min(pause / value, LONGEST);
}

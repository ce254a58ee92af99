import type { Json } from '../json/value.ts';

/** Enough for the state on screen and those that it is compared with. */
const MAX_STATES = 4;
/** How many states are computed at once and kept when the cursor steps back. */
export const STATES_BACK = 16;
/** In patches. A longer move is not a step back. */
const MAX_STEP_BACK = 8;

/** The states that were requested last, oldest first, by their number of patches. */
export class RecentStates {
  readonly #states = new Map<number, Json>();
  #lastRequested = -1;

  /** Records a request. @returns whether it is a step back: then the states before this one will probably be requested next. */
  request(patches: number): boolean {
    const backwards = patches < this.#lastRequested && this.#lastRequested - patches <= MAX_STEP_BACK;
    this.#lastRequested = patches;
    return backwards;
  }

  get(patches: number): Json | undefined {
    return this.#states.get(patches);
  }

  /** The state with the most patches, among those with more than `after` and at most `upTo`. */
  nearest(after: number, upTo: number): { readonly patches: number; readonly state: Json } | undefined {
    let best: { readonly patches: number; readonly state: Json } | undefined;
    for (const [patches, state] of this.#states) if (patches <= upTo && patches > (best?.patches ?? after)) best = { patches, state };
    return best;
  }

  /** Adds a state as the newest and drops the oldest ones above the limit. */
  keep(patches: number, state: Json, stepsBack = false): void {
    this.touch(patches, state);
    const most = stepsBack ? STATES_BACK : MAX_STATES;
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= most) return;
      this.#states.delete(oldest);
    }
  }

  /** Makes a kept state the newest. */
  touch(patches: number, state: Json): void {
    this.#states.delete(patches);
    this.#states.set(patches, state);
  }

  release(): void {
    this.#states.clear();
    this.#lastRequested = -1;
  }
}

import type { Json } from '../json/value.ts';

/** So many are kept: what is looked at, and what it is compared with. */
const MOST = 4;
/** So many are made at once, and kept, where somebody steps back. */
export const STEPS_BACK = 16;
/** A step back goes no further than this, in patches. */
const LONGEST_STEP = 8;

/** States that were asked for last, oldest first, each by the number of patches behind it. */
export class RecentStates {
  readonly #states = new Map<number, Json>();
  #lastAsked = -1;

  /** Notes what is asked for. @returns whether somebody steps back: then the states before this one will be asked for next. */
  ask(patches: number): boolean {
    const backwards = patches < this.#lastAsked && this.#lastAsked - patches <= LONGEST_STEP;
    this.#lastAsked = patches;
    return backwards;
  }

  get(patches: number): Json | undefined {
    return this.#states.get(patches);
  }

  /** The last one with no more than `patches` patches behind it, but more than `than`. */
  between(than: number, patches: number): { readonly patches: number; readonly state: Json } | undefined {
    let best: { readonly patches: number; readonly state: Json } | undefined;
    for (const [at, state] of this.#states) if (at <= patches && at > (best?.patches ?? than)) best = { patches: at, state };
    return best;
  }

  /** Keeps a state as the newest; older ones give way. */
  keep(patches: number, state: Json, stepsBack = false): void {
    this.touch(patches, state);
    const most = stepsBack ? STEPS_BACK : MOST;
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= most) return;
      this.#states.delete(oldest);
    }
  }

  /** Makes one that is kept the newest. */
  touch(patches: number, state: Json): void {
    this.#states.delete(patches);
    this.#states.set(patches, state);
  }

  release(): void {
    this.#states.clear();
    this.#lastAsked = -1;
  }
}

import type { Json, JsonObject } from '../json/value.ts';

/** How densely keyframes stand, and how much of them is kept; both in bytes of patches, and a charge for keys copied. */
export interface KeyframeLimits {
  /**
   * A keyframe is taken when this much lies behind the last one, so that no seek reads more: a budget of bytes bounds
   * the tail of seek times where a count of events does not.
   */
  readonly between: number;
  /** With more than this, every second keyframe is given up and the budget doubles: memory stays bounded. */
  readonly kept: number;
}

const LIMITS: KeyframeLimits = { between: 32 * 1024, kept: 96 * 1024 * 1024 };
/**
 * What is kept takes about twice its charge in memory. That is right to a quarter for runs of agents; where states are of
 * many small objects and fractions it is a third of what they take, and where patches write again what is there it is
 * many times too much.
 */
const BYTES_PER_CHARGE = 2;
const BYTES_PER_COPIED_KEY = 16;
/** Copying may cost so many times what the patches behind the last keyframe do, before that is left as it is. */
const MOST_COPYING = 4;

/** The states after some number of patches. */
export interface Keyframe {
  /** How many patches lie behind it. */
  readonly patches: number;
  readonly state: Json;
  /** What nodes are given there. */
  readonly given: JsonObject;
  /** What it holds alone, about. */
  readonly charge: number;
}

/** States that are kept so that every other one is near: where they stand, and what they may cost (docs/replay.md, "Keyframes"). */
export class Keyframes {
  #keyframes: Keyframe[];
  #budget: number;
  #charge = 0;
  readonly #limits: KeyframeLimits;
  /** What lies behind the last one. */
  #bytes = 0;
  #copiedKeys = 0;

  /** @param origin the state before the first patch; it is always kept. */
  constructor(origin: Json, limits = LIMITS) {
    this.#limits = limits;
    this.#budget = limits.between;
    this.#keyframes = [{ patches: 0, state: origin, given: new Map(), charge: 0 }];
  }

  get count(): number {
    return this.#keyframes.length;
  }

  /** What they hold, about; the origin is not counted, because it stays. */
  get bytes(): number {
    return this.#charge * BYTES_PER_CHARGE;
  }

  /** So many bytes of patches lie between two of them, about. */
  get budget(): number {
    return this.#budget;
  }

  /** The last one with no more than so many patches behind it. */
  before(patches: number): Keyframe {
    let low = 0;
    let high = this.#keyframes.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#keyframes[middle] as Keyframe).patches <= patches) low = middle;
      else high = middle;
    }
    return this.#keyframes[low] as Keyframe;
  }

  /**
   * A patch more lies behind the last one.
   *
   * @param bytes its length.
   * @param copiedKeys how many keys have been copied to apply it.
   * @returns whether a keyframe is to be taken here, by {@link take}.
   */
  pass(bytes: number, copiedKeys: number): boolean {
    this.#bytes += bytes;
    this.#copiedKeys += copiedKeys;
    const copying = this.#copiedKeys * BYTES_PER_COPIED_KEY;
    // Beside a very wide object patches are cheap: every seek copies it, and a keyframe for each of them would, too.
    return this.#bytes + copying >= this.#budget && copying <= this.#bytes * MOST_COPYING;
  }

  take(patches: number, state: Json, given: JsonObject): void {
    const charge = this.#bytes + this.#copiedKeys * BYTES_PER_COPIED_KEY;
    this.#keyframes.push({ patches, state, given, charge });
    this.#charge += charge;
    this.#bytes = 0;
    this.#copiedKeys = 0;
    while (this.#charge > this.#limits.kept && this.#keyframes.length > 1) {
      this.#keyframes = this.#keyframes.filter((_, index) => index % 2 === 0);
      this.#charge = this.#keyframes.reduce((sum, { charge }) => sum + charge, 0);
      this.#budget *= 2;
    }
  }

  /** Gives up all but the origin; from there they are taken again, as densely as the first time. */
  release(): void {
    this.#keyframes = this.#keyframes.slice(0, 1);
    this.#budget = this.#limits.between;
    this.#charge = 0;
    this.#bytes = 0;
    this.#copiedKeys = 0;
  }
}

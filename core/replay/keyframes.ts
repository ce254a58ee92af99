import { heapSize } from '../json/heap-size.ts';
import type { Json, JsonObject } from '../json/value.ts';

export interface KeyframeLimits {
  /**
   * The distance between two keyframes in bytes of patches, plus a charge for each key that was copied to apply them. It is
   * about the most that a seek reads. A number of bytes bounds the slowest seek; a number of events would not.
   */
  readonly distance: number;
  /** Bytes of memory of all keyframes. Above it every second one is dropped, so that memory stays bounded. */
  readonly total: number;
}

const LIMITS: KeyframeLimits = { distance: 32 * 1024, total: 256 * 1024 * 1024 };
/** A copied key costs a seek as much time as reading so many bytes of patches. */
const BYTES_PER_COPIED_KEY = 16;
/** No keyframe is taken while copying has cost more than this many times the patches since the last one. */
const MAX_COPYING_RATIO = 4;
/** Of how many keyframes the memory is measured after thinning: of all of them it would take tens of milliseconds. */
const MEASURED = 64;
/** What a key of an object takes in memory, in bytes. */
const HEAP_PER_KEY = 36;

/** The states after a number of patches. */
export interface Keyframe {
  readonly patches: number;
  readonly state: Json;
  /** In the reading *given*. */
  readonly given: JsonObject;
}

/** Decides which states are kept, so that a seek from the nearest one is short (docs/replay.md, "Keyframes"). */
export class Keyframes {
  #keyframes: Keyframe[];
  #distance: number;
  #bytesOfAll = 0;
  readonly #limits: KeyframeLimits;
  /** Since the last keyframe, likewise `#copiedKeys`. */
  #bytes = 0;
  #copiedKeys = 0;

  /** @param origin the state before the first patch, which is always kept. */
  constructor(origin: Json, limits = LIMITS) {
    this.#limits = limits;
    this.#distance = limits.distance;
    this.#keyframes = [{ patches: 0, state: origin, given: new Map() }];
  }

  get count(): number {
    return this.#keyframes.length;
  }

  /** Approximate memory of all keyframes but the origin, without what they share with each other. */
  get bytes(): number {
    return this.#bytesOfAll;
  }

  /** The present distance between two keyframes, in bytes of patches. */
  get distance(): number {
    return this.#distance;
  }

  /** The last keyframe after at most `patches` patches. */
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
   * Counts one more patch since the last keyframe.
   *
   * @param bytes the length of the patch.
   * @param copiedKeys how many keys were copied to apply it.
   * @returns whether a keyframe is due after this patch; the caller must then {@link add} it.
   */
  advance(bytes: number, copiedKeys: number): boolean {
    this.#bytes += bytes;
    this.#copiedKeys += copiedKeys;
    const copying = this.#copiedKeys * BYTES_PER_COPIED_KEY;
    // With a very wide object and small patches, each keyframe would hold another copy of the object.
    return this.#bytes + copying >= this.#distance && copying <= this.#bytes * MAX_COPYING_RATIO;
  }

  add(patches: number, state: Json, given: JsonObject): void {
    const keyframe = { patches, state, given };
    this.#bytesOfAll += bytesBeside(keyframe, this.#keyframes.at(-1));
    this.#keyframes.push(keyframe);
    this.#bytes = 0;
    this.#copiedKeys = 0;
    while (this.#bytesOfAll > this.#limits.total && this.#keyframes.length > 1) this.thin();
  }

  /** Drops every second keyframe and doubles the distance. */
  thin(): void {
    // There is nothing to drop, and a greater distance would only make later seeks slow.
    if (this.#keyframes.length === 1) return;
    this.#keyframes = this.#keyframes.filter((_, index) => index % 2 === 0);
    this.#distance *= 2;
    // What a keyframe shared with a dropped one it now holds alone, so the memory does not just halve.
    const step = Math.ceil(this.#keyframes.length / MEASURED);
    let measured = 0;
    let bytes = 0;
    for (let index = step; index < this.#keyframes.length; index += step, measured++) {
      bytes += bytesBeside(this.#keyframes[index] as Keyframe, this.#keyframes[index - 1]);
    }
    this.#bytesOfAll = measured === 0 ? 0 : (bytes / measured) * (this.#keyframes.length - 1);
  }

  /** Drops all keyframes but the origin and returns to the initial distance. */
  release(): void {
    this.#keyframes = this.#keyframes.slice(0, 1);
    this.#distance = this.#limits.distance;
    this.#bytesOfAll = 0;
    this.#bytes = 0;
    this.#copiedKeys = 0;
  }
}

/** The memory of a keyframe that the one before it does not hold too. The values that nodes are given are mostly those of the state: only their keys count. */
function bytesBeside({ state, given }: Keyframe, before: Keyframe | undefined): number {
  return heapSize(state, before?.state) + (given === before?.given ? 0 : given.size * HEAP_PER_KEY);
}

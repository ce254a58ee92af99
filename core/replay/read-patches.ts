import type { Json } from '../json/value.ts';
import type { PatchArena } from './patch-arena.ts';

/** A generation ends after so many bytes of patch text, which is about the distance of keyframes. Two generations are kept. */
const GENERATION = 64 * 1024;

/**
 * Values of the patches that were read last. The states before and after an event and what nodes are given there are made
 * of the same patches: they are parsed once, and their parts are shared, so that comparing them is cheap.
 */
export class ReadPatches {
  readonly #patches: PatchArena;
  // Two maps and no order of use: dropping entries one by one costs more than parsing a patch again.
  #young = new Map<number, Json>();
  #old = new Map<number, Json>();
  /** Of the young ones. */
  #bytes = 0;

  constructor(patches: PatchArena) {
    this.#patches = patches;
  }

  /** The value of patch `index`. It must not be changed. */
  read(index: number): Json {
    const known = this.#young.get(index) ?? this.#old.get(index);
    if (known !== undefined) return known;
    const value = this.#patches.read(index);
    this.#young.set(index, value);
    this.#bytes += this.#patches.lengthOf(index);
    if (this.#bytes > GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bytes = 0;
    }
    return value;
  }

  release(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#bytes = 0;
  }
}

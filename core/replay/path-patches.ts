import { isObject, type Json } from '../json/value.ts';
import type { History } from './history.ts';
import { MERGES, REPLACES } from './patch.ts';
import { ESCAPE, type PatchArena } from './patch-arena.ts';
import type { States } from './states.ts';

/**
 * The patches that may change the value at a path. A patch whose bytes do not contain the first key of the path is skipped
 * without parsing it, and only the part under that key is compared.
 */
export class PathPatches {
  readonly #patches: PatchArena;
  readonly #states: States;
  readonly #key: string | undefined;
  /** How the key may be spelled in JSON, except with escapes such as `\\u0041`. */
  readonly #spellings: readonly Buffer[];

  /** @param keys the keys of the path, from the root down; empty for the whole state. */
  constructor({ patches, states }: Pick<History, 'patches' | 'states'>, keys: readonly string[]) {
    this.#patches = patches;
    this.#states = states;
    this.#key = keys[0];
    const key = keys[0] ?? '';
    this.#spellings = [JSON.stringify(key), ...(key.includes('/') ? ['\\/'] : [])].map((text) => Buffer.from(text));
  }

  /** The part of a state or a patch under the first key. */
  relevantPart(value: Json): Json {
    if (this.#key === undefined || !isObject(value)) return value;
    const member = value.get(this.#key);
    return new Map(member === undefined ? [] : [[this.#key, member]]);
  }

  /** The relevant part of patch `index`; undefined when the patch cannot change the value. */
  read(index: number): Json | undefined {
    if (!this.mayChange(index)) return undefined;
    const part = this.relevantPart(this.#patches.read(index));
    return this.#alwaysCounts(index) || !isObject(part) || part.size > 0 ? part : undefined;
  }

  /** Whether patch `index` may change the value, as far as that is seen without parsing it. */
  mayChange(index: number): boolean {
    if (!(this.#patches.usesOf(index) & (MERGES | REPLACES))) return false;
    return this.#alwaysCounts(index) || this.#spellings.some((text) => this.#patches.includes(index, text)) || this.#patches.includes(index, ESCAPE);
  }

  #alwaysCounts(index: number): boolean {
    return this.#everyPatchCounts || (this.#patches.usesOf(index) & REPLACES) !== 0;
  }

  /** Whether one of patches [from, to) may change the value. */
  anyIn(from: number, to: number): boolean {
    if (this.#everyPatchCounts || this.#patches.replacementBefore(to) >= from) return true;
    if (this.endOf(to) <= from) return false;
    return this.#spellings.some((text) => this.#patches.includesIn(from, to, text)) || this.#patches.includesIn(from, to, ESCAPE);
  }

  /** How many of the first `end` patches remain when those behind the last one that may change the value are left out. */
  endOf(end: number): number {
    if (this.#key === undefined || this.#everyPatchCounts) return end;
    return Math.max(this.#states.keys.endOf(this.#key, end), this.#patches.replacementBefore(end) + 1);
  }

  /** Every patch may change the whole state. And a patch of a state that is not an object replaces it, whatever its keys are. */
  get #everyPatchCounts(): boolean {
    return this.#key === undefined || this.#states.hasBareStates;
  }
}

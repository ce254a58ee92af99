import { isObject, type Json } from '../json/value.ts';
import type { History } from './history.ts';
import { MERGES, REPLACES } from './patch.ts';
import { ESCAPE, type PatchArena } from './patch-arena.ts';
import type { States } from './states.ts';

/**
 * The patches that may change the value at a path. Those that do not have its first key are told by their bytes, before
 * anything is parsed. Only what stands under that key is looked at: what patches do elsewhere cannot change the value.
 */
export class PathPatches {
  readonly #patches: PatchArena;
  readonly #states: States;
  readonly #key: string | undefined;
  /** How the key may stand in a text; with escapes such as `\\u0041` it may stand otherwise, too. */
  readonly #spellings: readonly Buffer[];

  /** @param keys of the path, from the root down; none for the whole state. */
  constructor({ patches, states }: Pick<History, 'patches' | 'states'>, keys: readonly string[]) {
    this.#patches = patches;
    this.#states = states;
    this.#key = keys[0];
    const key = keys[0] ?? '';
    this.#spellings = [JSON.stringify(key), ...(key.includes('/') ? ['\\/'] : [])].map((text) => Buffer.from(text));
  }

  /** What counts of a state or a patch. */
  part(value: Json): Json {
    if (this.#key === undefined || !isObject(value)) return value;
    const member = value.get(this.#key);
    return new Map(member === undefined ? [] : [[this.#key, member]]);
  }

  /** What counts of patch `index`; undefined when it cannot change the value. */
  read(index: number): Json | undefined {
    const uses = this.#patches.usesOf(index);
    if (!(uses & (MERGES | REPLACES))) return undefined;
    const looked = this.#all || (uses & REPLACES) !== 0;
    if (!looked && !this.#spellings.some((text) => this.#patches.includes(index, text)) && !this.#patches.includes(index, ESCAPE)) return undefined;
    const part = this.part(this.#patches.read(index));
    return looked || !isObject(part) || part.size > 0 ? part : undefined;
  }

  /** Whether one of patches [from, to) may change the value. */
  anyIn(from: number, to: number): boolean {
    if (this.#all || this.#patches.replacementBefore(to) >= from) return true;
    return this.#spellings.some((text) => this.#patches.includesIn(from, to, text)) || this.#patches.includesIn(from, to, ESCAPE);
  }

  /** The last patch before `index` that may; -1 when there is none. */
  before(index: number): number {
    if (this.#all) return index - 1;
    return Math.max(this.#patches.lastWith(this.#spellings, index), this.#patches.lastEscaped(index), this.#patches.replacementBefore(index));
  }

  /** Every patch counts for the whole state; and into a state that is no object each writes anew, whatever its keys. */
  get #all(): boolean {
    return this.#key === undefined || this.#states.hasBareStates;
  }
}

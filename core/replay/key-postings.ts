import { isObject, type Json } from '../json/value.ts';
import { bytesOf, Column } from './column.ts';
import { changesAt } from './patch.ts';

/** Patches that share a posting. Fewer would need more memory; more, more reading of patches that do not count. */
const GROUP = 128;
/** Of how many keys postings are kept. A log that writes a new key with every patch must not fill the memory. */
const MAX_KEYS = 4096;

/**
 * Which patches change the value of which top-level key. Postings are of groups of patches, so they say where a value may
 * change, and for certain where it does not: writing an equal value again is no change. Patches are added while they are
 * folded, because only then they are read and the state before them is known.
 */
export class KeyPostings {
  /** Of each key, the groups with a patch that changes its value, in ascending order. */
  readonly #groups = new Map<string, Column<Uint32Array>>();
  #count = 0;
  #hasAllKeys = true;

  /** How many leading patches have been added. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return bytesOf(...this.#groups.values()) + this.#groups.size * 200;
  }

  /** Adds the next patch. One that is no object has no keys. @param state the state before it. */
  add(patch: Json, uses: number, state: Json): void {
    const group = Math.floor(this.#count++ / GROUP);
    if (isObject(patch)) for (const key of patch.keys()) this.#add(key, group, () => changesAt(state, patch, uses, [key]));
  }

  /** @param changes called only if the group does not have the key yet. */
  #add(key: string, group: number, changes: () => boolean): void {
    let groups = this.#groups.get(key);
    if (groups?.last() === group || !changes()) return;
    if (groups === undefined) {
      if (this.#groups.size === MAX_KEYS) {
        this.#hasAllKeys = false;
        return;
      }
      groups = new Column(new Uint32Array(4));
      // A key that was cut out of the text of its patch would keep that text in memory.
      this.#groups.set(JSON.parse(JSON.stringify(key)) as string, groups);
    }
    groups.push(group);
  }

  /**
   * How many of the first `end` patches remain when those behind the last one that may change the key's value are left out; 0
   * when none changes it, and `end` when that is not known.
   */
  endOf(key: string, end: number): number {
    const groups = this.#groups.get(key);
    if (end > this.#count || (groups === undefined && !this.#hasAllKeys)) return end;
    const before = groups?.countUpTo(Math.ceil(end / GROUP) - 1) ?? 0;
    return groups === undefined || before === 0 ? 0 : Math.min(end, (groups.at(before - 1) + 1) * GROUP);
  }
}

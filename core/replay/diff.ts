import { childPointer, type Pointer } from '../json/pointer.ts';
import { equalJson, inKeyOrder, isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { align } from './align.ts';

/** One difference, in the terms of RFC 6902. */
export interface Change {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: Pointer;
  readonly old?: Json;
  readonly new?: Json;
}

export interface Diff {
  /** In an order in which they can be applied one after another. */
  readonly changes: readonly Change[];
  /** There are more changes than the limit. */
  readonly more: boolean;
  /** Arrays that differ too much to match their items, which are compared by index. */
  readonly coarse: readonly Pointer[];
}

/**
 * The changes that turn `before` into `after`. Parts that the two share are skipped, so comparing neighbouring states
 * takes time only for what changed. Items of arrays are matched as {@link align} says.
 *
 * @param limit the maximum number of changes.
 */
export function diffJson(before: Json, after: Json, limit = Number.POSITIVE_INFINITY): Diff {
  const changes: Change[] = [];
  const coarse: Pointer[] = [];
  const walk = (a: Json, b: Json, path: Pointer): void => {
    if (a === b || changes.length > limit) return;
    if (isObject(a) && isObject(b)) {
      const [differing, added] = differingKeys(a, b);
      for (const key of differing) {
        const old = a.get(key) as Json;
        const value = b.get(key);
        if (value === undefined) changes.push({ op: 'remove', path: childPointer(path, key), old });
        else walk(old, value, childPointer(path, key));
      }
      for (const key of added) changes.push({ op: 'add', path: childPointer(path, key), new: b.get(key) as Json });
    } else if (isArray(a) && isArray(b)) {
      const alignment = align(a, b);
      if (alignment.coarse) coarse.push(path);
      // The index of an item after the changes before it have been applied.
      let at = alignment.pairs[0]?.before ?? alignment.pairs[0]?.after ?? 0;
      for (const pair of alignment.pairs) {
        const here = childPointer(path, at);
        if (pair.after === undefined) changes.push({ op: 'remove', path: here, old: a[pair.before as number] as Json });
        else if (pair.before === undefined) changes.push({ op: 'add', path: here, new: b[pair.after] as Json });
        else walk(a[pair.before] as Json, b[pair.after] as Json, here);
        if (pair.after !== undefined) at++;
      }
    } else if (!equalJson(a, b)) {
      changes.push({ op: 'replace', path, old: a, new: b });
    }
  };
  walk(before, after, '');
  return { changes: changes.slice(0, limit), more: changes.length > limit, coarse };
}

/** The keys of `a` that `b` lacks or holds another value under, and the keys that only `b` has; both sorted. */
function differingKeys(a: JsonObject, b: JsonObject): [differing: string[], added: string[]] {
  const differing: string[] = [];
  let missing = 0;
  for (const [key, old] of a) {
    const value = b.get(key);
    if (value === old) continue;
    differing.push(key);
    if (value === undefined) missing++;
  }
  const added = b.size === a.size - missing ? [] : [...b.keys()].filter((key) => !a.has(key));
  return [inKeyOrder(differing), inKeyOrder(added)];
}

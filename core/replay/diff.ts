import { childPointer, type Pointer } from '../json/pointer.ts';
import { equalJson, isArray, isObject, type Json, sortedKeys } from '../json/value.ts';

/** One difference, in the terms of RFC 6902. */
export interface Change {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: Pointer;
  readonly old?: Json;
  readonly new?: Json;
}

/**
 * What turns `before` into `after`, in an order in which it can be applied. Parts that the two share are skipped
 * without a look, so neighbours in a history cost only what changed (performance.md §3). Items of arrays are
 * compared by their place.
 *
 * @param limit stops after so many changes; the result may then be one longer than the limit and is not complete.
 */
export function diffJson(before: Json, after: Json, limit = Number.POSITIVE_INFINITY): Change[] {
  const changes: Change[] = [];
  const walk = (a: Json, b: Json, path: Pointer): void => {
    if (a === b || changes.length > limit) return;
    if (isObject(a) && isObject(b)) {
      for (const key of sortedKeys(a)) {
        const old = a.get(key) as Json;
        const value = b.get(key);
        if (value === undefined) changes.push({ op: 'remove', path: childPointer(path, key), old });
        else if (value !== old) walk(old, value, childPointer(path, key));
      }
      for (const key of sortedKeys(b)) {
        if (!a.has(key)) changes.push({ op: 'add', path: childPointer(path, key), new: b.get(key) as Json });
      }
    } else if (isArray(a) && isArray(b)) {
      const shared = Math.min(a.length, b.length);
      for (let i = 0; i < shared; i++) walk(a[i] as Json, b[i] as Json, childPointer(path, i));
      for (let i = a.length - 1; i >= shared; i--) changes.push({ op: 'remove', path: childPointer(path, i), old: a[i] as Json });
      for (let i = shared; i < b.length; i++) changes.push({ op: 'add', path: childPointer(path, i), new: b[i] as Json });
    } else if (!equalJson(a, b)) {
      changes.push({ op: 'replace', path, old: a, new: b });
    }
  };
  walk(before, after, '');
  return changes;
}

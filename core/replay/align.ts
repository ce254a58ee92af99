import { diffArrays } from 'diff';
import { canonicalJson } from '../json/print.ts';
import { equalJson, isArray, isObject, type Json, type JsonArray, JsonNumber } from '../json/value.ts';

/** Items of two arrays that belong together, or one that has no partner; by their places. */
interface Pair {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface Alignment {
  /** In the order of both arrays. What is left out lies before the first or after the last of them and is equal. */
  readonly pairs: readonly Pair[];
  /** The arrays differ in too much: their items are only compared by their place. */
  readonly coarse: boolean;
}

/** Arrays whose differing parts are longer, or need more insertions and removals, are compared by place: both in items. */
const MOST_ITEMS = 5000;
const MOST_EDITS = 250;

/**
 * Which items of two arrays belong together: those with the same `id` where every item has one of its own, otherwise
 * those that are equal (the fewest insertions and removals; Myers, An O(ND) Difference Algorithm, 1986), and what lies
 * between them in pairs.
 */
export function align(before: JsonArray, after: JsonArray): Alignment {
  let start = 0;
  while (start < before.length && start < after.length && equalJson(before[start] as Json, after[start] as Json)) start++;
  let [endBefore, endAfter] = [before.length, after.length];
  while (endBefore > start && endAfter > start && equalJson(before[endBefore - 1] as Json, after[endAfter - 1] as Json)) {
    endBefore--;
    endAfter--;
  }
  const pairs: Pair[] = [];
  let [a, b] = [start, start];
  const apart = (removed: number, added: number, inPairs: boolean): void => {
    const together = inPairs ? Math.min(removed, added) : 0;
    for (let i = 0; i < together; i++) pairs.push({ before: a++, after: b++ });
    for (let i = together; i < removed; i++) pairs.push({ before: a++, after: undefined });
    for (let i = together; i < added; i++) pairs.push({ before: undefined, after: b++ });
  };
  const edits = editsOf(before.slice(start, endBefore), after.slice(start, endAfter));
  if (edits === undefined) {
    apart(endBefore - start, endAfter - start, true);
    return { pairs, coarse: true };
  }
  for (const { same, removed, added } of edits.runs) {
    apart(removed, added, !edits.byId);
    for (let i = 0; i < same; i++) pairs.push({ before: a++, after: b++ });
  }
  return { pairs, coarse: false };
}

interface Edits {
  readonly byId: boolean;
  /** Each: so many removed and added, and then so many that stay. */
  readonly runs: { removed: number; added: number; same: number }[];
}

function editsOf(before: readonly Json[], after: readonly Json[]): Edits | undefined {
  if (before.length === 0 || after.length === 0) return { byId: false, runs: [{ removed: before.length, added: after.length, same: 0 }] };
  if (Math.max(before.length, after.length) > MOST_ITEMS) return undefined;
  const ids = [idsOf(before), idsOf(after)] as const;
  const byId = ids[0] !== undefined && ids[1] !== undefined;
  const [left, right] = byId ? (ids as readonly [string[], string[]]) : [before.map((item) => canonicalJson(item)), after.map((item) => canonicalJson(item))];
  const parts = diffArrays(left, right, { maxEditLength: MOST_EDITS });
  if (parts === undefined) return undefined;
  const runs: Edits['runs'] = [];
  for (const { added, removed, count } of parts) {
    let last = runs.at(-1);
    if (last === undefined || (last.same > 0 && (added || removed))) {
      last = { removed: 0, added: 0, same: 0 };
      runs.push(last);
    }
    if (added) last.added += count;
    else if (removed) last.removed += count;
    else last.same += count;
  }
  return { byId, runs };
}

/** The ids of items that all have one of their own. */
function idsOf(items: readonly Json[]): string[] | undefined {
  const ids = new Set<string>();
  for (const item of items) {
    const id = isObject(item) ? item.get('id') : undefined;
    if (id === undefined || id === null || isObject(id) || isArray(id)) return undefined;
    ids.add(id instanceof JsonNumber ? id.text : JSON.stringify(id));
  }
  return ids.size === items.length ? [...ids] : undefined;
}

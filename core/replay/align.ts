import { diffArrays } from 'diff';
import { canonicalJson } from '../json/print.ts';
import { equalJson, isArray, isObject, type Json, type JsonArray, JsonNumber } from '../json/value.ts';

/** The indices of two items that match, or of one item without a match. */
interface Pair {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface Alignment {
  /** In the order of both arrays. Equal items at the beginning and at the end are left out. */
  readonly pairs: readonly Pair[];
  /** The arrays differ too much to match their items, so these are paired by index. */
  readonly coarse: boolean;
}

/** Arrays whose differing parts are longer, or need more insertions and removals, are compared by index. Both in items. */
const MAX_ITEMS = 5000;
const MAX_EDITS = 250;

/**
 * Matches the items of two arrays: by `id` where every item has a unique one; otherwise equal items are matched with the
 * fewest insertions and removals (Myers, An O(ND) Difference Algorithm, 1986), and the items between them by index.
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
  const pushDiffering = (removed: number, added: number, byIndex: boolean): void => {
    const paired = byIndex ? Math.min(removed, added) : 0;
    for (let i = 0; i < paired; i++) pairs.push({ before: a++, after: b++ });
    for (let i = paired; i < removed; i++) pairs.push({ before: a++, after: undefined });
    for (let i = paired; i < added; i++) pairs.push({ before: undefined, after: b++ });
  };
  const edits = editsOf(before.slice(start, endBefore), after.slice(start, endAfter));
  if (edits === undefined) {
    pushDiffering(endBefore - start, endAfter - start, true);
    return { pairs, coarse: true };
  }
  for (const { same, removed, added } of edits.runs) {
    pushDiffering(removed, added, !edits.byId);
    for (let i = 0; i < same; i++) pairs.push({ before: a++, after: b++ });
  }
  return { pairs, coarse: false };
}

interface Edits {
  readonly byId: boolean;
  /** Numbers of items: each run removes some, adds some, and then keeps some. */
  readonly runs: { removed: number; added: number; same: number }[];
}

function editsOf(before: readonly Json[], after: readonly Json[]): Edits | undefined {
  if (before.length === 0 || after.length === 0) return { byId: false, runs: [{ removed: before.length, added: after.length, same: 0 }] };
  if (Math.max(before.length, after.length) > MAX_ITEMS) return undefined;
  const ids = [idsOf(before), idsOf(after)] as const;
  const byId = ids[0] !== undefined && ids[1] !== undefined;
  const [left, right] = byId ? (ids as readonly [string[], string[]]) : [before.map((item) => canonicalJson(item)), after.map((item) => canonicalJson(item))];
  const parts = diffArrays(left, right, { maxEditLength: MAX_EDITS });
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

/** The ids of the items; undefined unless every item has one and all differ. */
function idsOf(items: readonly Json[]): string[] | undefined {
  const ids = new Set<string>();
  for (const item of items) {
    const id = isObject(item) ? item.get('id') : undefined;
    if (id === undefined || id === null || isObject(id) || isArray(id)) return undefined;
    ids.add(id instanceof JsonNumber ? id.text : JSON.stringify(id));
  }
  return ids.size === items.length ? [...ids] : undefined;
}

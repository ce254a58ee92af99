import { equalJson, isObject, type Json, JsonMap } from '../json/value.ts';

/**
 * The JSON Merge Patch (RFC 7396) that turns `before` into `after`.
 *
 * @returns undefined when there is none, because a member that is null, or a state that is, cannot be written as one.
 */
export function mergePatchOf(before: Json | undefined, after: Json): Json | undefined {
  if (!isObject(after)) return after === null ? undefined : after;
  const patch = new JsonMap();
  const past = isObject(before) ? before : new JsonMap();
  for (const [key, value] of after) {
    const old = past.get(key);
    if (old !== undefined && (old === value || equalJson(old, value))) continue;
    const change = mergePatchOf(old, value);
    if (change === undefined) return undefined;
    patch.set(key, change);
  }
  for (const key of past.keys()) if (!after.has(key)) patch.set(key, null);
  return patch;
}

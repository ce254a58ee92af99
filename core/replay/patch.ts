import { valueUnder } from '../json/pointer.ts';
import { copyOf, equalJson, isObject, type Json, JsonMap, type JsonObject } from '../json/value.ts';

/** The uses of a patch are bits, because there are millions of patches. This one: it is merged into the state. */
export const MERGES = 1;
/** It replaces the whole state. */
export const REPLACES = 2;
/** Its top-level keys replace those of the given state. */
export const SETS_GIVEN = 4;

/**
 * RFC 7396 (JSON Merge Patch), except that a null patch at the top changes nothing, as in the runtime. A pure function for
 * reference; {@link PatchApplier} is the fast version.
 */
export function merge(target: Json, patch: Json): Json {
  return patch === null ? target : mergeMember(target, patch);
}

function mergeMember(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? copyOf(target) : new JsonMap();
  for (const [key, change] of patch) {
    if (change === null) result.delete(key);
    else result.set(key, mergeMember(result.get(key), change));
  }
  return result;
}

/**
 * Whether applying a patch to `state` would change the value under `keys`. Nothing is applied or copied, and only what the
 * patch writes is compared.
 *
 * @param uses MERGES or REPLACES.
 */
export function changesAt(state: Json, patch: Json, uses: number, keys: readonly string[]): boolean {
  if (uses & REPLACES) return !equalJson(valueUnder(state, keys), valueUnder(patch, keys));
  return (uses & MERGES) !== 0 && patch !== null && changesMember(state, patch, keys, 0);
}

function changesMember(target: Json | undefined, patch: Json, keys: readonly string[], depth: number): boolean {
  if (!isObject(target) || !isObject(patch)) {
    // The patch replaces the target.
    return !equalJson(valueUnder(target, keys, depth), valueUnder(isObject(patch) ? mergeMember(undefined, patch) : patch, keys, depth));
  }
  const [only, below] = depth < keys.length ? [[keys[depth] as string], depth + 1] : [patch.keys(), depth];
  for (const key of only) {
    const [old, change] = [target.get(key), patch.get(key)];
    if (change === undefined) continue;
    if (change === null ? valueUnder(old, keys, below) !== undefined : changesMember(old, change, keys, below)) return true;
  }
  return false;
}

/**
 * Applies patches one after another. After each {@link freeze}, an object is copied the first time it is written to, and that
 * copy is then changed in place. So frozen states never change, and share everything that is equal.
 */
export class PatchApplier {
  #fresh = new Set<JsonObject>();
  #state: Json;
  /** How many keys have been copied so far. */
  copiedKeys = 0;

  constructor(state: Json) {
    this.#state = state;
  }

  /** The present state. It may still change; call {@link freeze} to keep it. */
  get state(): Json {
    return this.#state;
  }

  /** From here on the present state is never changed, only copied. */
  freeze(): Json {
    if (this.#fresh.size > 0) this.#fresh = new Set();
    return this.#state;
  }

  /** @param uses MERGES or REPLACES; SETS_GIVEN alone changes nothing here. */
  apply(value: Json, uses: number): void {
    if (uses & REPLACES) this.replace(value);
    else if (uses & MERGES) this.merge(value);
  }

  merge(patch: Json): void {
    if (patch !== null) this.#state = this.#mergeMember(this.#state, patch);
  }

  replace(state: Json): void {
    this.#state = state;
  }

  #mergeMember(target: Json | undefined, patch: Json): Json {
    if (!isObject(patch)) return patch;
    const result = this.#writable(target);
    // Iterating over entries would allocate an array for each, for every patch of a seek.
    for (const key of patch.keys()) {
      const change = patch.get(key) as Json;
      if (change === null) result.delete(key);
      else if (isObject(change)) result.set(key, this.#mergeMember(result.get(key), change));
      else result.set(key, change);
    }
    return result;
  }

  #writable(target: Json | undefined): Map<string, Json> {
    if (isObject(target)) {
      if (this.#fresh.has(target)) return target as Map<string, Json>;
      this.copiedKeys += target.size;
    }
    const copy = isObject(target) ? copyOf(target) : new JsonMap();
    this.#fresh.add(copy);
    return copy;
  }
}

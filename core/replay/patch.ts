import { valueUnder } from '../json/pointer.ts';
import { copyOf, equalJson, isObject, type Json, type JsonObject } from '../json/value.ts';

/** What a patch of a log does: bits, because there are millions of them. */
export const MERGES = 1;
/** It takes the place of the whole state. */
export const REPLACES = 2;
/** Its top-level keys are handed to nodes. */
export const GIVES = 4;

/**
 * RFC 7396 (JSON Merge Patch) as the runtime applies it: the same, but a null patch at the top changes nothing.
 * Pure and plain; {@link PatchApplier} is its fast twin.
 */
export function merge(target: Json, patch: Json): Json {
  return patch === null ? target : mergeMember(target, patch);
}

function mergeMember(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = new Map(isObject(target) ? target : []);
  for (const [key, change] of patch) {
    if (change === null) result.delete(key);
    else result.set(key, mergeMember(result.get(key), change));
  }
  return result;
}

/**
 * Whether a patch changes the value that `keys` lead to, were it applied to `state`. Nothing is applied or copied, and only
 * what the patch writes is compared.
 *
 * @param uses what it does: MERGES or REPLACES.
 */
export function changesAt(state: Json, patch: Json, uses: number, keys: readonly string[]): boolean {
  if (uses & REPLACES) return !equalJson(valueUnder(state, keys), valueUnder(patch, keys));
  return (uses & MERGES) !== 0 && patch !== null && changesMember(state, patch, keys, 0);
}

function changesMember(target: Json | undefined, patch: Json, keys: readonly string[], depth: number): boolean {
  if (!isObject(target) || !isObject(patch)) {
    // It takes the place of what is there.
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
 * Applies patches one after the other, copying an object the first time it is written to and changing that copy
 * afterwards ("epoch copy-on-write"): as cheap as changing in place, and states taken before {@link freeze} are safe to
 * keep, and share everything that did not change since.
 */
export class PatchApplier {
  #fresh = new Set<JsonObject>();
  #state: Json;
  /** How many keys had to be copied so far: a part of what a state costs to make again. */
  copiedKeys = 0;

  constructor(state: Json) {
    this.#state = state;
  }

  /** The state now. It may still change; call {@link freeze} before keeping it. */
  get state(): Json {
    return this.#state;
  }

  /** From here on the present state is never changed, only copied. */
  freeze(): Json {
    if (this.#fresh.size > 0) this.#fresh = new Set();
    return this.#state;
  }

  /** @param uses what the value does: MERGES or REPLACES; GIVES alone changes nothing here. */
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
    // By its keys: the entries of a Map are an array each, and this is done for every patch of a seek.
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
    const copy = isObject(target) ? copyOf(target) : new Map<string, Json>();
    this.#fresh.add(copy);
    return copy;
  }
}

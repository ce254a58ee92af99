import { copyOf, isObject, type Json, type JsonObject } from '../json/value.ts';

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
 * Applies patches one after the other, copying an object the first time it is written to and changing that copy
 * afterwards ("epoch copy-on-write", performance.md §2.1). States taken before {@link freeze} are safe to keep, and
 * share everything that did not change since.
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

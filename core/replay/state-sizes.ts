import { jsonSize, memberSize } from '../json/size.ts';
import { copyOf, isObject, type Json, JsonMap, type JsonObject } from '../json/value.ts';
import { Column } from './column.ts';
import type { History } from './history.ts';
import { MERGES, REPLACES } from './patch.ts';
import type { Series } from './series.ts';
import { STEP_BYTES, type Steps } from './steps.ts';

/** The size of the state as compact JSON, in bytes, after each patch of a log. */
export interface StateSizes extends Series {
  /** After all events up to a position. */
  at(position: number): number;
}

/**
 * One fold over all patches, in steps. Each adds what it writes and subtracts what it replaces, so that a state of any size
 * costs no more than its patches.
 */
export function* stateSizes({ patches, states }: History): Steps<StateSizes> {
  const sized = new SizedState(states.stateAfter(0));
  const sizes = new Column(new Float64Array(64));
  sizes.push(sized.bytes);
  const count = patches.count;
  let left = STEP_BYTES;
  for (let index = 0; index < count; index++) {
    const uses = patches.usesOf(index);
    if (uses & REPLACES) sized.replace(patches.read(index));
    else if (uses & MERGES) sized.merge(patches.read(index));
    sizes.push(sized.bytes);
    left -= patches.costOf(index);
    if (left > 0) continue;
    yield;
    left = STEP_BYTES;
  }
  sizes.trim();
  const countUpTo = (position: number): number => Math.min(count, patches.countUpTo(position));
  return {
    countUpTo,
    positionOf: (index) => patches.positionOf(index),
    valueOf: (index) => sizes.at(index + 1),
    at: (position) => sizes.at(countUpTo(position)),
  };
}

/** A state that is changed in place and knows its size. */
class SizedState {
  bytes: number;
  #state: Json;
  /** The objects that no one else has. */
  #own = new Set<JsonObject>();

  constructor(state: Json) {
    this.#state = state;
    this.bytes = jsonSize(state);
  }

  replace(state: Json): void {
    this.#state = state;
    this.#own = new Set();
    this.bytes = jsonSize(state);
  }

  merge(patch: Json): void {
    if (patch !== null) this.#state = this.#merged(this.#state, patch);
  }

  #merged(target: Json | undefined, patch: Json): Json {
    if (!isObject(patch)) {
      this.bytes += jsonSize(patch) - (target === undefined ? 0 : jsonSize(target));
      return patch;
    }
    const object = this.#writable(target);
    for (const key of patch.keys()) {
      const change = patch.get(key) as Json;
      const old = object.get(key);
      if (change === null) {
        if (old === undefined) continue;
        object.delete(key);
        this.bytes -= memberSize(key, object.size) + jsonSize(old);
      } else {
        if (old === undefined) this.bytes += memberSize(key, object.size);
        object.set(key, this.#merged(old, change));
      }
    }
    return object;
  }

  #writable(target: Json | undefined): Map<string, Json> {
    if (isObject(target) && this.#own.has(target)) return target as Map<string, Json>;
    if (!isObject(target)) this.bytes += 2 - (target === undefined ? 0 : jsonSize(target));
    const object = isObject(target) ? copyOf(target) : new JsonMap();
    this.#own.add(object);
    return object;
  }
}

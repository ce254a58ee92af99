import type { Event } from '../jamjet/event.ts';
import { copyOf, isObject, type Json, type JsonObject } from '../json/value.ts';

/**
 * The scheduler's own fold (docs/replay.md, "Three readings"): what nodes are given, conditions are decided on, and a run ends with.
 * Each top-level key of a completion's patch takes the place of that key, nulls included; approvals are not in it.
 *
 * @param startsWithInput whether it begins with the input of `workflow_started`: from 0.5.0 on.
 */
export function give(before: JsonObject, event: Event | undefined, startsWithInput: boolean): JsonObject {
  const gives = event?.kind.effect.gives;
  if (event === undefined || gives === undefined || (gives === 'initial_input' && !startsWithInput)) return before;
  const given = event.fields.get(gives);
  return isObject(given) ? new Map([...before, ...given]) : before;
}

/** The same, one value after the other, copying the keys only when a state that was kept would change. */
export class GivenApplier {
  #state: JsonObject;
  #kept = true;
  /** As in PatchApplier. */
  copiedKeys = 0;

  constructor(state: JsonObject = new Map()) {
    this.#state = state;
  }

  freeze(): JsonObject {
    this.#kept = true;
    return this.#state;
  }

  give(value: Json): void {
    if (!isObject(value) || value.size === 0) return;
    const state = this.#writable();
    for (const key of value.keys()) state.set(key, value.get(key) as Json);
  }

  #writable(): Map<string, Json> {
    if (!this.#kept) return this.#state as Map<string, Json>;
    const copy = copyOf(this.#state);
    this.copiedKeys += copy.size;
    this.#state = copy;
    this.#kept = false;
    return copy;
  }
}

import type { Event } from '../jamjet/event.ts';
import { copyOf, isObject, type Json, type JsonObject } from '../json/value.ts';

/**
 * The scheduler's own fold (docs/replay.md, "Three readings"): the state that nodes are given, that conditions are evaluated on,
 * and that an execution ends with. Each top-level key of a completion's patch replaces that key, nulls included; patches of
 * approvals are not applied.
 *
 * @param startsWithInput whether it starts with the input of `workflow_started`, as it does from 0.5.0 on.
 */
export function applyEventToGiven(before: JsonObject, event: Event | undefined, startsWithInput: boolean): JsonObject {
  const field = event?.kind.effect.setsGiven;
  if (event === undefined || field === undefined || (field === 'initial_input' && !startsWithInput)) return before;
  const given = event.fields.get(field);
  return isObject(given) ? new Map([...before, ...given]) : before;
}

/** The same fold in place: the keys are copied only when a frozen state would change. */
export class GivenApplier {
  #state: JsonObject;
  #frozen = true;
  /** How many keys have been copied so far. */
  copiedKeys = 0;

  constructor(state: JsonObject = new Map()) {
    this.#state = state;
  }

  /** From here on the present state is never changed, only copied. */
  freeze(): JsonObject {
    this.#frozen = true;
    return this.#state;
  }

  apply(value: Json): void {
    if (!isObject(value) || value.size === 0) return;
    const state = this.#writable();
    for (const key of value.keys()) state.set(key, value.get(key) as Json);
  }

  #writable(): Map<string, Json> {
    if (!this.#frozen) return this.#state as Map<string, Json>;
    const copy = copyOf(this.#state);
    this.copiedKeys += copy.size;
    this.#state = copy;
    this.#frozen = false;
    return copy;
  }
}

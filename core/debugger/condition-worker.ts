import { parentPort, workerData } from 'node:worker_threads';
import { readEvent } from '../jamjet/event.ts';
import { readJson } from '../json/read.ts';
import type { Json } from '../json/value.ts';
import { PatchApplier } from '../replay/patch.ts';
import { compilePredicate } from '../replay/predicate.ts';

/** One event of the log, with what it does to the state. */
export interface ConditionStep {
  /** -1 for the moment before the first event. */
  readonly position: number;
  readonly status: string;
  readonly patches: readonly { readonly text: string; readonly uses: number }[];
  /** The stored text, if the condition uses it and it can be read. */
  readonly event: string | undefined;
}

/** What a part of the log gives. */
export interface ConditionAnswer {
  readonly transitions: readonly { readonly position: number; readonly value: boolean }[];
  readonly errors: number;
  readonly firstError: string | undefined;
}

export interface ConditionWork {
  readonly condition: string;
  /** The initial input, as JSON. */
  readonly input: string;
}

/** Used before the first event and for an event that cannot be read, so that `event.type` can always be evaluated. */
const NO_EVENT: Json = new Map([['type', '']]);

const { condition, input } = workerData as ConditionWork;
const compiled = compilePredicate(condition);
if (!compiled.ok) throw new Error(compiled.reason);
const { predicate } = compiled;
const origin = readJson(input);
const applier = new PatchApplier(origin.ok ? origin.value : new Map());
let last: { readonly state: Json; readonly status: string } | undefined;
let value: boolean | undefined;

parentPort?.on('message', (steps: readonly ConditionStep[]) => {
  const transitions: { position: number; value: boolean }[] = [];
  let [errors, firstError] = [0, undefined as string | undefined];
  for (const { position, status, patches, event } of steps) {
    for (const { text, uses } of patches) {
      const patch = readJson(text);
      if (patch.ok) applier.apply(patch.value, uses);
    }
    const state = predicate.usesState ? applier.freeze() : null;
    if (last !== undefined && last.state === state && last.status === status && !predicate.usesEvent) continue;
    last = { state, status };
    const reading = event === undefined ? undefined : readEvent(event);
    const answer = predicate.test({ state, status, event: reading?.ok ? reading.event.fields : NO_EVENT });
    if ('error' in answer) {
      errors++;
      firstError ??= answer.error;
    }
    const now = 'value' in answer && answer.value;
    if (now !== value) transitions.push({ position, value: now });
    value = now;
  }
  parentPort?.postMessage({ transitions, errors, firstError } satisfies ConditionAnswer);
});

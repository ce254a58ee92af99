import { eachEvent } from '../../export/events.ts';
import { readEvent } from '../../jamjet/event.ts';
import type { Plain } from '../../json/plain.ts';
import type { Json } from '../../json/value.ts';
import type { Predicate } from '../../replay/predicate.ts';
import type { OpenExecution } from '../open-execution.ts';
import { noPause, Pacer, type Pause } from '../pacing.ts';

/** A change of a predicate's value, and the event that caused it. Sequence 0 is before the first event. */
type Transition = { readonly sequence: number; readonly value: boolean; readonly type: string | undefined; readonly node_id: string | undefined };

export interface TransitionsAnswer {
  readonly transitions: readonly Transition[] & Plain;
  /** How often the predicate could not be evaluated, which counts as false. */
  readonly errors: number;
  readonly firstError: string | undefined;
}

/** Used before the first event and for an event that cannot be read, so that `event.type` can always be evaluated. */
const NO_EVENT: Json = new Map([['type', '']]);

/** The transitions of a predicate over the whole log, starting with its value before the first event. The execution must be indexed. */
export async function transitionsAnswer(
  execution: OpenExecution,
  predicate: Predicate,
  pause: Pause = noPause,
  signal?: AbortSignal,
): Promise<TransitionsAnswer> {
  const { history } = execution;
  const transitions: Transition[] = [];
  let [errors, firstError] = [0, undefined as string | undefined];
  let last: { readonly state: Json; readonly status: string } | undefined;
  const stateAfter = history.states.walk();
  const evaluate = (position: number, event: Json): void => {
    const state = predicate.usesState ? stateAfter(history.patches.countUpTo(position)) : null;
    const status = history.status.at(position);
    if (last !== undefined && last.state === state && last.status === status && !predicate.usesEvent) return;
    last = { state, status };
    const answer = predicate.test({ state, status, event });
    if ('error' in answer) {
      errors++;
      firstError ??= answer.error;
    }
    const value = 'value' in answer && answer.value;
    if (value === transitions.at(-1)?.value) return;
    const sequence = position < 0 ? 0 : history.sequenceOf(position);
    transitions.push({
      sequence,
      value,
      type: position < 0 ? undefined : history.kindOf(position)?.type,
      node_id: position < 0 ? undefined : history.nodeOf(position),
    });
  };

  const pacer = new Pacer(pause);
  evaluate(-1, NO_EVENT);
  if (!predicate.usesEvent) {
    for (let position = 0; position < history.count; position++) {
      evaluate(position, NO_EVENT);
      if (pacer.isDue) await pacer.pause(signal);
    }
    return { transitions, errors, firstError };
  }
  let position = 0;
  for await (const { text, unreadable } of eachEvent(execution.source, execution.id, {}, signal)) {
    const reading = text === undefined || unreadable !== undefined ? undefined : readEvent(text);
    if (position < history.count) evaluate(position++, reading?.ok ? reading.event.fields : NO_EVENT);
    if (pacer.isDue) await pacer.pause(signal);
  }
  return { transitions, errors, firstError };
}

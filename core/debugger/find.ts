import { eachEvent } from '../export/events.ts';
import { readEvent } from '../jamjet/event.ts';
import type { Json } from '../json/value.ts';
import type { Predicate } from '../replay/predicate.ts';
import type { OpenExecution } from './execution.ts';

/** Where a predicate begins to hold, or ceases to. */
interface Transition {
  /** 0 is before the first event. */
  readonly sequence: number;
  readonly value: boolean;
  readonly type: string | undefined;
  readonly nodeId: string | undefined;
}

export interface Found {
  readonly transitions: readonly Transition[];
  /** Where it could not be evaluated it does not hold: how often, and why the first time. */
  readonly errors: number;
  readonly firstError: string | undefined;
}

/** Before the first event, and where one cannot be read: a condition may still ask for its type. */
const NO_EVENT: Json = new Map([['type', '']]);

/** Every transition of a predicate over the whole log, beginning with its value before the first event. The execution must be indexed. */
export async function findTransitions(execution: OpenExecution, predicate: Predicate, signal?: AbortSignal): Promise<Found> {
  const { history } = execution;
  const transitions: Transition[] = [];
  let [errors, firstError] = [0, undefined as string | undefined];
  let last: { readonly state: Json; readonly status: string } | undefined;
  const stateAfter = history.patches.walk();
  const look = (row: number, event: Json): void => {
    const state = predicate.asksState ? stateAfter(history.patches.countAtRow(row)) : null;
    const status = history.status.at(row);
    if (last !== undefined && last.state === state && last.status === status && !predicate.asksEvent) return;
    last = { state, status };
    const answer = predicate.test({ state, status, event });
    if ('error' in answer) {
      errors++;
      firstError ??= answer.error;
    }
    const value = 'value' in answer && answer.value;
    if (value === transitions.at(-1)?.value) return;
    const sequence = row < 0 ? 0 : history.sequenceOf(row);
    transitions.push({ sequence, value, type: row < 0 ? undefined : history.kindOf(row)?.type, nodeId: row < 0 ? undefined : history.nodeOf(row) });
  };

  look(-1, NO_EVENT);
  if (!predicate.asksEvent) {
    for (let row = 0; row < history.count; row++) look(row, NO_EVENT);
    return { transitions, errors, firstError };
  }
  let row = 0;
  for await (const { text, unreadable } of eachEvent(execution.source, execution.id, {}, signal)) {
    const reading = text === undefined || unreadable !== undefined ? undefined : readEvent(text);
    if (row < history.count) look(row++, reading?.ok ? reading.event.fields : NO_EVENT);
  }
  return { transitions, errors, firstError };
}

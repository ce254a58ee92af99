import type { ValueChange, ValueChanges, Writer } from '../contract/explain.ts';
import type { Pointer } from '../json/pointer.ts';
import { type Json, JsonNumber, sizeOf } from '../json/value.ts';
import { type Cause, viewedChanges } from '../replay/blame.ts';
import type { Steps } from '../replay/steps.ts';
import type { OpenExecution } from './open-execution.ts';
import { describe, oneLine } from './value-text.ts';

/** How many of the last changes are returned. */
const MAX_CHANGES = 1000;
const POINTS = 400;

export function writerOf({ sequence, kind, nodeId, how }: Cause): Writer {
  return { sequence, type: kind?.type ?? (sequence === 0 ? 'initial_input' : 'unreadable'), node: nodeId ?? null, how };
}

/** Every change of a value over the whole log, which must be indexed. */
export function* valueChanges({ history, incompleteFrom }: OpenExecution, path: Pointer): Steps<ValueChanges> {
  let [total, last] = [0, [] as ValueChange[]];
  const points = new Map<number, { readonly sequence: number; readonly value: number | null }>();
  const span = Math.max(1, history.lastSequence);
  for (const change of viewedChanges(history, path, history.count - 1, shown)) {
    if (change === undefined) {
      yield;
      continue;
    }
    const { sequence } = change;
    const time = sequence === 0 ? Number.NaN : history.timeOf(history.positionAt(sequence));
    total++;
    last.push({ ...writerOf(change), createdAt: Number.isFinite(time) ? time : null, old: change.old.text, new: change.new.text });
    if (last.length >= 2 * MAX_CHANGES) last = last.slice(-MAX_CHANGES);
    points.set(Math.floor((sequence / span) * POINTS), { sequence, value: change.new.number });
  }
  return { total, incompleteFrom: incompleteFrom ?? null, changes: last.slice(-MAX_CHANGES), points: [...points.values()] };
}

/** A large container is shown by its size, because its text would cost more than finding the change. */
const MAX_MEMBERS = 20;

function shown(value: Json | undefined): { readonly text: string | null; readonly number: number | null } {
  return { text: value === undefined ? null : sizeOf(value) <= MAX_MEMBERS ? oneLine(value) : describe(value), number: numberOf(value) };
}

/** For a drawing; a double is exact enough. */
function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (value instanceof JsonNumber) return Number(value.text);
  return typeof value === 'boolean' ? Number(value) : null;
}

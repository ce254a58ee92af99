import type { ValueChange, ValueChanges, Writer } from '../contract/explain.ts';
import type { Pointer } from '../json/pointer.ts';
import { type Json, JsonNumber } from '../json/value.ts';
import { type Blame, changesOf } from '../replay/blame.ts';
import type { History } from '../replay/history.ts';
import type { Steps } from '../replay/steps.ts';
import { oneLine } from './value-text.ts';

/** How many of the last changes are returned. */
const MAX_CHANGES = 1000;
const POINTS = 400;

export function writerOf({ sequence, kind, nodeId, how }: Blame): Writer {
  return { sequence, type: kind?.type ?? (sequence === 0 ? 'initial_input' : 'unreadable'), node: nodeId ?? null, how };
}

/** Every change of a value over the whole log, which must be indexed. */
export function* valueChanges(history: History, path: Pointer): Steps<ValueChanges> {
  let [total, last] = [0, [] as Blame[]];
  const points = new Map<number, { readonly sequence: number; readonly value: number | null }>();
  const span = Math.max(1, history.lastSequence);
  for (const blame of changesOf(history, path, history.count - 1)) {
    if (blame === undefined) {
      yield;
      continue;
    }
    total++;
    last.push(blame);
    if (last.length >= 2 * MAX_CHANGES) last = last.slice(-MAX_CHANGES);
    points.set(Math.floor((blame.sequence / span) * POINTS), { sequence: blame.sequence, value: numberOf(blame.new) });
  }
  return { total, changes: last.slice(-MAX_CHANGES).map((blame) => changeOf(history, blame)), points: [...points.values()] };
}

function changeOf(history: History, blame: Blame): ValueChange {
  const time = blame.sequence === 0 ? Number.NaN : history.timeOf(history.positionAt(blame.sequence));
  return {
    ...writerOf(blame),
    createdAt: Number.isFinite(time) ? time : null,
    old: blame.old === undefined ? null : oneLine(blame.old),
    new: blame.new === undefined ? null : oneLine(blame.new),
  };
}

/** For a drawing; a double is exact enough. */
function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (value instanceof JsonNumber) return Number(value.text);
  return typeof value === 'boolean' ? Number(value) : null;
}

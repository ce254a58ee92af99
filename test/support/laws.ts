import { expect } from 'vitest';
import { readEvent } from '../../core/jamjet/event.ts';
import { childPointer, pointerKeys, valueAt } from '../../core/json/pointer.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { compareKeys, equalJson, isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import { blameAt, causesAt, changesOf } from '../../core/replay/blame.ts';
import { type Change, diffJson } from '../../core/replay/diff.ts';
import { applyEvent, type Materialized, origin } from '../../core/replay/fold.ts';
import { applyEventToGiven } from '../../core/replay/given.ts';
import type { History } from '../../core/replay/history.ts';
import type { KeyframeLimits } from '../../core/replay/keyframes.ts';
import { nearestChange } from '../../core/replay/nearest-change.ts';
import { finish } from '../../core/replay/steps.ts';
import type { HostileHistory } from './hostile.ts';

/** Laws that hold for every history. The corpus keeps the histories that once violated one. */

/** From a keyframe for each patch, or only a few that are kept, to none at all in a history of this size. */
export const DENSITIES: readonly KeyframeLimits[] = [
  { distance: 1, total: 1e9 },
  { distance: 60, total: 400 },
  { distance: 32_768, total: 1e9 },
];

export interface Reference extends Materialized {
  readonly given: JsonObject;
}

/** The reference states after each event. The first entry is the state before the first event. */
export function reference({ initialInput, events }: HostileHistory, startsWithInput = true): Reference[] {
  let last: Reference = { ...origin(initialInput), given: new Map() };
  const states = [last];
  for (const { sequence, text } of events) {
    const reading = readEvent(text);
    const event = reading.ok ? reading.event : undefined;
    last = { ...applyEvent(last, sequence, event), given: applyEventToGiven(last.given, event, startsWithInput) };
    states.push(last);
  }
  return states;
}

export function summary(history: History, position: number): unknown {
  return [
    canonicalJson(history.stateAt(position)),
    canonicalJson(history.givenAt(position)),
    history.status.at(position),
    history.activeAt(position),
    [...history.completedAt(position).keys()].sort(),
  ];
}

export function expected({ currentState, given, status, activeNodes, completedNodes }: Reference): unknown {
  return [canonicalJson(currentState), canonicalJson(given), status, [...activeNodes].sort(compareKeys), [...completedNodes.keys()].sort()];
}

/** The history equals the reference fold at every event, visited forwards, backwards and then in the order of `jumps`. */
export function equalsReference(hostile: HostileHistory, history: History, jumps: readonly number[]): void {
  const states = reference(hostile);
  const last = hostile.events.length - 1;
  const forward = Array.from({ length: last + 2 }, (_, i) => i - 1);
  const order = [...forward, ...forward.toReversed(), ...jumps.map((jump) => (jump % (last + 2)) - 1)];
  for (const position of order) expect(summary(history, position)).toEqual(expected(states[position + 1] as Reference));
  hostile.events.forEach(({ sequence }, position) => expect(history.positionAt(sequence)).toBe(position));
}

/** The diff of two neighbouring states, applied to the first, gives the second. */
export function diffsApply(history: History): void {
  for (let position = 0; position < history.count; position++) {
    const [before, after] = [history.stateAt(position - 1), history.stateAt(position)];
    expect(equalJson(diffJson(before, after).changes.reduce(applyChange, before), after)).toBe(true);
  }
}

export function applyChange(root: Json, { op, path, new: value }: Change): Json {
  const [key, ...rest] = pointerKeys(path) ?? [];
  if (key === undefined) return value as Json;
  return change(root, key, rest, op, value);
}

function change(target: Json, key: string, rest: readonly string[], op: Change['op'], value: Json | undefined): Json {
  const [next, ...further] = rest;
  if (isObject(target)) {
    const copy = new Map(target);
    if (next !== undefined) copy.set(key, change(target.get(key) as Json, next, further, op, value));
    else if (op === 'remove') copy.delete(key);
    else copy.set(key, value as Json);
    return copy;
  }
  if (!isArray(target)) throw new Error(`there is no container to change at ${key}`);
  const copy = [...target];
  if (next !== undefined) copy[Number(key)] = change(target[Number(key)] as Json, next, further, op, value);
  else if (op === 'remove') copy.splice(Number(key), 1);
  else copy.splice(Number(key), op === 'add' ? 0 : 1, value as Json);
  return copy;
}

interface Written {
  readonly position: number;
  readonly old: Json | undefined;
  readonly new: Json | undefined;
}

/** The changes at a path, found by comparing every state with the next. */
function bruteForce({ events }: HostileHistory, states: readonly Json[], path: string): Written[] {
  const values = states.map((state) => valueAt(state, path));
  const changes: Written[] = values[0] === undefined ? [] : [{ position: -1, old: undefined, new: values[0] }];
  events.forEach((_, position) => {
    const old = values[position];
    const value = values[position + 1];
    const equal = old === value || (old !== undefined && value !== undefined && equalJson(old, value));
    if (!equal) changes.push({ position, old, new: value });
  });
  return changes;
}

function pathsOf(value: Json, path = ''): string[] {
  const below = isObject(value)
    ? [...value].flatMap(([key, member]) => pathsOf(member, childPointer(path, key)))
    : isArray(value)
      ? value.flatMap((item, i) => pathsOf(item, childPointer(path, i)))
      : [];
  return [path, ...below];
}

const text = (value: Json | undefined): string | undefined => (value === undefined ? undefined : canonicalJson(value));

/** Blame finds the same changes as brute force, at the paths that `picks` selects and at paths that no longer exist. */
export function blameIsRight(hostile: HostileHistory, history: History, picks: readonly number[]): void {
  const states = reference(hostile).map(({ currentState }) => currentState);
  const known = [...new Set(states.flatMap((state) => pathsOf(state)))];
  const paths = ['', '/nobody', '/nobody/0', ...picks.map((pick) => known[pick % known.length] as string)];
  for (const path of paths) {
    const changes = bruteForce(hostile, states, path);
    const positionOf = (sequence: number, kind: unknown): number => (kind === undefined && sequence === 0 ? -1 : history.positionAt(sequence));
    const all = [...changesOf(history, path, history.count - 1)].filter((change) => change !== undefined);
    expect(all.map((blame) => [path, positionOf(blame.sequence, blame.kind), text(blame.old), text(blame.new)])).toEqual(
      changes.map((change) => [path, change.position, text(change.old), text(change.new)]),
    );
    for (const position of picks.map((pick) => (pick % (history.count + 1)) - 1)) {
      const last = changes.findLast((change) => change.position <= position);
      const blame = finish(blameAt(history, path, position));
      expect([path, position, blame && positionOf(blame.sequence, blame.kind), text(blame?.new)]).toEqual([path, position, last?.position, text(last?.new)]);
      const { old: _old, new: _new, ...cause } = blame ?? {};
      expect(finish(causesAt(history, [path], position))[0] ?? {}).toEqual(cause);
      expect(finish(nearestChange(history, position, 1, path))).toBe(changes.find((change) => change.position > position)?.position);
      expect(finish(nearestChange(history, position, -1, path))).toBe(
        changes.findLast((change) => change.position < position && change.position >= 0)?.position,
      );
    }
  }
  // Several paths at once are as each by itself.
  const position = (picks[0] ?? 0) % Math.max(1, history.count);
  expect(finish(causesAt(history, paths, position))).toEqual(paths.map((path) => finish(causesAt(history, [path], position))[0]));
}

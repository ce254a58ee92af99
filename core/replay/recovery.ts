import { asRuntimeReads, MAX_RUNTIME_DEPTH } from '../jamjet/number.ts';
import type { SnapshotRow } from '../jamjet/rows.ts';
import { type ReadResult, readJson } from '../json/read.ts';
import { compareKeys, isArray, isObject, type Json, JsonNumber, numberText } from '../json/value.ts';
import { type Materialized, origin } from './fold.ts';
import type { History } from './history.ts';

/**
 * What a recovery starts from (docs/replay.md, "Snapshots and recovery"), with numbers as the runtime's reader reads them.
 * A snapshot of generation 3 has only the state, so the status is `pending`, there are no nodes, and the last sequence is 0.
 *
 * @returns undefined when the runtime could not read the snapshot, and so would refuse the execution.
 */
export function recoveryBase(snapshot: SnapshotRow): Materialized | undefined {
  if (snapshot.unreadable !== undefined) return undefined;
  const state = read(snapshot.stateJson);
  if (state === undefined) return undefined;
  const { materialized } = snapshot;
  if (materialized === undefined) return origin(state);
  const completed = read(materialized.completedNodesJson);
  const active = read(materialized.activeNodesJson);
  if (!isObject(completed) || !isArray(active)) return undefined;
  return {
    currentState: state,
    status: materialized.status,
    completedNodes: completed,
    activeNodes: new Set(active.filter((node) => typeof node === 'string')),
    lastSequence: materialized.lastSequence,
  };
}

function read(text: string): Json | undefined {
  let isRefused = false;
  const result: ReadResult = readJson(text, {
    number: (number) => {
      const read = asRuntimeReads(number);
      isRefused ||= read === undefined;
      return new JsonNumber(read ?? number);
    },
  });
  return result.ok && !isRefused && result.depth <= MAX_RUNTIME_DEPTH ? result.value : undefined;
}

/**
 * How the runtime's reader reads a number that is not a plain integer. A number that it refuses stays as it is stored; that
 * the runtime refuses the whole execution then is reported elsewhere.
 */
export function runtimeNumber(text: string): Json {
  return new JsonNumber(asRuntimeReads(text) ?? text);
}

/** The value with every number as the runtime's reader reads it. Parts that do not change are shared. */
export function readByRuntime(value: Json): Json {
  if (value instanceof JsonNumber) {
    const text = asRuntimeReads(value.text) ?? value.text;
    return text === value.text ? value : new JsonNumber(text);
  }
  if (isArray(value)) {
    let changed = false;
    const items = value.map((item) => {
      const read = readByRuntime(item);
      changed ||= read !== item;
      return read;
    });
    return changed ? items : value;
  }
  if (isObject(value)) {
    const changes: [string, Json][] = [];
    for (const [key, item] of value) {
      const read = readByRuntime(item);
      if (read !== item) changes.push([key, read]);
    }
    if (changes.length === 0) return value;
    const copy = new Map(value);
    for (const [key, item] of changes) copy.set(key, item);
    return copy;
  }
  return value;
}

/** A recovered moment. */
export interface Recovered {
  readonly currentState: Json;
  readonly status: string;
  /** Node → output, as the base has it. */
  readonly baseNodes: ReadonlyMap<string, Json>;
  /** Node → position of its last completion after the base, from which its output can be read. */
  readonly completedAfter: ReadonlyMap<string, number>;
  readonly activeNodes: readonly string[];
  readonly lastSequence: number;
}

/**
 * The moment after `position` as the runtime would rebuild it.
 *
 * @param base what the snapshot at `atSequence` holds; undefined when there is none and the recovery starts from the initial
 *   input.
 */
export function recoverAt(history: History, position: number, base: Materialized | undefined, atSequence: number): Recovered {
  const basePosition = base === undefined ? -1 : history.positionAt(atSequence);
  const upTo = Math.max(position, basePosition);
  const to = history.patches.countUpTo(upTo);
  const currentState =
    base === undefined
      ? readByRuntime(history.states.stateAfter(to))
      : history.states.applyTo(base.currentState, history.patches.countUpTo(basePosition), to, runtimeNumber);
  const deactivated = new Set(history.nodes.deactivatedAt(upTo, basePosition).map((node) => history.nodeNames[node]));
  const active = new Set([...(base?.activeNodes ?? [])].filter((node) => !deactivated.has(node)));
  for (const node of history.nodes.activeAt(upTo, basePosition)) active.add(history.nodeNames[node] as string);
  return {
    currentState,
    status: history.status.from(base?.status ?? 'pending', basePosition, upTo),
    baseNodes: base?.completedNodes ?? new Map(),
    completedAfter: history.completedAt(upTo, basePosition),
    activeNodes: [...active].sort(compareKeys),
    lastSequence: Math.max(base?.lastSequence ?? 0, upTo > basePosition ? history.sequenceOf(upTo) : 0),
  };
}

/**
 * Whether two values are equal but for the runtime's reading of doubles. Each later snapshot was read once more, and extreme
 * numbers change with each reading, so the reader is applied until the numbers agree or no longer change.
 */
export function equalAsRuntimeReads(stored: Json, snapshot: Json): boolean {
  if (stored instanceof JsonNumber || typeof stored === 'number') {
    if (!(snapshot instanceof JsonNumber) && typeof snapshot !== 'number') return false;
    const target = spelling(numberText(snapshot));
    let text = numberText(stored);
    for (let round = 0; round < 64; round++) {
      if (spelling(text) === target) return true;
      const next = asRuntimeReads(text);
      if (next === undefined || next === text) break;
      text = next;
    }
    return spelling(text) === target;
  }
  if (isObject(stored)) {
    if (!isObject(snapshot) || stored.size !== snapshot.size) return false;
    for (const [key, value] of stored) {
      const other = snapshot.get(key);
      if (other === undefined || !equalAsRuntimeReads(value, other)) return false;
    }
    return true;
  }
  if (isArray(stored)) {
    return isArray(snapshot) && stored.length === snapshot.length && stored.every((value, i) => equalAsRuntimeReads(value, snapshot[i] as Json));
  }
  return stored === snapshot;
}

/** `1e16` and `1e+16` are the same number. */
function spelling(text: string): string {
  return text.replace(/e\+/i, 'e');
}

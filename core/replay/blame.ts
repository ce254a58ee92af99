import type { Kind } from '../jamjet/kinds.ts';
import { type Pointer, pointerKeys, valueAt } from '../json/pointer.ts';
import { equalJson, isObject, type Json } from '../json/value.ts';
import type { History } from './history.ts';
import { PatchApplier } from './patch.ts';
import { ESCAPE, MERGES, REPLACES } from './patches.ts';

/**
 * How a value came to be what it is.
 *
 * - `initial_input`: it was there before the first event.
 * - `set`: a patch gave the value itself. `merged`: a patch changed something inside it.
 * - `removed`: a patch had null for it. `parent_replaced`, `parent_removed`: the same happened to something around it.
 * - `final_state`: the run ended, and its final state took the place of the whole state.
 */
type How = 'initial_input' | 'set' | 'merged' | 'removed' | 'parent_replaced' | 'parent_removed' | 'final_state';

/** One change of the value at a path: what it was, what it is, and by which event. */
export interface Blame {
  readonly path: Pointer;
  /** 0 for the initial input. */
  readonly sequence: number;
  /** Of the event; undefined for the initial input. */
  readonly kind: Kind | undefined;
  readonly nodeId: string | undefined;
  readonly how: How;
  /** undefined where there was, or is, nothing. */
  readonly old: Json | undefined;
  readonly new: Json | undefined;
}

/** After so many writes that changed nothing, one pass from the beginning is cheaper than looking at each. */
const MOST_LOOKS = 256;

/**
 * The last change of the value at `path` up to `row`: who made it what it is there, or took it away. A write of the
 * value that was there already is no change.
 *
 * @returns undefined when nothing was ever there.
 */
export function blameAt(history: History, path: Pointer, row: number): Blame | undefined {
  const { patches } = history;
  const touches = toucher(history, path);
  const before = candidatesBefore(history, path);
  let looks = 0;
  for (let index = before(patches.countAtRow(row)); index >= 0; index = before(index)) {
    if (!touches(index)) continue;
    if (++looks > MOST_LOOKS) return blameHistory(history, path, row).at(-1);
    const [old, value] = [valueAt(patches.stateAfter(index), path), valueAt(patches.stateAfter(index + 1), path)];
    if (!same(old, value)) return blameOf(history, path, index, old, value);
  }
  return initial(history, path);
}

/** Every change of the value at `path` up to `row`, oldest first. */
export function blameHistory(history: History, path: Pointer, row: number): Blame[] {
  const { patches } = history;
  const touches = toucher(history, path);
  const first = initial(history, path);
  const changes = first === undefined ? [] : [first];
  // Only what stands under the first key is folded: what patches do elsewhere cannot change it.
  const key = pointerKeys(path)?.[0];
  const under = (value: Json): Json => (key === undefined || !isObject(value) ? value : new Map([...value].filter(([name]) => name === key)));
  const applier = new PatchApplier(under(patches.stateAfter(0)));
  let old = first?.new;
  for (let index = 0, end = patches.countAtRow(row); index < end; index++) {
    if (!touches(index)) continue;
    const patch = under(patches.valueOf(index));
    if (patches.usesOf(index) & REPLACES) applier.replace(patch);
    else applier.merge(patch);
    const value = valueAt(applier.freeze(), path);
    if (!same(old, value)) changes.push(blameOf(history, path, index, old, value));
    old = value;
  }
  return changes;
}

/** The row of the next (1) or previous (-1) change of the value at `path`, seen from `row`; undefined when there is none. */
export function nearestChange(history: History, path: Pointer, row: number, step: 1 | -1): number | undefined {
  const { patches } = history;
  const touches = toucher(history, path);
  const end = step > 0 ? patches.count : -1;
  for (let index = step > 0 ? patches.countAtRow(row) : patches.countAtRow(row - 1) - 1; index !== end; index += step) {
    if (!touches(index)) continue;
    if (!same(valueAt(patches.stateAfter(index), path), valueAt(patches.stateAfter(index + 1), path))) return patches.rowOf(index);
  }
  return undefined;
}

/**
 * Whether a patch may have changed what stands under the first key of the path. The bytes are searched for that key
 * before anything is parsed; a key can also be spelled with an escape.
 */
function toucher({ patches }: History, path: Pointer): (index: number) => boolean {
  const [key] = pointerKeys(path) ?? [];
  if (key === undefined) return (index) => (patches.usesOf(index) & (MERGES | REPLACES)) !== 0;
  const needles = [...spellings(key), ESCAPE];
  return (index) => {
    const uses = patches.usesOf(index);
    if (uses & REPLACES) return true;
    if (!(uses & MERGES)) return false;
    // Into a state that is no object every patch writes anew, whatever its keys.
    if (patches.hasBareStates) return true;
    if (!needles.some((needle) => patches.includes(index, needle))) return false;
    const patch = patches.valueOf(index);
    return isObject(patch) && patch.has(key);
  };
}

/** The last patch before another one that may touch the path; -1 when there is none. */
function candidatesBefore({ patches }: History, path: Pointer): (index: number) => number {
  const [key] = pointerKeys(path) ?? [];
  if (key === undefined || patches.hasBareStates) return (index) => index - 1;
  const needles = spellings(key);
  return (index) => Math.max(patches.lastWith(needles, index), patches.lastEscaped(index), patches.replacements.findLast((at) => at < index) ?? -1);
}

/** How a key may stand in a text; with escapes such as `\\u0041` it may stand otherwise, too. */
function spellings(key: string): Buffer[] {
  return [JSON.stringify(key), ...(key.includes('/') ? ['\\/'] : [])].map((text) => Buffer.from(text));
}

function initial({ patches }: History, path: Pointer): Blame | undefined {
  const value = valueAt(patches.stateAfter(0), path);
  return value === undefined ? undefined : { path, sequence: 0, kind: undefined, nodeId: undefined, how: 'initial_input', old: undefined, new: value };
}

function blameOf(history: History, path: Pointer, index: number, old: Json | undefined, value: Json | undefined): Blame {
  const row = history.patches.rowOf(index);
  return {
    path,
    sequence: history.sequenceOf(row),
    kind: history.kindOf(row),
    nodeId: history.nodeOf(row),
    how: history.patches.usesOf(index) & REPLACES ? 'final_state' : howOf(history.patches.valueOf(index), path, value),
    old,
    new: value,
  };
}

/** What the patch says along the path. */
function howOf(patch: Json, path: Pointer, value: Json | undefined): How {
  const keys = pointerKeys(path) ?? [];
  let at: Json = patch;
  for (const [depth, key] of keys.entries()) {
    if (!isObject(at)) return at === null && depth > 0 ? 'parent_removed' : 'parent_replaced';
    const member: Json | undefined = at.get(key);
    // Nothing is said of it: an array around it became an object.
    if (member === undefined) return 'parent_replaced';
    at = member;
  }
  if (at === null) return 'removed';
  return isObject(at) && isObject(value) ? 'merged' : 'set';
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && equalJson(a, b));
}

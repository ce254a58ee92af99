import type { Kind } from '../jamjet/kinds.ts';
import { type Pointer, pointerKeys, valueAt } from '../json/pointer.ts';
import { equalJson, isObject, type Json } from '../json/value.ts';
import type { History } from './history.ts';
import { nearestChange } from './nearest-change.ts';
import { PatchApplier, REPLACES } from './patch.ts';
import { PathPatches } from './path-patches.ts';
import { STEP_BYTES, type Steps } from './steps.ts';

/**
 * What caused a change of a value.
 *
 * - `initial_input`: the initial input contains it.
 * - `set`: a patch sets the value itself. `merged`: a patch changes something inside it.
 * - `removed`: a patch has null for it. `parent_replaced`, `parent_removed`: a patch replaces or removes one of its parents.
 * - `final_state`: the execution ended, and its final state replaced the whole state.
 */
type How = 'initial_input' | 'set' | 'merged' | 'removed' | 'parent_replaced' | 'parent_removed' | 'final_state';

/** One change of the value at a path, and the event that made it. */
export interface Blame {
  readonly path: Pointer;
  /** 0 for the initial input. */
  readonly sequence: number;
  /** The kind of the event; undefined for the initial input. */
  readonly kind: Kind | undefined;
  readonly nodeId: string | undefined;
  readonly how: How;
  /** undefined when there was no value; likewise {@link new}. */
  readonly old: Json | undefined;
  readonly new: Json | undefined;
}

/** After this many writes that change nothing, a pass over whole blocks of patches is cheaper than two seeks for each write. */
const MAX_READS = 16;

/**
 * The last change of the value at `path` up to `position`. Writing an equal value is not a change.
 *
 * @returns undefined when there has never been a value.
 */
export function* blameAt(history: History, path: Pointer, position: number): Steps<Blame | undefined> {
  const { patches } = history;
  const writes = new PathPatches(history, pointerKeys(path) ?? []);
  let reads = 0;
  for (let index = writes.lastBefore(patches.countUpTo(position)); index >= 0; index = writes.lastBefore(index)) {
    if (writes.read(index) === undefined) continue;
    const blame = changeBy(history, path, index);
    if (blame !== undefined) return blame;
    yield;
    if (++reads < MAX_READS) continue;
    const found = yield* nearestChange(history, patches.positionOf(index) + 1, -1, path);
    return found === undefined ? initialBlame(history, path) : lastChangeOf(history, path, found);
  }
  return initialBlame(history, path);
}

/** The last change of the value that an event made; one event may have two patches. */
function lastChangeOf(history: History, path: Pointer, position: number): Blame | undefined {
  for (let index = history.patches.countUpTo(position) - 1; index >= history.patches.countUpTo(position - 1); index--) {
    const blame = changeBy(history, path, index);
    if (blame !== undefined) return blame;
  }
  return undefined;
}

/** The change of the value by one patch; undefined when it does not change it. */
function changeBy(history: History, path: Pointer, index: number): Blame | undefined {
  const [old, value] = [valueAt(history.states.stateAfter(index), path), valueAt(history.states.stateAfter(index + 1), path)];
  return equalJson(old, value) ? undefined : blameOf(history, path, index, old, value);
}

/** The cost of a patch that need not be read, in bytes that take the same time. */
const SKIPPED = 4;

/** Every change of the value at `path` up to `position`, oldest first. It yields undefined where other work can be done. */
export function* changesOf(history: History, path: Pointer, position: number): Generator<Blame | undefined, void, undefined> {
  const { patches, states } = history;
  const writes = new PathPatches(history, pointerKeys(path) ?? []);
  const first = initialBlame(history, path);
  if (first !== undefined) yield first;
  const applier = new PatchApplier(writes.relevantPart(states.stateAfter(0)));
  let old = first?.new;
  let left = STEP_BYTES;
  for (let index = 0, end = patches.countUpTo(position); index < end; index++) {
    const patch = writes.read(index);
    left -= patch === undefined ? SKIPPED : patches.costOf(index);
    if (left < 0) {
      yield undefined;
      left = STEP_BYTES;
    }
    if (patch === undefined) continue;
    applier.apply(patch, patches.usesOf(index));
    const value = valueAt(applier.freeze(), path);
    if (!equalJson(old, value)) yield blameOf(history, path, index, old, value);
    old = value;
  }
}

function initialBlame({ states }: History, path: Pointer): Blame | undefined {
  const value = valueAt(states.stateAfter(0), path);
  return value === undefined ? undefined : { path, sequence: 0, kind: undefined, nodeId: undefined, how: 'initial_input', old: undefined, new: value };
}

function blameOf(history: History, path: Pointer, index: number, old: Json | undefined, value: Json | undefined): Blame {
  const position = history.patches.positionOf(index);
  return {
    path,
    sequence: history.sequenceOf(position),
    kind: history.kindOf(position),
    nodeId: history.nodeOf(position),
    how: history.patches.usesOf(index) & REPLACES ? 'final_state' : howOf(history.patches.read(index), path, value),
    old,
    new: value,
  };
}

/** Follows the path through the patch. */
function howOf(patch: Json, path: Pointer, value: Json | undefined): How {
  const keys = pointerKeys(path) ?? [];
  let at: Json = patch;
  for (const [depth, key] of keys.entries()) {
    if (!isObject(at)) return at === null && depth > 0 ? 'parent_removed' : 'parent_replaced';
    const member: Json | undefined = at.get(key);
    // The patch does not mention it: an array on the path became an object.
    if (member === undefined) return 'parent_replaced';
    at = member;
  }
  if (at === null) return 'removed';
  return isObject(at) && isObject(value) ? 'merged' : 'set';
}

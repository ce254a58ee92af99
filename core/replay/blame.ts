import type { Kind } from '../jamjet/kinds.ts';
import { type Pointer, pointerKeys, valueAt } from '../json/pointer.ts';
import { equalJson, isObject, type Json } from '../json/value.ts';
import type { History } from './history.ts';
import { PatchApplier, REPLACES } from './patch.ts';
import { PathPatches } from './path-patches.ts';

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

/** After this many writes that change nothing, one pass from the beginning is cheaper than two seeks for each write. */
const MAX_READS = 256;

/**
 * The last change of the value at `path` up to `position`. Writing an equal value is not a change.
 *
 * @returns undefined when there has never been a value.
 */
export function blameAt(history: History, path: Pointer, position: number): Blame | undefined {
  const { patches, states } = history;
  const writes = new PathPatches(history, pointerKeys(path) ?? []);
  let reads = 0;
  for (let index = writes.lastBefore(patches.countUpTo(position)); index >= 0; index = writes.lastBefore(index)) {
    if (writes.read(index) === undefined) continue;
    if (++reads > MAX_READS) return blameHistory(history, path, position).at(-1);
    const [old, value] = [valueAt(states.stateAfter(index), path), valueAt(states.stateAfter(index + 1), path)];
    if (!equalJson(old, value)) return blameOf(history, path, index, old, value);
  }
  return initialBlame(history, path);
}

/** Every change of the value at `path` up to `position`, oldest first. */
export function blameHistory(history: History, path: Pointer, position: number): Blame[] {
  const { patches, states } = history;
  const writes = new PathPatches(history, pointerKeys(path) ?? []);
  const first = initialBlame(history, path);
  const changes = first === undefined ? [] : [first];
  const applier = new PatchApplier(writes.relevantPart(states.stateAfter(0)));
  let old = first?.new;
  for (let index = 0, end = patches.countUpTo(position); index < end; index++) {
    const patch = writes.read(index);
    if (patch === undefined) continue;
    applier.apply(patch, patches.usesOf(index));
    const value = valueAt(applier.freeze(), path);
    if (!equalJson(old, value)) changes.push(blameOf(history, path, index, old, value));
    old = value;
  }
  return changes;
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

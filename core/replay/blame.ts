import type { Kind } from '../jamjet/kinds.ts';
import { type Pointer, pointerKeys, valueAt } from '../json/pointer.ts';
import { equalJson, isObject, type Json } from '../json/value.ts';
import type { History } from './history.ts';
import { PatchApplier, REPLACES } from './patch.ts';
import { PathPatches } from './path-patches.ts';

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
 * The last change of the value at `path` up to `position`: who made it what it is there, or took it away. A write of the
 * value that was there already is no change.
 *
 * @returns undefined when nothing was ever there.
 */
export function blameAt(history: History, path: Pointer, position: number): Blame | undefined {
  const { patches, states } = history;
  const writes = new PathPatches(history, pointerKeys(path) ?? []);
  let looks = 0;
  for (let index = writes.before(patches.countUpTo(position)); index >= 0; index = writes.before(index)) {
    if (writes.read(index) === undefined) continue;
    if (++looks > MOST_LOOKS) return blameHistory(history, path, position).at(-1);
    const [old, value] = [valueAt(states.stateAfter(index), path), valueAt(states.stateAfter(index + 1), path)];
    if (!equalJson(old, value)) return blameOf(history, path, index, old, value);
  }
  return initial(history, path);
}

/** Every change of the value at `path` up to `position`, oldest first. */
export function blameHistory(history: History, path: Pointer, position: number): Blame[] {
  const { patches, states } = history;
  const writes = new PathPatches(history, pointerKeys(path) ?? []);
  const first = initial(history, path);
  const changes = first === undefined ? [] : [first];
  const applier = new PatchApplier(writes.part(states.stateAfter(0)));
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

function initial({ states }: History, path: Pointer): Blame | undefined {
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

import type { Kind } from '../jamjet/kinds.ts';
import { type Pointer, pointerKeys, valueAt } from '../json/pointer.ts';
import { isObject, type Json } from '../json/value.ts';
import type { History } from './history.ts';
import { KnownChanges } from './known-changes.ts';
import { changesAt, PatchApplier, REPLACES } from './patch.ts';
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
export type Blame = Change<Json | undefined>;

/** The event that made a change. */
export interface Cause {
  readonly path: Pointer;
  /** 0 for the initial input. */
  readonly sequence: number;
  /** The kind of the event; undefined for the initial input. */
  readonly kind: Kind | undefined;
  readonly nodeId: string | undefined;
  readonly how: How;
}

interface Change<T> extends Cause {
  /** undefined when there was no value; likewise {@link new}. */
  readonly old: T;
  readonly new: T;
}

/** The cost of a patch that need not be read, and of a key that is copied, in bytes that take the same time. */
const SKIPPED = 4;
const COPIED = 64;

/**
 * The last change of the value at `path` up to `position`. Writing an equal value is not a change.
 *
 * @returns undefined when there has never been a value.
 */
export function* blameAt(history: History, path: Pointer, position: number): Steps<Blame | undefined> {
  return (yield* blamesAt(history, [path], position))[0];
}

/** The same for several paths. */
export function* blamesAt(history: History, paths: readonly Pointer[], position: number): Steps<(Blame | undefined)[]> {
  const blames: (Blame | undefined)[] = [];
  for (const [i, index] of (yield* lastChanges(history, paths, position)).entries()) {
    const path = paths[i] as Pointer;
    blames.push(index < 0 ? initialBlame(history, path) : changeBy(history, path, index));
    yield;
  }
  return blames;
}

/** The same without the values, for which no other state than the one at `position` is needed. */
export function* causesAt(history: History, paths: readonly Pointer[], position: number): Steps<(Cause | undefined)[]> {
  const indexes = yield* lastChanges(history, paths, position);
  const state = history.stateAt(position);
  const causes: (Cause | undefined)[] = [];
  for (const [i, index] of indexes.entries()) {
    const path = paths[i] as Pointer;
    // Nothing has changed the value since.
    const value = valueAt(state, path);
    causes.push(index >= 0 ? causeOf(history, path, index, value) : value === undefined ? undefined : initialCause(path));
    yield;
  }
  return causes;
}

/**
 * The last patch that changes each value up to `position`; -1 for none. Each patch is read at most once for all paths: the
 * blocks between keyframes that may have a change are searched from the last to the first, each of them forwards, up to where
 * the answer is known from before.
 */
function* lastChanges(history: History, paths: readonly Pointer[], position: number): Steps<number[]> {
  const { patches, states } = history;
  const count = patches.countUpTo(position);
  const known = knownChanges(history);
  const sought = paths.map((path) => {
    const keys = pointerKeys(path) ?? [];
    return { path, keys, writes: new PathPatches(history, keys), known: known.get(path, count), index: undefined as number | undefined };
  });
  let open = sought;
  for (let last = count; ; ) {
    for (const one of open) if (one.known !== undefined && last <= one.known.end) one.index ??= one.known.index;
    open = open.filter(({ index }) => index === undefined);
    if (open.length === 0) break;
    yield* states.foldTo(last);
    const end = Math.max(...open.map(({ writes }) => writes.endOf(last)));
    if (end === 0) break;
    const block = states.keyframeBefore(end - 1);
    const inBlock = open.filter(({ writes }) => writes.anyIn(block.patches, end));
    if (inBlock.length > 0) {
      const applier = new PatchApplier(block.state);
      let left = STEP_BYTES;
      for (let index = block.patches; index < end; index++) {
        left -= SKIPPED * inBlock.length;
        // The state needs to be right only at the paths.
        if (inBlock.some(({ writes }) => writes.mayChange(index))) {
          const uses = patches.usesOf(index);
          const patch = patches.read(index);
          for (const one of inBlock) if (changesAt(applier.state, patch, uses, one.keys)) one.index = index;
          applier.apply(patch, uses);
          left -= patches.costOf(index);
        }
        if (left > 0) continue;
        yield;
        left = STEP_BYTES;
      }
    }
    last = block.patches;
    yield;
  }
  return sought.map(({ path, index = -1 }) => {
    known.add(path, index, count);
    return index;
  });
}

const knownOf = new WeakMap<History, KnownChanges>();

function knownChanges(history: History): KnownChanges {
  const known = knownOf.get(history) ?? new KnownChanges();
  knownOf.set(history, known);
  return known;
}

/** The change of the value by a patch that changes it. */
function changeBy(history: History, path: Pointer, index: number): Blame {
  const [old, value] = [valueAt(history.states.stateAfter(index), path), valueAt(history.states.stateAfter(index + 1), path)];
  return { ...causeOf(history, path, index, value), old, new: value };
}

/** Every change of the value at `path` up to `position`, oldest first. It yields undefined where other work can be done. */
export function changesOf(history: History, path: Pointer, position: number): Generator<Blame | undefined, void, undefined> {
  return viewedChanges(history, path, position, (value) => value, true);
}

/**
 * The same with what is wanted of each value, which must not be kept: without that, a change inside a large object need not copy
 * the object.
 *
 * @param view undefined for no value.
 */
export function* viewedChanges<T>(
  history: History,
  path: Pointer,
  position: number,
  view: (value: Json | undefined) => T,
  keepsValues = false,
): Generator<Change<T> | undefined, void, undefined> {
  const { patches, states } = history;
  const keys = pointerKeys(path) ?? [];
  const writes = new PathPatches(history, keys);
  const origin = valueAt(states.stateAfter(0), path);
  if (origin !== undefined) yield { ...initialCause(path), old: view(undefined), new: view(origin) };
  const applier = new PatchApplier(writes.relevantPart(states.stateAfter(0)));
  let left = STEP_BYTES;
  for (let index = 0, end = patches.countUpTo(position); index < end; index++) {
    const patch = writes.read(index);
    left -= patch === undefined ? SKIPPED : patches.costOf(index);
    if (left < 0) {
      yield undefined;
      left = STEP_BYTES;
    }
    if (patch === undefined) continue;
    const uses = patches.usesOf(index);
    const changes = changesAt(applier.state, patch, uses, keys);
    const old = changes ? view(valueAt(applier.state, path)) : undefined;
    if (changes && keepsValues) applier.freeze();
    const copiedBefore = applier.copiedKeys;
    applier.apply(patch, uses);
    left -= (applier.copiedKeys - copiedBefore) * COPIED;
    if (!changes) continue;
    const value = valueAt(keepsValues ? applier.freeze() : applier.state, path);
    yield { ...causeOf(history, path, index, value), old: old as T, new: view(value) };
  }
}

function initialBlame({ states }: History, path: Pointer): Blame | undefined {
  const value = valueAt(states.stateAfter(0), path);
  return value === undefined ? undefined : { ...initialCause(path), old: undefined, new: value };
}

function initialCause(path: Pointer): Cause {
  return { path, sequence: 0, kind: undefined, nodeId: undefined, how: 'initial_input' };
}

function causeOf(history: History, path: Pointer, index: number, value: Json | undefined): Cause {
  const position = history.patches.positionOf(index);
  return {
    path,
    sequence: history.sequenceOf(position),
    kind: history.kindOf(position),
    nodeId: history.nodeOf(position),
    how: history.patches.usesOf(index) & REPLACES ? 'final_state' : howOf(history.patches.read(index), path, value),
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

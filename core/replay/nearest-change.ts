import { type Pointer, pointerKeys } from '../json/pointer.ts';
import type { Json } from '../json/value.ts';
import type { History } from './history.ts';
import type { Keyframe } from './keyframes.ts';
import { changesAt, PatchApplier, REPLACES } from './patch.ts';
import type { PatchArena } from './patch-arena.ts';
import { PathPatches } from './path-patches.ts';
import { STEP_BYTES, type Steps } from './steps.ts';

/**
 * Finds the nearest event after (1) or before (-1) `position` that changes the value at a path. Writing an equal value is
 * not a change.
 *
 * Each patch is read at most once, and once more if it has not been folded yet. Backwards, the blocks between keyframes are
 * searched from the last to the first; each block is read forwards and its last change is remembered.
 *
 * @param position from -1 (before the first event) to the number of events (after the last one).
 * @param path '' for the whole state.
 * @returns the event's position; undefined when there is no change in that direction, or the path is not a pointer.
 */
export function* nearestChange(history: Pick<History, 'patches' | 'states'>, position: number, step: 1 | -1, path: Pointer = ''): Steps<number | undefined> {
  const keys = pointerKeys(path);
  if (keys === undefined) return undefined;
  const { patches, states } = history;
  const changes = new Changes(patches, new PathPatches(history, keys), keys);
  if (step > 0) {
    const start = patches.countUpTo(position);
    yield* states.foldTo(start);
    return yield* changes.in(start, patches.count, states.stateAfter(start), 'first');
  }
  for (let end = patches.countUpTo(position - 1); end > 0; ) {
    yield* states.foldTo(end);
    // A block must not begin between two patches of the same event.
    let block: Keyframe = states.keyframeBefore(end - 1);
    while (block.patches > 0 && patches.positionOf(block.patches) === patches.positionOf(block.patches - 1)) block = states.keyframeBefore(block.patches - 1);
    const found = yield* changes.in(block.patches, end, block.state, 'last');
    if (found !== undefined) return found;
    end = block.patches;
  }
  return undefined;
}

/** Looks for the positions that change a value. */
class Changes {
  readonly #patches: PatchArena;
  readonly #watched: PathPatches;
  readonly #keys: readonly string[];

  constructor(patches: PatchArena, watched: PathPatches, keys: readonly string[]) {
    this.#patches = patches;
    this.#watched = watched;
    this.#keys = keys;
  }

  /**
   * The position of the first or the last event that changes the value, among patches [start, end), which are all patches of
   * their events.
   *
   * @param state the state before patch `start`.
   */
  *in(start: number, end: number, state: Json, which: 'first' | 'last'): Steps<number | undefined> {
    const applier = new PatchApplier(this.#watched.relevantPart(state));
    let found: number | undefined;
    for (let from = start; from < end; ) {
      const to = this.#stepEnd(from, end);
      for (let index = this.#watched.anyIn(from, to) ? from : to; index < to; ) {
        const next = this.#eventEnd(index, to);
        if (this.#changes(applier, index, next)) {
          found = this.#patches.positionOf(index);
          if (which === 'first') return found;
        }
        index = next;
      }
      from = to;
      yield;
    }
    return found;
  }

  /** Applies patches [from, to), which belong to one event. @returns whether they change the value. */
  #changes(applier: PatchApplier, from: number, to: number): boolean {
    // Two patches of one event may cancel each other out, so the values before and after both are compared.
    const before = to - from > 1 ? applier.freeze() : undefined;
    let changed = false;
    for (let index = from; index < to; index++) {
      const patch = this.#watched.read(index);
      if (patch === undefined) continue;
      const uses = this.#patches.usesOf(index);
      const changesHere = changesAt(applier.state, patch, uses, this.#keys);
      changed ||= changesHere;
      // A patch that does not change the whole state need not be applied. One that does not change a value may change its parents.
      if (changesHere || this.#keys.length > 0) applier.apply(patch, uses);
    }
    return changed && (before === undefined || changesAt(before, applier.state, REPLACES, this.#keys));
  }

  /** The end of the patches that are read between two yields; never between two patches of the same event. */
  #stepEnd(start: number, end: number): number {
    let at = start;
    for (let left = STEP_BYTES; at < end && left > 0; at++) left -= this.#patches.costOf(at);
    return this.#eventEnd(at - 1, end);
  }

  /** The end of the patches that belong to the same event as patch `index`. */
  #eventEnd(index: number, end: number): number {
    let at = index + 1;
    while (at < end && this.#patches.positionOf(at) === this.#patches.positionOf(index)) at++;
    return at;
  }
}

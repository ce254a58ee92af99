import { type Pointer, pointerKeys } from '../json/pointer.ts';
import type { Json } from '../json/value.ts';
import type { History } from './history.ts';
import type { Keyframe } from './keyframes.ts';
import { changesAt, PatchApplier, REPLACES } from './patch.ts';
import type { PatchArena } from './patch-arena.ts';
import { PathPatches } from './path-patches.ts';
import { STEP_BYTES, type Steps } from './steps.ts';

/**
 * The position of the next (1) or previous (-1) change of the value at a path, seen from `position`: the nearest event, other than
 * the one in `position`, that left another value than it found. A write of the value that was there already is no change.
 *
 * Each patch is read once at most, and once more where it has not been folded. Backwards that is done in blocks from
 * keyframe to keyframe, the last block first: a pass over one remembers the last change in it.
 *
 * @param position from -1, before the first event, up to one behind the last.
 * @param path '' for the whole state.
 * @returns undefined when there is no change in that direction, or the path is no pointer.
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
    // Patches of one position belong together: a block begins with a position.
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

  /** The first or the last position in patches [start, end), which are whole positions, that changes the value; `state` is what they are applied to. */
  *in(start: number, end: number, state: Json, which: 'first' | 'last'): Steps<number | undefined> {
    const applier = new PatchApplier(this.#watched.part(state));
    let found: number | undefined;
    for (let from = start; from < end; ) {
      const to = this.#pieceEnd(from, end);
      for (let index = this.#watched.anyIn(from, to) ? from : to; index < to; ) {
        const next = this.#rowEnd(index, to);
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

  /** Applies patches [from, to) of one position. @returns whether they change the value. */
  #changes(applier: PatchApplier, from: number, to: number): boolean {
    // Several may undo each other: then the values before and after them are compared.
    const before = to - from > 1 ? applier.freeze() : undefined;
    let changed = false;
    for (let index = from; index < to; index++) {
      const patch = this.#watched.read(index);
      if (patch === undefined) continue;
      const uses = this.#patches.usesOf(index);
      const changesHere = changesAt(applier.state, patch, uses, this.#keys);
      changed ||= changesHere;
      // What leaves the whole state as it was need not be applied; below it, the containers around the value may be others.
      if (changesHere || this.#keys.length > 0) applier.apply(patch, uses);
    }
    return changed && (before === undefined || changesAt(before, applier.state, REPLACES, this.#keys));
  }

  /** Where a piece ends that is looked at between two yields: with a position. */
  #pieceEnd(start: number, end: number): number {
    let at = start;
    for (let left = STEP_BYTES; at < end && left > 0; at++) left -= this.#patches.costOf(at);
    return this.#rowEnd(at - 1, end);
  }

  /** Where the patches end that came with the position of patch `index`. */
  #rowEnd(index: number, end: number): number {
    let at = index + 1;
    while (at < end && this.#patches.positionOf(at) === this.#patches.positionOf(index)) at++;
    return at;
  }
}

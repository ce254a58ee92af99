import type { ReadOptions } from '../json/read.ts';
import { isObject, type Json, type JsonObject } from '../json/value.ts';
import { GivenApplier } from './given.ts';
import { type Keyframe, type KeyframeLimits, Keyframes } from './keyframes.ts';
import { GIVES, PatchApplier } from './patch.ts';
import type { PatchArena } from './patch-arena.ts';
import { RecentStates, STEPS_BACK } from './recent-states.ts';
import { STEP_BYTES, type Steps } from './steps.ts';

/**
 * The state of an execution after any number of its patches.
 *
 * "After p patches" is how places are named here: 0 is the initial input.
 */
export class States {
  readonly #patches: PatchArena;
  readonly #origin: Json;
  readonly #keyframes: Keyframes;
  readonly #recent = new RecentStates();
  /** How many patches the fold has come past; keyframes stand up to there. */
  #folded = 0;
  #folding: PatchApplier;
  #foldingGiven = new GivenApplier();
  #lastGiven: { readonly patches: number; readonly given: JsonObject } | undefined;

  constructor(patches: PatchArena, origin: Json, limits?: KeyframeLimits) {
    this.#patches = patches;
    this.#origin = origin;
    this.#keyframes = new Keyframes(origin, limits);
    this.#folding = new PatchApplier(origin);
  }

  /** How many patches there are. */
  get count(): number {
    return this.#patches.count;
  }

  get keyframeCount(): number {
    return this.#keyframes.count;
  }

  /** How many patches the fold has come past. */
  get folded(): number {
    return this.#folded;
  }

  /** Some state is no object: the input, a patch or a final state is none. */
  get hasBareStates(): boolean {
    return this.#patches.hasBareValues || !isObject(this.#origin);
  }

  /** Whether keyframes stand as far as `patches` patches, or nearly: then a state there costs no more than anywhere. */
  isFolded(patches: number): boolean {
    return patches <= this.#folded || this.#patches.bytesBefore(patches) - this.#patches.bytesBefore(this.#folded) <= this.#keyframes.budget;
  }

  /**
   * Folds on and takes keyframes. Seeks do it when they have to; an indexer does it piece by piece, so that they need not.
   *
   * @param bytes about how many bytes of patches are read; short ones count for more, as {@link PatchArena.costOf}.
   * @returns whether there is more.
   */
  fold(bytes = Number.POSITIVE_INFINITY): boolean {
    for (let left = bytes; left > 0 && this.#folded < this.count; left -= this.#patches.costOf(this.#folded - 1)) this.#foldOne();
    return this.#folded < this.count;
  }

  /** What {@link release} frees, in bytes, about: what keyframes hold beside the patches. */
  get bytes(): number {
    return this.#keyframes.bytes;
  }

  /** Gives up every state but the origin. They are folded again when they are asked for, or by {@link fold}. */
  release(): void {
    this.#keyframes.release();
    this.#recent.release();
    this.#lastGiven = undefined;
    this.#folded = 0;
    this.#folding = new PatchApplier(this.#origin);
    this.#foldingGiven = new GivenApplier();
  }

  /** Folds on as far as `patches` patches, in steps. There is no yield behind the last: what has been folded is still there. */
  *foldTo(patches: number): Steps<void> {
    while (this.#folded < patches) {
      this.fold(STEP_BYTES);
      if (this.#folded < patches) yield;
    }
  }

  /** The last keyframe with no more than so many patches behind it; those behind {@link folded} are not taken yet. */
  keyframeBefore(patches: number): Keyframe {
    return this.#keyframes.before(patches);
  }

  #foldAtOnce(patches: number): void {
    while (this.#folded < patches) this.#foldOne();
  }

  #foldOne(): void {
    const index = this.#folded++;
    const uses = this.#patches.usesOf(index);
    const value = this.#patches.read(index);
    const copiedBefore = this.#folding.copiedKeys + this.#foldingGiven.copiedKeys;
    this.#folding.apply(value, uses);
    if (uses & GIVES) this.#foldingGiven.give(value);
    const copied = this.#folding.copiedKeys + this.#foldingGiven.copiedKeys - copiedBefore;
    if (this.#keyframes.pass(this.#patches.lengthOf(index), copied)) this.#keyframes.take(this.#folded, this.#folding.freeze(), this.#foldingGiven.freeze());
  }

  /** The state after `patches` patches. It is never changed afterwards. */
  stateAfter(patches: number): Json {
    const backwards = this.#recent.ask(patches);
    this.#foldAtOnce(patches);
    if (patches === this.#folded) {
      const state = this.#folding.freeze();
      this.#recent.keep(patches, state);
      return state;
    }
    const known = this.#recent.get(patches);
    if (known !== undefined) {
      this.#recent.touch(patches, known);
      return known;
    }
    const keyframe = this.#keyframes.before(patches);
    const base = this.#recent.between(keyframe.patches, patches) ?? keyframe;
    const applier = new PatchApplier(base.state);
    for (let index = base.patches; index < patches; index++) {
      this.#applyTo(applier, index);
      if (backwards && patches - index <= STEPS_BACK) this.#recent.keep(index + 1, applier.freeze(), backwards);
    }
    const state = applier.freeze();
    this.#recent.keep(patches, state, backwards);
    return state;
  }

  /** States one after the other, from the origin on: cheaper than a seek for each. It is called with what never goes down. */
  walk(): (patches: number) => Json {
    let applier = new PatchApplier(this.#origin);
    let at = 0;
    return (patches) => {
      // What a keyframe holds is there already: nothing of it is read again.
      const keyframe = this.#keyframes.before(patches);
      if (keyframe.patches > at) {
        applier = new PatchApplier(keyframe.state);
        at = keyframe.patches;
      }
      for (; at < patches; at++) this.#applyTo(applier, at);
      return applier.freeze();
    };
  }

  /** What the scheduler hands to nodes after `patches` patches. It is never changed afterwards. */
  givenAfter(patches: number): JsonObject {
    const last = this.#lastGiven;
    if (last?.patches === patches) return last.given;
    this.#foldAtOnce(patches);
    const keyframe = this.#keyframes.before(patches);
    const base = last !== undefined && last.patches < patches && last.patches > keyframe.patches ? last : keyframe;
    const applier = new GivenApplier(base.given);
    for (let index = base.patches; index < patches; index++) if (this.#patches.usesOf(index) & GIVES) applier.give(this.#patches.read(index));
    const given = applier.freeze();
    this.#lastGiven = { patches, given };
    return given;
  }

  /**
   * The state that comes of applying patches [from, to) to another base: what a recovery does.
   *
   * @param number how its reader takes numbers.
   */
  applyTo(base: Json, from: number, to: number, number: ReadOptions['number']): Json {
    const applier = new PatchApplier(base);
    for (let index = from; index < to; index++) this.#applyTo(applier, index, number);
    return applier.freeze();
  }

  #applyTo(applier: PatchApplier, index: number, number?: ReadOptions['number']): void {
    const uses = this.#patches.usesOf(index);
    if (uses !== GIVES) applier.apply(this.#patches.read(index, number), uses);
  }
}

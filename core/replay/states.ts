import type { ReadOptions } from '../json/read.ts';
import { isObject, type Json, type JsonObject } from '../json/value.ts';
import { GivenApplier } from './given.ts';
import { KeyPostings } from './key-postings.ts';
import { type Keyframe, type KeyframeLimits, Keyframes } from './keyframes.ts';
import { PatchApplier, SETS_GIVEN } from './patch.ts';
import type { PatchArena } from './patch-arena.ts';
import { ReadPatches } from './read-patches.ts';
import { RecentStates, STATES_BACK } from './recent-states.ts';
import { STEP_BYTES, type Steps } from './steps.ts';

/**
 * The state of an execution after any number of its patches; after 0 patches it is the initial input.
 */
export class States {
  /** Of the patches that have been folded at some time. */
  readonly keys = new KeyPostings();
  readonly #patches: PatchArena;
  readonly #origin: Json;
  readonly #keyframes: Keyframes;
  readonly #recent = new RecentStates();
  readonly #read: ReadPatches;
  #folded = 0;
  #stateFold: PatchApplier;
  #givenFold = new GivenApplier();
  #lastGiven: { readonly patches: number; readonly given: JsonObject } | undefined;

  constructor(patches: PatchArena, origin: Json, limits?: KeyframeLimits) {
    this.#patches = patches;
    this.#origin = origin;
    this.#read = new ReadPatches(patches);
    this.#keyframes = new Keyframes(origin, limits);
    this.#stateFold = new PatchApplier(origin);
  }

  /** How many patches there are. */
  get count(): number {
    return this.#patches.count;
  }

  get keyframeCount(): number {
    return this.#keyframes.count;
  }

  /** How many patches have been folded; keyframes are taken up to there. */
  get folded(): number {
    return this.#folded;
  }

  /** Whether some state may not be an object, because the input, a patch or a final state is not one. */
  get hasBareStates(): boolean {
    return this.#patches.hasBareValues || !isObject(this.#origin);
  }

  /** Whether the fold has come to `patches` patches, or within one distance of keyframes: then the state is as quick to compute as any. */
  isFolded(patches: number): boolean {
    return patches <= this.#folded || this.#patches.bytesBefore(patches) - this.#patches.bytesBefore(this.#folded) <= this.#keyframes.distance;
  }

  /**
   * Continues the fold and takes keyframes. An indexer does this in steps, so that seeks need not do it at once.
   *
   * @param bytes about how many bytes of patches to read, measured by {@link PatchArena.costOf}.
   * @returns whether there are more patches to fold.
   */
  fold(bytes = Number.POSITIVE_INFINITY): boolean {
    for (let left = bytes; left > 0 && this.#folded < this.count; left -= this.#patches.costOf(this.#folded - 1)) this.#foldOne();
    return this.#folded < this.count;
  }

  /** The approximate memory of keyframes, which {@link release} frees. */
  get bytes(): number {
    return this.#keyframes.bytes;
  }

  /** Drops every second keyframe. */
  thin(): void {
    this.#keyframes.thin();
  }

  /** Drops every state but the origin. They are folded again when they are requested, or by {@link fold}. */
  release(): void {
    this.#keyframes.release();
    this.#recent.release();
    this.#read.release();
    this.#lastGiven = undefined;
    this.#folded = 0;
    this.#stateFold = new PatchApplier(this.#origin);
    this.#givenFold = new GivenApplier();
  }

  /** Folds up to `patches` patches, in steps. There is no yield after the last one, so nothing can release the states in between. */
  *foldTo(patches: number): Steps<void> {
    while (this.#folded < patches) {
      this.fold(STEP_BYTES);
      if (this.#folded < patches) yield;
    }
  }

  /** The last keyframe after at most `patches` patches. There is none beyond {@link folded}. */
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
    if (index === this.keys.count) this.keys.add(value, uses, this.#stateFold.state);
    const copiedBefore = this.#stateFold.copiedKeys + this.#givenFold.copiedKeys;
    this.#stateFold.apply(value, uses);
    if (uses & SETS_GIVEN) this.#givenFold.apply(value);
    const copied = this.#stateFold.copiedKeys + this.#givenFold.copiedKeys - copiedBefore;
    if (this.#keyframes.advance(this.#patches.lengthOf(index), copied)) this.#keyframes.add(this.#folded, this.#stateFold.freeze(), this.#givenFold.freeze());
  }

  /** The state after `patches` patches. It is never changed afterwards. */
  stateAfter(patches: number): Json {
    const backwards = this.#recent.request(patches);
    this.#foldAtOnce(patches);
    if (patches === this.#folded) {
      const state = this.#stateFold.freeze();
      this.#recent.keep(patches, state);
      return state;
    }
    const known = this.#recent.get(patches);
    if (known !== undefined) {
      this.#recent.touch(patches, known);
      return known;
    }
    const keyframe = this.#keyframes.before(patches);
    const base = this.#recent.nearest(keyframe.patches, patches) ?? keyframe;
    const applier = new PatchApplier(base.state);
    for (let index = base.patches; index < patches; index++) {
      const uses = this.#patches.usesOf(index);
      if (uses !== SETS_GIVEN) applier.apply(this.#read.read(index), uses);
      if (backwards && patches - index <= STATES_BACK) this.#recent.keep(index + 1, applier.freeze(), backwards);
    }
    const state = applier.freeze();
    this.#recent.keep(patches, state, backwards);
    return state;
  }

  /** A function for states in ascending order, which is cheaper than a seek for each. Its argument must never decrease. */
  walk(): (patches: number) => Json {
    let applier = new PatchApplier(this.#origin);
    let at = 0;
    return (patches) => {
      // Patches before a keyframe need not be read again.
      const keyframe = this.#keyframes.before(patches);
      if (keyframe.patches > at) {
        applier = new PatchApplier(keyframe.state);
        at = keyframe.patches;
      }
      for (; at < patches; at++) this.#applyTo(applier, at);
      return applier.freeze();
    };
  }

  /** The given state after `patches` patches: what the scheduler hands to nodes. It is never changed afterwards. */
  givenAfter(patches: number): JsonObject {
    const last = this.#lastGiven;
    if (last?.patches === patches) return last.given;
    this.#foldAtOnce(patches);
    const keyframe = this.#keyframes.before(patches);
    const base = last !== undefined && last.patches < patches && last.patches > keyframe.patches ? last : keyframe;
    const applier = new GivenApplier(base.given);
    for (let index = base.patches; index < patches; index++) if (this.#patches.usesOf(index) & SETS_GIVEN) applier.apply(this.#read.read(index));
    const given = applier.freeze();
    this.#lastGiven = { patches, given };
    return given;
  }

  /**
   * Applies patches [from, to) to another base, as a recovery does.
   *
   * @param number how numbers are read, as in {@link ReadOptions}.
   */
  applyTo(base: Json, from: number, to: number, number: ReadOptions['number']): Json {
    const applier = new PatchApplier(base);
    for (let index = from; index < to; index++) this.#applyTo(applier, index, number);
    return applier.freeze();
  }

  #applyTo(applier: PatchApplier, index: number, number?: ReadOptions['number']): void {
    const uses = this.#patches.usesOf(index);
    if (uses !== SETS_GIVEN) applier.apply(this.#patches.read(index, number), uses);
  }
}

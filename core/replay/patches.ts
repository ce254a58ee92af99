import { type ReadOptions, readJson } from '../json/read.ts';
import { isObject, type Json, type JsonObject } from '../json/value.ts';
import { Arena } from './arena.ts';
import { Column } from './column.ts';
import { GivenApplier } from './given.ts';
import { PatchApplier } from './patch.ts';

/** How densely keyframes stand, and how much of them is kept; both in bytes of patches, and a charge for keys copied. */
export interface KeyframeLimits {
  /**
   * A keyframe is taken when this much lies behind the last one, so that no seek reads more: a budget of bytes bounds
   * the tail of seek times where a count of events does not (performance.md §2.2).
   */
  readonly between: number;
  /** With more than this, every second keyframe is given up and the budget doubles: memory stays bounded. */
  readonly kept: number;
}

/** What is kept takes about twice its charge in memory. */
const LIMITS: KeyframeLimits = { between: 32 * 1024, kept: 96 * 1024 * 1024 };
const BYTES_PER_COPIED_KEY = 16;
/** Copying may cost so many times what the patches behind the last keyframe do, before that is left as it is. */
const MOST_COPYING = 4;
/** States that are kept because they were asked for last: what is looked at, and what it is compared with. */
const RECENT_STATES = 4;
/** So many are made at once when somebody steps back. */
const STEPS_BACK = 16;
/** How an escape begins in which any name may be spelled. */
export const ESCAPE = Buffer.from('\\u');
const OPEN_OBJECT = 0x7b;

interface Keyframe {
  /** How many patches lie behind it. */
  readonly patches: number;
  readonly state: Json;
  readonly given: JsonObject;
  /** What it holds alone, about. */
  readonly charge: number;
}

/** What a patch does: bits, because there are millions. */
export const MERGES = 1;
export const REPLACES = 2;
export const GIVES = 4;

/**
 * Every change of an execution's current state, and the state after any number of them.
 *
 * "After p patches" is how places are named here: 0 is the initial input.
 */
export class PatchLog {
  readonly #arena = new Arena();
  readonly #rows = new Column(new Uint32Array(64));
  readonly #slabs = new Column(new Uint32Array(64));
  readonly #offsets = new Column(new Uint32Array(64));
  readonly #lengths = new Column(new Uint32Array(64));
  readonly #uses = new Column(new Uint8Array(64));
  #keyframes: Keyframe[];
  #budget: number;
  #kept = 0;
  readonly #mostKept: number;
  /** What lies behind the last keyframe: bytes of patches, and keys that had to be copied. */
  #bytes = 0;
  #copiedBefore = 0;
  /** How many patches the fold has come past; keyframes stand up to there. */
  #folded = 0;
  readonly #folding: PatchApplier;
  readonly #foldingGiven = new GivenApplier();
  /** States asked for lately, oldest first. */
  readonly #recent = new Map<number, Json>();
  #lastGiven: { readonly patches: number; readonly given: JsonObject } | undefined;
  #lastAsked = -1;
  /** The patches that take the place of the whole state. */
  readonly replacements: number[] = [];
  #lastEscape = { before: 0, found: -1 };
  /** Some state in it is no object: an input, a patch or a final state was none. */
  hasBareStates: boolean;

  constructor(initialState: Json, limits = LIMITS) {
    this.#budget = limits.between;
    this.#mostKept = limits.kept;
    this.#folding = new PatchApplier(initialState);
    this.hasBareStates = !isObject(initialState);
    this.#keyframes = [{ patches: 0, state: initialState, given: new Map(), charge: 0 }];
  }

  /** How many patches there are. */
  get count(): number {
    return this.#rows.length;
  }

  get keyframeCount(): number {
    return this.#keyframes.length;
  }

  trim(): void {
    for (const column of [this.#rows, this.#slabs, this.#offsets, this.#lengths, this.#uses]) column.trim();
  }

  /** How many of them the fold has come past. */
  get folded(): number {
    return this.#folded;
  }

  /** How many patches rows 0 to `row` hold. */
  countAtRow(row: number): number {
    return this.#rows.countUpTo(row);
  }

  /** What patch `index` does: MERGES, REPLACES, GIVES. */
  usesOf(index: number): number {
    return this.#uses.at(index);
  }

  /** Patch `index` as it is stored. */
  valueOf(index: number): Json {
    return this.#read(index);
  }

  /** Whether the text of patch `index` has these bytes somewhere. */
  includes(index: number, bytes: Buffer): boolean {
    return this.#arena.includes(this.#slabs.at(index), this.#offsets.at(index), this.#lengths.at(index), bytes);
  }

  /**
   * The last patch before `index` whose text has one of these bytes somewhere; -1 when none has. Whole slabs are searched
   * at once, which is many times quicker than a look at each patch.
   */
  lastWith(needles: readonly Buffer[], index: number): number {
    return Math.max(-1, ...needles.map((needle) => this.#lastWith(needle, index)));
  }

  /**
   * The last patch before `index` that has an escape such as `\\u0041`, in which any name may be spelled; -1 when none has.
   * The answer is kept: it is asked for again and again, and mostly there is none.
   */
  lastEscaped(index: number): number {
    const { before, found } = this.#lastEscape;
    if (index <= before && found < index) return found;
    this.#lastEscape = { before: index, found: this.#lastWith(ESCAPE, index) };
    return this.#lastEscape.found;
  }

  #lastWith(needle: Buffer, index: number): number {
    for (let end = index - 1; end >= 0; ) {
      const slab = this.#slabs.at(end);
      const first = this.#slabs.countUpTo(slab - 1);
      let found = this.#offsets.at(end) + this.#lengths.at(end) - needle.length + 1;
      for (;;) {
        found = this.#arena.lastIndexOf(slab, needle, found - 1);
        if (found < 0) break;
        const at = this.#patchAt(first, end, found);
        // Bytes that begin in one patch and end in the next are neither's.
        if (found + needle.length <= this.#offsets.at(at) + this.#lengths.at(at)) return at;
      }
      end = first - 1;
    }
    return -1;
  }

  /** Which of the patches `low` to `high`, which lie in one slab, holds the byte at `offset`. */
  #patchAt(low: number, high: number, offset: number): number {
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#offsets.at(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The row that patch `index` (from 0) came with. */
  rowOf(index: number): number {
    return this.#rows.at(index);
  }

  /**
   * Adds the patch in bytes [start, end), which came with `row` and must be well-formed JSON.
   *
   * @param uses MERGES, REPLACES, GIVES, or two of them.
   */
  append(row: number, bytes: Uint8Array, start: number, end: number, uses: number): void {
    const { slab, offset } = this.#arena.store(bytes, start, end);
    this.#rows.push(row);
    this.#slabs.push(slab);
    this.#offsets.push(offset);
    this.#lengths.push(end - start);
    this.#uses.push(uses);
    if (uses & REPLACES) this.replacements.push(this.count - 1);
    if (uses !== GIVES && bytes[start] !== OPEN_OBJECT) this.hasBareStates = true;
  }

  /** Whether keyframes stand as far as `patches` patches, or nearly: then a state there costs no more than anywhere. */
  isFolded(patches: number): boolean {
    return patches <= this.#folded || this.#position(patches) - this.#position(this.#folded) <= this.#budget;
  }

  /**
   * Folds on and takes keyframes. Seeks do it when they have to; an indexer does it piece by piece, so that they need not.
   *
   * @param bytes about how many bytes of patches are read.
   * @returns whether there is more.
   */
  fold(bytes = Number.POSITIVE_INFINITY): boolean {
    for (let left = bytes; left > 0 && this.#folded < this.count; left -= this.#lengths.at(this.#folded - 1)) this.#foldOne();
    return this.#folded < this.count;
  }

  #foldTo(patches: number): void {
    while (this.#folded < patches) this.#foldOne();
  }

  #foldOne(): void {
    const uses = this.#uses.at(this.#folded);
    const value = this.#read(this.#folded);
    this.#bytes += this.#lengths.at(this.#folded);
    this.#folded++;
    apply(this.#folding, value, uses);
    if (uses & GIVES) this.#foldingGiven.give(value);
    const copying = (this.#copied - this.#copiedBefore) * BYTES_PER_COPIED_KEY;
    // Beside a very wide object patches are cheap: every seek copies it, and a keyframe for each of them would, too.
    if (this.#bytes + copying >= this.#budget && copying <= this.#bytes * MOST_COPYING) this.#takeKeyframe(this.#bytes + copying);
  }

  /** Where a patch lies, in bytes from the first one; about, because slabs end a little before their end. */
  #position(index: number): number {
    if (index === 0) return 0;
    return this.#slabs.at(index - 1) * Arena.SLAB + this.#offsets.at(index - 1) + this.#lengths.at(index - 1);
  }

  /** The state after `patches` patches. It is never changed afterwards. */
  stateAfter(patches: number): Json {
    const backwards = patches < this.#lastAsked && this.#lastAsked - patches <= 8;
    this.#lastAsked = patches;
    this.#foldTo(patches);
    if (patches === this.#folded) {
      const state = this.#folding.freeze();
      this.#remember(patches, state);
      return state;
    }
    const known = this.#recent.get(patches);
    if (known !== undefined) {
      this.#remember(patches, known, this.#recent.size);
      return known;
    }
    const base = this.#nearest(patches);
    const applier = new PatchApplier(base.state);
    for (let index = base.patches; index < patches; index++) {
      if (this.#uses.at(index) !== GIVES) apply(applier, this.#read(index), this.#uses.at(index));
      // Someone steps back: the states before this one will be asked for next.
      if (backwards && patches - index <= STEPS_BACK) this.#remember(index + 1, applier.freeze(), STEPS_BACK);
    }
    const state = applier.freeze();
    this.#remember(patches, state, backwards ? STEPS_BACK : RECENT_STATES);
    return state;
  }

  /** States one after the other, from the origin on: cheaper than a seek for each. It is called with what never goes down. */
  walk(): (patches: number) => Json {
    let applier = new PatchApplier((this.#keyframes[0] as Keyframe).state);
    let at = 0;
    return (patches) => {
      // What a keyframe holds is there already: nothing of it is read again.
      const keyframe = this.#keyframeBefore(patches);
      if (keyframe.patches > at) {
        applier = new PatchApplier(keyframe.state);
        at = keyframe.patches;
      }
      for (; at < patches; at++) if (this.#uses.at(at) !== GIVES) apply(applier, this.#read(at), this.#uses.at(at));
      return applier.freeze();
    };
  }

  /** What the scheduler hands to nodes after `patches` patches. It is never changed afterwards. */
  givenAfter(patches: number): JsonObject {
    const last = this.#lastGiven;
    if (last?.patches === patches) return last.given;
    this.#foldTo(patches);
    const keyframe = this.#keyframeBefore(patches);
    const base = last !== undefined && last.patches < patches && last.patches > keyframe.patches ? last : keyframe;
    const applier = new GivenApplier(base.given);
    for (let index = base.patches; index < patches; index++) if (this.#uses.at(index) & GIVES) applier.give(this.#read(index));
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
    for (let index = from; index < to; index++) {
      if (this.#uses.at(index) !== GIVES) apply(applier, this.#read(index, number), this.#uses.at(index));
    }
    return applier.freeze();
  }

  #read(index: number, number?: ReadOptions['number']): Json {
    const text = this.#arena.text(this.#slabs.at(index), this.#offsets.at(index), this.#lengths.at(index));
    const result = readJson(text, number === undefined ? {} : { number });
    if (!result.ok) throw new Error(`patch ${index} was indexed although it cannot be read: ${result.problem.reason}`);
    return result.value;
  }

  /** How many keys had to be copied so far. */
  get #copied(): number {
    return this.#folding.copiedKeys + this.#foldingGiven.copiedKeys;
  }

  #takeKeyframe(charge: number): void {
    this.#keyframes.push({ patches: this.#folded, state: this.#folding.freeze(), given: this.#foldingGiven.freeze(), charge });
    this.#kept += charge;
    this.#bytes = 0;
    this.#copiedBefore = this.#copied;
    while (this.#kept > this.#mostKept && this.#keyframes.length > 1) {
      this.#keyframes = this.#keyframes.filter((_, index) => index % 2 === 0);
      this.#kept = this.#keyframes.reduce((sum, { charge }) => sum + charge, 0);
      this.#budget *= 2;
    }
  }

  #nearest(patches: number): Pick<Keyframe, 'patches' | 'state'> {
    let best: Pick<Keyframe, 'patches' | 'state'> = this.#keyframeBefore(patches);
    for (const [at, state] of this.#recent) if (at <= patches && at > best.patches) best = { patches: at, state };
    return best;
  }

  #keyframeBefore(patches: number): Keyframe {
    let low = 0;
    let high = this.#keyframes.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#keyframes[middle] as Keyframe).patches <= patches) low = middle;
      else high = middle;
    }
    return this.#keyframes[low] as Keyframe;
  }

  #remember(patches: number, state: Json, most = RECENT_STATES): void {
    this.#recent.delete(patches);
    this.#recent.set(patches, state);
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= most) return;
      this.#recent.delete(oldest);
    }
  }
}

function apply(applier: PatchApplier, value: Json, uses: number): void {
  if (uses & REPLACES) applier.replace(value);
  else if (uses & MERGES) applier.merge(value);
}

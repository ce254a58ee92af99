import { type ReadOptions, readJson } from '../json/read.ts';
import type { Json } from '../json/value.ts';
import { bytesOf, Column } from './column.ts';
import { GIVES, REPLACES } from './patch.ts';
import { Slabs } from './slabs.ts';

/** How an escape begins in which any name may be spelled. */
export const ESCAPE = Buffer.from('\\u');
const OPEN_OBJECT = 0x7b;
/** The shortest patch takes as long to read as so many bytes of a long one. */
const READ_OVERHEAD = 64;

/** Every patch of an execution as it is stored, in the order of the log; each came with a position of it. */
export class PatchArena {
  /** Some patch or final state is no object. */
  hasBareValues = false;
  /** The patches that take the place of the whole state. */
  readonly #replacements = new Column(new Uint32Array(4));
  readonly #slabs = new Slabs();
  readonly #positions = new Column(new Uint32Array(64));
  readonly #slabNumbers = new Column(new Uint32Array(64));
  readonly #offsets = new Column(new Uint32Array(64));
  readonly #lengths = new Column(new Uint32Array(64));
  readonly #uses = new Column(new Uint8Array(64));
  #lastEscape = { before: 0, found: -1 };

  /** How many patches there are. */
  get count(): number {
    return this.#positions.length;
  }

  /** How many patches positions 0 to `position` hold. */
  countUpTo(position: number): number {
    return this.#positions.countUpTo(position);
  }

  /** The position that patch `index` (from 0) came with. */
  positionOf(index: number): number {
    return this.#positions.at(index);
  }

  /** What patch `index` does: MERGES, REPLACES, GIVES. */
  usesOf(index: number): number {
    return this.#uses.at(index);
  }

  /** In bytes. */
  lengthOf(index: number): number {
    return this.#lengths.at(index);
  }

  /** What it takes to read patch `index` and apply it, in bytes that are read in the same time, about. */
  costOf(index: number): number {
    return this.#lengths.at(index) + READ_OVERHEAD;
  }

  /** Where patch `index` lies, in bytes from the first one; about, because slabs end a little before their end. */
  bytesBefore(index: number): number {
    if (index === 0) return 0;
    return this.#slabNumbers.at(index - 1) * Slabs.SIZE + this.#offsets.at(index - 1) + this.#lengths.at(index - 1);
  }

  /** @param number how its reader takes numbers that are no plain integer. */
  read(index: number, number?: ReadOptions['number']): Json {
    const text = this.#slabs.text(this.#slabNumbers.at(index), this.#offsets.at(index), this.#lengths.at(index));
    const result = readJson(text, number === undefined ? {} : { number });
    if (!result.ok) throw new Error(`patch ${index} was indexed although it cannot be read: ${result.problem.reason}`);
    return result.value;
  }

  /**
   * Adds the patch in bytes [start, end), which came with `position` and must be well-formed JSON.
   *
   * @param uses MERGES, REPLACES, GIVES, or two of them.
   */
  append(position: number, bytes: Uint8Array, start: number, end: number, uses: number): void {
    const { slab, offset } = this.#slabs.store(bytes, start, end);
    this.#positions.push(position);
    this.#slabNumbers.push(slab);
    this.#offsets.push(offset);
    this.#lengths.push(end - start);
    this.#uses.push(uses);
    if (uses & REPLACES) this.#replacements.push(this.count - 1);
    if (uses !== GIVES && bytes[start] !== OPEN_OBJECT) this.hasBareValues = true;
  }

  get bytes(): number {
    return bytesOf(this.#slabs, ...this.#columns);
  }

  trim(): void {
    for (const column of this.#columns) column.trim();
  }

  get #columns(): readonly Column<Uint32Array | Uint8Array>[] {
    return [this.#positions, this.#slabNumbers, this.#offsets, this.#lengths, this.#uses, this.#replacements];
  }

  /** Whether the text of patch `index` has these bytes somewhere. */
  includes(index: number, bytes: Buffer): boolean {
    return this.#slabs.includes(this.#slabNumbers.at(index), this.#offsets.at(index), this.#lengths.at(index), bytes);
  }

  /** Whether the texts of patches [from, to) have these bytes somewhere; they may begin in one and end in the next. */
  includesIn(from: number, to: number, bytes: Buffer): boolean {
    for (let first = from; first < to; ) {
      const slab = this.#slabNumbers.at(first);
      const last = Math.min(to, this.#slabNumbers.countUpTo(slab)) - 1;
      const offset = this.#offsets.at(first);
      if (this.#slabs.includes(slab, offset, this.#offsets.at(last) + this.#lengths.at(last) - offset, bytes)) return true;
      first = last + 1;
    }
    return false;
  }

  /** The last patch before `index` that takes the place of the whole state; -1 when there is none. */
  replacementBefore(index: number): number {
    const count = this.#replacements.countUpTo(index - 1);
    return count === 0 ? -1 : this.#replacements.at(count - 1);
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
      const slab = this.#slabNumbers.at(end);
      const first = this.#slabNumbers.countUpTo(slab - 1);
      let found = this.#offsets.at(end) + this.#lengths.at(end) - needle.length + 1;
      for (;;) {
        found = this.#slabs.lastIndexOf(slab, needle, found - 1);
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
}

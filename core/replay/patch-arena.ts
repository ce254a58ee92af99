import { type ReadOptions, readJson } from '../json/read.ts';
import type { Json } from '../json/value.ts';
import { bytesOf, Column } from './column.ts';
import { REPLACES, SETS_GIVEN } from './patch.ts';
import { type SlabLimits, Slabs } from './slabs.ts';

/** The beginning of an escape, with which any key may be spelled. */
export const ESCAPE = Buffer.from('\\u');
const OPEN_OBJECT = 0x7b;
/** The fixed cost of reading a patch, in bytes that take the same time. */
const READ_OVERHEAD = 64;

/** Every patch of an execution as it is stored, in the order of the log. */
export class PatchArena {
  /** Some patch or final state is not an object. */
  hasBareValues = false;
  /** The indices of patches that replace the whole state. */
  readonly #replacements = new Column(new Uint32Array(4));
  readonly #slabs: Slabs;
  readonly #positions = new Column(new Uint32Array(64));
  readonly #slabNumbers = new Column(new Uint32Array(64));
  readonly #offsets = new Column(new Uint32Array(64));
  readonly #lengths = new Column(new Uint32Array(64));
  readonly #uses = new Column(new Uint8Array(64));

  /** @param limits of what stays in memory; without them, everything does. */
  constructor(limits?: SlabLimits) {
    this.#slabs = new Slabs(limits);
  }

  /** How many patches there are. */
  get count(): number {
    return this.#positions.length;
  }

  /** How many patches belong to positions 0 to `position`. */
  countUpTo(position: number): number {
    return this.#positions.countUpTo(position);
  }

  /** The position of the event that patch `index` belongs to. */
  positionOf(index: number): number {
    return this.#positions.at(index);
  }

  /** MERGES, REPLACES, SETS_GIVEN, or two of them. */
  usesOf(index: number): number {
    return this.#uses.at(index);
  }

  /** In bytes. */
  lengthOf(index: number): number {
    return this.#lengths.at(index);
  }

  /** The approximate time to read and apply patch `index`, in bytes that take the same time. */
  costOf(index: number): number {
    return this.#lengths.at(index) + READ_OVERHEAD;
  }

  /** The approximate bytes of the patches before patch `index`, which include the unused ends of slabs. */
  bytesBefore(index: number): number {
    if (index === 0) return 0;
    return this.#slabNumbers.at(index - 1) * Slabs.SIZE + this.#offsets.at(index - 1) + this.#lengths.at(index - 1);
  }

  /** The stored JSON of patch `index`. */
  textOf(index: number): string {
    return this.#slabs.text(this.#slabNumbers.at(index), this.#offsets.at(index), this.#lengths.at(index));
  }

  /** @param number how numbers that are not plain integers are read, as in {@link ReadOptions}. */
  read(index: number, number?: ReadOptions['number']): Json {
    const result = readJson(this.textOf(index), number === undefined ? {} : { number });
    if (!result.ok) throw new Error(`patch ${index} was indexed although it cannot be read: ${result.problem.reason}`);
    return result.value;
  }

  /**
   * Adds the patch in bytes [start, end), which must be well-formed JSON.
   *
   * @param uses MERGES, REPLACES, SETS_GIVEN, or two of them.
   */
  append(position: number, bytes: Uint8Array, start: number, end: number, uses: number): void {
    const { slab, offset } = this.#slabs.store(bytes, start, end);
    this.#positions.push(position);
    this.#slabNumbers.push(slab);
    this.#offsets.push(offset);
    this.#lengths.push(end - start);
    this.#uses.push(uses);
    if (uses & REPLACES) this.#replacements.push(this.count - 1);
    if (uses !== SETS_GIVEN && bytes[start] !== OPEN_OBJECT) this.hasBareValues = true;
  }

  /** Bytes of the patches for which there is no room in memory. */
  get setAside(): number {
    return this.#slabs.setAside;
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

  /** Whether the text of patch `index` contains these bytes. */
  includes(index: number, bytes: Buffer): boolean {
    return this.#slabs.includes(this.#slabNumbers.at(index), this.#offsets.at(index), this.#lengths.at(index), bytes);
  }

  /** Whether the texts of patches [from, to) contain these bytes, also across the border of two patches. */
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

  /** The last patch before `index` that replaces the whole state; -1 when there is none. */
  replacementBefore(index: number): number {
    const count = this.#replacements.countUpTo(index - 1);
    return count === 0 ? -1 : this.#replacements.at(count - 1);
  }
}

import { CATEGORIES } from '../jamjet/kinds.ts';
import { bytesOf, Column } from './column.ts';

/** Sums are kept at every so many positions; between them positions are counted one by one. */
const EVERY = 64;
const WIDTH = CATEGORIES.length;

/** How many events of each category, and how many bytes, lie before any position: so that a stretch of a million costs what a short one does. */
export class CategoryTotals {
  readonly #categories = new Column(new Uint8Array(64));
  readonly #counts = new Column(new Uint32Array(WIDTH * 4));
  readonly #bytes = new Column(new Float64Array(16));
  readonly #now = new Uint32Array(WIDTH);
  #bytesNow = 0;

  /** @param category its place among CATEGORIES. */
  append(category: number, bytes: number): void {
    if (this.#categories.length % EVERY === 0) {
      for (const count of this.#now) this.#counts.push(count);
      this.#bytes.push(this.#bytesNow);
    }
    this.#categories.push(category);
    this.#now[category] = (this.#now[category] as number) + 1;
    this.#bytesNow += bytes;
  }

  /**
   * The sums over positions 0 to `end` - 1.
   *
   * @param counts takes the number of events of each category.
   * @param sizeOf the bytes of the event in a position.
   * @returns the bytes.
   */
  before(end: number, counts: Float64Array, sizeOf: (position: number) => number): number {
    const mark = Math.min(Math.floor(end / EVERY), this.#bytes.length - 1);
    if (mark < 0) {
      counts.fill(0);
      return 0;
    }
    for (let i = 0; i < WIDTH; i++) counts[i] = this.#counts.at(mark * WIDTH + i);
    let bytes = this.#bytes.at(mark);
    for (let position = mark * EVERY; position < end; position++) {
      const category = this.#categories.at(position);
      counts[category] = (counts[category] as number) + 1;
      bytes += sizeOf(position);
    }
    return bytes;
  }

  get bytes(): number {
    return bytesOf(this.#categories, this.#counts, this.#bytes);
  }

  trim(): void {
    for (const column of [this.#categories, this.#counts, this.#bytes]) column.trim();
  }
}

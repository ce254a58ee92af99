import { CATEGORIES } from '../jamjet/kinds.ts';
import { bytesOf, Column } from './column.ts';

/** Sums are stored for every 64th position; the positions after it are added one by one. */
const INTERVAL = 64;
const WIDTH = CATEGORIES.length;

/** Prefix sums of events by category and of bytes, so that the totals of any range take the same time. */
export class CategoryTotals {
  readonly #categories = new Column(new Uint8Array(64));
  readonly #counts = new Column(new Uint32Array(WIDTH * 4));
  readonly #bytes = new Column(new Float64Array(16));
  readonly #now = new Uint32Array(WIDTH);
  #bytesNow = 0;

  /** @param category its index in CATEGORIES. */
  append(category: number, bytes: number): void {
    if (this.#categories.length % INTERVAL === 0) {
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
   * @param counts receives the number of events of each category.
   * @param sizeOf the bytes of the event at a position.
   * @returns the bytes of all these events.
   */
  before(end: number, counts: Float64Array, sizeOf: (position: number) => number): number {
    const mark = Math.min(Math.floor(end / INTERVAL), this.#bytes.length - 1);
    if (mark < 0) {
      counts.fill(0);
      return 0;
    }
    for (let i = 0; i < WIDTH; i++) counts[i] = this.#counts.at(mark * WIDTH + i);
    let bytes = this.#bytes.at(mark);
    for (let position = mark * INTERVAL; position < end; position++) {
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

import { bytesOf, Column } from './column.ts';

/** The first and the last sequence. */
type Range = readonly [from: number, until: number];

/**
 * The missing sequences of a log, as ranges in ascending order, found by binary search. Bounds are inclusive, and `from` ≤ `to`.
 */
export class Gaps {
  readonly #starts = new Column(new Float64Array(4));
  readonly #ends = new Column(new Float64Array(4));

  /** Adds a gap after all others. */
  append(from: number, until: number): void {
    this.#starts.push(from);
    this.#ends.push(until);
  }

  /** How many gaps overlap sequences `from` to `to`. */
  countIn(from: number, to: number): number {
    return this.#starts.countUpTo(to) - this.#ends.countUpTo(from - 1);
  }

  /** The gaps that overlap sequences `from` to `to`. */
  in(from: number, to: number): Range[] {
    const first = this.#ends.countUpTo(from - 1);
    return Array.from({ length: this.countIn(from, to) }, (_, i) => [this.#starts.at(first + i), this.#ends.at(first + i)]);
  }

  /** The first and the last missing sequence from `from` to `to`; undefined when none is missing. */
  hullIn(from: number, to: number): Range | undefined {
    const [first, end] = [this.#ends.countUpTo(from - 1), this.#starts.countUpTo(to)];
    return first < end ? [Math.max(from, this.#starts.at(first)), Math.min(to, this.#ends.at(end - 1))] : undefined;
  }

  get bytes(): number {
    return bytesOf(this.#starts, this.#ends);
  }

  trim(): void {
    for (const column of [this.#starts, this.#ends]) column.trim();
  }
}

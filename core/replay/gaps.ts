import { bytesOf, Column } from './column.ts';

/** The first and the last sequence of a stretch. */
type Range = readonly [from: number, until: number];

/**
 * The sequences that a log lacks, as stretches in its order. They are found by search, however many there are. Ranges that
 * are asked about go from a sequence to the same one or a later one.
 */
export class Gaps {
  readonly #starts = new Column(new Float64Array(4));
  readonly #ends = new Column(new Float64Array(4));

  /** Adds one behind all others: sequences `from` to `until` are missing. */
  append(from: number, until: number): void {
    this.#starts.push(from);
    this.#ends.push(until);
  }

  /** How many touch sequences `from` to `to`. */
  countIn(from: number, to: number): number {
    return this.#starts.countUpTo(to) - this.#ends.countUpTo(from - 1);
  }

  /** Those that touch sequences `from` to `to`. */
  in(from: number, to: number): Range[] {
    const first = this.#ends.countUpTo(from - 1);
    return Array.from({ length: this.countIn(from, to) }, (_, i) => [this.#starts.at(first + i), this.#ends.at(first + i)]);
  }

  /** From the first sequence that is missing in `from` to `to` to the last one; undefined when none is. */
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

type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** A typed array that grows by half when it is full. */
export class Column<A extends Numbers> {
  #values: A;
  length = 0;

  constructor(empty: A) {
    this.#values = empty;
  }

  /** The bytes allocated, including room for growth. */
  get bytes(): number {
    return this.#values.byteLength;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new (this.#values.constructor as new (length: number) => A)(Math.max(64, Math.ceil(this.length * 1.5)));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  /** Frees the room for growth. */
  trim(): void {
    if (this.length < this.#values.length) this.#values = this.#values.slice(0, Math.max(64, this.length)) as A;
  }

  /** A view of the entries, which does not grow with the column. */
  get values(): A {
    return this.#values.subarray(0, this.length) as A;
  }

  at(index: number): number {
    return this.#values[index] as number;
  }

  /** Replaces the last entry when `value` is larger. */
  raiseLast(value: number): void {
    if (value > (this.#values[this.length - 1] as number)) this.#values[this.length - 1] = value;
  }

  last(): number | undefined {
    return this.length === 0 ? undefined : this.#values[this.length - 1];
  }

  /**
   * How many leading entries are ≤ `value`, in a column that never decreases.
   *
   * @param atLeast a lower bound of the result: a search that continues from the previous result is short.
   */
  countUpTo(value: number, atLeast = 0): number {
    let low = atLeast;
    let high = this.length;
    for (let step = 16; atLeast > 0 && low + step < high; step *= 2) {
      if ((this.#values[low + step] as number) > value) {
        high = low + step;
        break;
      }
      low += step + 1;
    }
    return countUpTo(this.#values, value, low, high);
  }
}

/** How many leading numbers are ≤ `value`, in numbers that never decrease. At least `low` and at most `high` of them are. */
export function countUpTo(values: ArrayLike<number>, value: number, low = 0, high = values.length): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((values[middle] as number) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The sum of the bytes of several columns. */
export function bytesOf(...columns: readonly { readonly bytes: number }[]): number {
  return columns.reduce((sum, { bytes }) => sum + bytes, 0);
}

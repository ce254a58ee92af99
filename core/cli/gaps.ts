/** So many missing sequences are remembered. */
const LIMIT = 100;

/** Sequences [from, to] of which none has been there. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The last sequences that were missing among the events of a log: a server may commit an event after one with a higher sequence. */
export class Gaps {
  /** Ascending. */
  #missing: number[] = [];
  #turn = 0;

  /** Remembers what is missing between events. @param after the last sequence before them. @param sequences theirs, in order. */
  add(after: number, sequences: Iterable<number>): void {
    let last = after;
    for (const sequence of sequences) {
      if (sequence > last + 1) {
        for (let missing = Math.max(last + 1, sequence - LIMIT); missing < sequence; missing++) this.#missing.push(missing);
        this.#missing = this.#missing.slice(-LIMIT);
      }
      last = sequence;
    }
  }

  fill(sequences: Iterable<number>): void {
    const found = new Set(sequences);
    this.#missing = this.#missing.filter((sequence) => !found.has(sequence));
  }

  /** The gaps to be looked at next, at most `count`: all have their turn. */
  next(count: number): readonly Gap[] {
    const gaps: Gap[] = [];
    for (const sequence of this.#missing) {
      const last = gaps.at(-1);
      if (last?.to === sequence - 1) gaps[gaps.length - 1] = { from: last.from, to: sequence };
      else gaps.push({ from: sequence, to: sequence });
    }
    const start = this.#turn >= gaps.length ? 0 : this.#turn;
    this.#turn = start + count;
    return gaps.slice(start, start + count);
  }
}

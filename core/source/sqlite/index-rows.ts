import type { Pause } from '../port.ts';

/** Entries that are moved between two pauses: about a millisecond. */
const MOVES_AT_ONCE = 50_000;

/** Entries of an index: the rowid that each names, and its sequence. In typed arrays, because a million objects are 100 MB. */
export class IndexRows {
  count = 0;
  rowids = new Float64Array(1024);
  sequences = new Float64Array(1024);
  #isSorted = true;

  add(rowid: number, sequence: number): void {
    if (this.count === this.rowids.length) [this.rowids, this.sequences] = [doubled(this.rowids), doubled(this.sequences)];
    if (this.count > 0 && rowid < (this.rowids[this.count - 1] as number)) this.#isSorted = false;
    this.rowids[this.count] = rowid;
    this.sequences[this.count++] = sequence;
  }

  /** Sorts by rowid, in short steps. Most logs are stored in the order of their sequences, so there is nothing to do. */
  async sort(pause: Pause): Promise<void> {
    if (this.#isSorted) return;
    const { count } = this;
    let [moved, rowids, sequences] = [0, new Float64Array(count), new Float64Array(count)];
    // Runs of `width` entries are sorted already, and two at a time are merged.
    for (let width = 1; width < count; width *= 2) {
      for (let start = 0; start < count; start += 2 * width) {
        const [middle, end] = [Math.min(start + width, count), Math.min(start + 2 * width, count)];
        let [left, right] = [start, middle];
        for (let at = start; at < end; at++) {
          const isLeft = left < middle && (right >= end || (this.rowids[left] as number) <= (this.rowids[right] as number));
          const from = isLeft ? left++ : right++;
          rowids[at] = this.rowids[from] as number;
          sequences[at] = this.sequences[from] as number;
          if (++moved % MOVES_AT_ONCE === 0) await pause();
        }
      }
      [this.rowids, this.sequences, rowids, sequences] = [rowids, sequences, this.rowids, this.sequences];
    }
    this.#isSorted = true;
  }

  /** Returns the memory at once, not at the next collection. */
  free(): void {
    this.count = 0;
    for (const { buffer } of [this.rowids, this.sequences]) buffer.transfer(0);
  }
}

function doubled({ buffer, byteLength }: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  return new Float64Array(buffer.transfer(byteLength * 2));
}

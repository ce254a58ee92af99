import type { WaitsFor } from '../vocabulary.ts';
import { bytesOf, Column } from './column.ts';

const CODES = { nothing: 0, time: 1, person: 2 } as const;
const NAMES = ['nothing', 'time', 'person'] as const;
/** An estimate of the memory of one posting's objects. */
const OBJECT_BYTES = 600;

/** A stretch in which a node waits, as positions. */
export interface Wait {
  readonly start: number;
  readonly end: number;
  readonly waitsFor: WaitsFor;
}

/** The events at which the waits of one node began and ended, in the order of the log. */
export class WaitPosting {
  readonly #positions = new Column(new Uint32Array(4));
  /** What the node waits for after each, by CODES. */
  readonly #codes = new Column(new Uint8Array(4));

  append(position: number, waits: WaitsFor | 'nothing'): void {
    const code = CODES[waits];
    if (code === (this.#codes.last() ?? CODES.nothing)) return;
    this.#positions.push(position);
    this.#codes.push(code);
  }

  get bytes(): number {
    return bytesOf(this.#positions, this.#codes) + OBJECT_BYTES;
  }

  trim(): void {
    for (const column of [this.#positions, this.#codes]) column.trim();
  }

  /** What the node waits for after `position`; undefined before its first wait. */
  at(position: number): WaitsFor | 'nothing' | undefined {
    const last = this.#positions.countUpTo(position) - 1;
    return last < 0 ? undefined : NAMES[this.#codes.at(last)];
  }

  /** How many changes there are in positions `from` to `to`. */
  countIn(from: number, to: number): number {
    return this.#positions.countUpTo(to) - this.#positions.countUpTo(from - 1);
  }

  /** The waits that overlap positions `from` to `to`; one that has not ended ends at `to`. */
  waits(from: number, to: number): Wait[] {
    const waits: Wait[] = [];
    const first = Math.max(0, this.#positions.countUpTo(from) - 1);
    for (let i = first; i < this.#positions.length && this.#positions.at(i) <= to; i++) {
      const end = i + 1 < this.#positions.length ? Math.min(to, this.#positions.at(i + 1)) : to;
      const code = this.#codes.at(i);
      if (code !== CODES.nothing && end >= from) waits.push({ start: this.#positions.at(i), end, waitsFor: code === CODES.person ? 'person' : 'time' });
    }
    return waits;
  }

  /** At most one wait for each column of a timeline, for a node with more waits than columns; `edges` as in {@link NodePosting.shares}. */
  waitsByColumn(edges: Uint32Array): Wait[] {
    const waits: Wait[] = [];
    for (let column = 0; column + 1 < edges.length; column++) {
      const [start, end] = [edges[column] as number, (edges[column + 1] as number) - 1];
      const last = this.#positions.countUpTo(end) - 1;
      // Of the wait that goes on at the end and the one before it, at least one is a wait.
      const code = last < 0 || end < start ? 0 : Math.max(this.#codes.at(last), this.#positions.at(last) >= start && last > 0 ? this.#codes.at(last - 1) : 0);
      if (code !== CODES.nothing) waits.push({ start, end, waitsFor: code === CODES.person ? 'person' : 'time' });
    }
    return waits;
  }
}

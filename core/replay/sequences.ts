import { Column } from './column.ts';

/** The sequences of a log, which never decrease. While each is one more than the last, as in nearly all logs, none is stored. */
export class Sequences {
  #first = 0;
  #length = 0;
  /** All sequences, once there is a gap or a repetition. */
  #all: Column<Float64Array> | undefined;

  get length(): number {
    return this.#length;
  }

  push(sequence: number): void {
    if (this.#length === 0) this.#first = sequence;
    else if (this.#all === undefined && sequence !== this.#first + this.#length) this.#store();
    this.#all?.push(sequence);
    this.#length++;
  }

  at(position: number): number {
    return this.#all === undefined ? this.#first + position : this.#all.at(position);
  }

  last(): number | undefined {
    return this.#length === 0 ? undefined : this.at(this.#length - 1);
  }

  /** How many sequences are ≤ `sequence`. */
  countUpTo(sequence: number): number {
    if (this.#all !== undefined) return this.#all.countUpTo(sequence);
    return Math.max(0, Math.min(this.#length, Math.floor(sequence) - this.#first + 1));
  }

  get bytes(): number {
    return this.#all?.bytes ?? 0;
  }

  trim(): void {
    this.#all?.trim();
  }

  #store(): void {
    this.#all = new Column(new Float64Array(Math.max(64, this.#length)));
    for (let position = 0; position < this.#length; position++) this.#all.push(this.#first + position);
  }
}

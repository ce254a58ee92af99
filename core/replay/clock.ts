import { bytesOf, Column } from './column.ts';

/** The longest pause is stored for every 64 events; those in between are looked at one by one. */
const BLOCK = 64;
/** How many events {@link Clock.usualStep} looks at. */
const SAMPLES = 1000;

/** An event whose time is earlier than that of the event before it. */
export interface ClockJump {
  readonly position: number;
  readonly milliseconds: number;
}

/**
 * The time that passes in a log, which never goes back: where the stored times do, no time passes. An event whose time cannot
 * be read is as late as the one before it.
 */
export class Clock {
  readonly #timeOf: (position: number) => number;
  /** From each of these positions on, what is added to the stored time. The first one is that of the first time. */
  readonly #shifted = new Column(new Uint32Array(4));
  readonly #shifts = new Column(new Float64Array(4));
  readonly #unreadable = new Column(new Uint32Array(4));
  readonly #unreadableAt = new Column(new Float64Array(4));
  /** The longest time before an event of each block. */
  readonly #longest = new Column(new Float64Array(16));
  #length = 0;
  #now = 0;

  /** @param timeOf the stored time of the event at a position, in milliseconds; NaN where it cannot be read. */
  constructor(timeOf: (position: number) => number) {
    this.#timeOf = timeOf;
  }

  append(time: number): void {
    const position = this.#length++;
    const before = this.#now;
    if (Number.isFinite(time)) this.#advance(position, time);
    else {
      this.#unreadable.push(position);
      this.#unreadableAt.push(this.#now);
    }
    if (position % BLOCK === 0) this.#longest.push(this.#now - before);
    else this.#longest.raiseLast(this.#now - before);
  }

  #advance(position: number, time: number): void {
    const shift = this.#shifts.last() ?? -time;
    if (this.#shifts.length === 0 || time + shift < this.#now) {
      this.#shifted.push(position);
      this.#shifts.push(this.#now - time);
    }
    this.#now = Math.max(this.#now, time + shift);
  }

  /** Milliseconds from the first event to the event at `position`; 0 before it. */
  at(position: number): number {
    if (position < 0) return 0;
    const unreadable = this.#unreadable.countUpTo(position) - 1;
    if (unreadable >= 0 && this.#unreadable.at(unreadable) === position) return this.#unreadableAt.at(unreadable);
    return this.#timeOf(position) + this.#shifts.at(this.#shifted.countUpTo(position) - 1);
  }

  /** Milliseconds before the event at `position`. */
  stepTo(position: number): number {
    return position <= 0 ? 0 : this.at(position) - this.at(position - 1);
  }

  /** The time that four of five events take at most, from a sample of the log. */
  usualStep(): number {
    const stride = Math.max(1, Math.ceil(this.#length / SAMPLES));
    const steps = new Float64Array(Math.ceil(Math.max(0, this.#length - 1) / stride)).map((_, i) => this.stepTo(1 + i * stride)).sort();
    return steps[Math.floor((steps.length - 1) * 0.8)] ?? 0;
  }

  /** The events in positions `from` to `to` before which at least `minimum` milliseconds passed. */
  pauses(from: number, to: number, minimum: number): number[] {
    const found: number[] = [];
    for (let block = Math.floor(Math.max(0, from) / BLOCK); block * BLOCK <= to; block++) {
      if (this.#longest.at(block) < minimum) continue;
      const end = Math.min(to, block * BLOCK + BLOCK - 1);
      for (let position = Math.max(from, block * BLOCK); position <= end; position++) if (this.stepTo(position) >= minimum) found.push(position);
    }
    return found;
  }

  /** How far the stored time went back in positions `from` to `to`, where it was at least `minimum` milliseconds; the first `most`. */
  jumps(from: number, to: number, minimum: number, most: number): ClockJump[] {
    const found: ClockJump[] = [];
    for (let i = Math.max(1, this.#shifted.countUpTo(from - 1)); i < this.#shifted.length && this.#shifted.at(i) <= to && found.length < most; i++) {
      const milliseconds = this.#shifts.at(i) - this.#shifts.at(i - 1);
      if (milliseconds >= minimum) found.push({ position: this.#shifted.at(i), milliseconds });
    }
    return found;
  }

  get bytes(): number {
    return bytesOf(...this.#columns);
  }

  trim(): void {
    for (const column of this.#columns) column.trim();
  }

  get #columns() {
    return [this.#shifted, this.#shifts, this.#unreadable, this.#unreadableAt, this.#longest];
  }
}

/** Counts, the oldest span of time first. */
export interface Starts {
  /** How long each span is, in milliseconds. */
  readonly span: number;
  readonly counts: readonly number[];
}

const SPANS = 40;
const FIRST_SPAN = 60_000;

/** Counts times in equal spans that end at the newest one. Spans become longer when an older time comes, so that memory is bounded. */
export class StartHistogram {
  readonly #newest: number;
  /** The newest span first. */
  #counts = new Array<number>(SPANS).fill(0);
  span = FIRST_SPAN;

  /** @param newest in milliseconds since 1970; NaN when it is not known, and then nothing is counted. */
  constructor(newest: number) {
    this.#newest = newest;
  }

  /** @param time in milliseconds since 1970. A later one than the newest counts as that. */
  add(time: number): void {
    const age = this.#newest - time;
    if (Number.isNaN(age)) return;
    while (age >= this.span * SPANS) this.#double();
    const at = Math.max(0, Math.floor(age / this.span));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** @param span that of the counts, which is this one's doubled some times. */
  counts(span: number): Starts {
    while (this.span < span) this.#double();
    return { span: this.span, counts: this.#counts.toReversed() };
  }

  #double(): void {
    this.#counts = Array.from({ length: SPANS }, (_, i) => (this.#counts[2 * i] ?? 0) + (this.#counts[2 * i + 1] ?? 0));
    this.span *= 2;
  }
}

import { bytesOf, Column } from './column.ts';

/** How a node's work ended; `waiting` for what neither completed nor failed, `open` when it still goes on. */
export type Outcome = 'completed' | 'failed' | 'waiting' | 'open';

const OUTCOMES: readonly Outcome[] = ['open', 'completed', 'failed', 'waiting'];
const OPEN = 0;
/** The objects of one posting. */
const OBJECT_BYTES = 1000;

/** A node's work from when it was scheduled until it ended; both are positions. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
}

/** Everything that happened to one node, in the order of the log. */
export class NodePosting {
  readonly #positions = new Column(new Uint32Array(4));
  /** What each left the work as, by its place among OUTCOMES. */
  readonly #codes = new Column(new Uint8Array(4));
  /** The places among #positions where work ended. */
  readonly #ends = new Column(new Uint32Array(2));
  /** The positions of its completions, and of its failures. */
  readonly #completions = new Column(new Uint32Array(2));
  readonly #failures = new Column(new Uint32Array(2));

  /** @param work what the event in `position` left the node's work as. */
  append(position: number, work: Outcome): void {
    if (work !== 'open') this.#ends.push(this.#positions.length);
    if (work === 'completed') this.#completions.push(position);
    else if (work === 'failed') this.#failures.push(position);
    this.#positions.push(position);
    this.#codes.push(OUTCOMES.indexOf(work));
  }

  get bytes(): number {
    return bytesOf(...this.#columns) + OBJECT_BYTES;
  }

  trim(): void {
    for (const column of this.#columns) column.trim();
  }

  /** Whether the last thing that happened in positions (after, position] began work or went on with it; undefined when nothing happened there. */
  isActive(position: number, after: number): boolean | undefined {
    const last = this.#positions.countUpTo(position) - 1;
    return last >= 0 && this.#positions.at(last) > after ? this.#codes.at(last) === OPEN : undefined;
  }

  /** The position of the last completion in positions (after, position]; undefined when there is none. */
  completedAt(position: number, after: number): number | undefined {
    const last = this.#completions.countUpTo(position) - 1;
    return last >= 0 && this.#completions.at(last) > after ? this.#completions.at(last) : undefined;
  }

  /** How often something happened in positions `from` to `to`. */
  countIn(from: number, to: number): number {
    return this.#positions.countUpTo(to) - this.#positions.countUpTo(from - 1);
  }

  /** The work that touches positions `from` to `to`, stretch by stretch; what has not ended ends at `to`. */
  stretches(from: number, to: number): Stretch[] {
    const stretches: Stretch[] = [];
    let place = this.#ends.countUpTo(this.#positions.countUpTo(from - 1) - 1);
    // Work begins with what follows on the end of the work before it.
    let first = place === 0 ? 0 : this.#ends.at(place - 1) + 1;
    for (; first < this.#positions.length && this.#positions.at(first) <= to; place++) {
      const start = this.#positions.at(first);
      if (place === this.#ends.length) {
        stretches.push({ start, end: to, outcome: 'open' });
        break;
      }
      const last = this.#ends.at(place);
      stretches.push({ start, end: this.#positions.at(last), outcome: this.#outcomeAt(last) });
      first = last + 1;
    }
    return stretches;
  }

  /**
   * What can be seen where many stretches share a column: for each column its failure if it has one, else a completion,
   * else another end, else how what goes on there will end; undefined where there is no work.
   *
   * @param edges column c shows positions edges[c] to edges[c + 1] - 1.
   */
  outcomes(edges: Uint32Array): (Outcome | undefined)[] {
    const outcomes: (Outcome | undefined)[] = new Array(edges.length - 1).fill(undefined);
    const before = (edges[0] as number) - 1;
    let [at, completed, failed] = [this.#positions.countUpTo(before), this.#completions.countUpTo(before), this.#failures.countUpTo(before)];
    for (let column = 0; column < outcomes.length; column++) {
      const last = (edges[column + 1] as number) - 1;
      const next = this.#positions.countUpTo(last, at);
      const completedNext = this.#completions.countUpTo(last, completed);
      const failedNext = this.#failures.countUpTo(last, failed);
      if (failedNext > failed) outcomes[column] = 'failed';
      else if (completedNext > completed) outcomes[column] = 'completed';
      else if (next > at || (at > 0 && this.#codes.at(at - 1) === OPEN)) outcomes[column] = this.#endFrom(at);
      [at, completed, failed] = [next, completedNext, failedNext];
    }
    return outcomes;
  }

  get #columns(): readonly Column<Uint32Array | Uint8Array>[] {
    return [this.#positions, this.#codes, this.#ends, this.#completions, this.#failures];
  }

  /** How the work ends that goes on before place `from`, or that begins there. */
  #endFrom(from: number): Outcome {
    const place = this.#ends.countUpTo(from - 1);
    return place === this.#ends.length ? 'open' : this.#outcomeAt(this.#ends.at(place));
  }

  #outcomeAt(place: number): Outcome {
    return OUTCOMES[this.#codes.at(place)] as Outcome;
  }
}

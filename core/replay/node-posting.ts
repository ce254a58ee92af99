import type { Outcome } from '../vocabulary.ts';
import { bytesOf, Column } from './column.ts';

const OUTCOMES: readonly Outcome[] = ['open', 'completed', 'failed', 'waiting'];
const OPEN = 0;
/** An estimate of the memory of one posting's objects. */
const OBJECT_BYTES = 1000;

/** A node's work from the event that scheduled it to the event that ended it, as positions. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
}

/** The events that changed one node, in the order of the log. */
export class NodePosting {
  readonly #positions = new Column(new Uint32Array(4));
  /** The outcome after each, by its index in OUTCOMES. */
  readonly #codes = new Column(new Uint8Array(4));
  /** The indices in #positions at which work ended. */
  readonly #ends = new Column(new Uint32Array(2));
  /** The positions of completions; likewise of failures. */
  readonly #completions = new Column(new Uint32Array(2));
  readonly #failures = new Column(new Uint32Array(2));

  /** @param outcome of the node's work after the event at `position`. */
  append(position: number, outcome: Outcome): void {
    if (outcome !== 'open') this.#ends.push(this.#positions.length);
    if (outcome === 'completed') this.#completions.push(position);
    else if (outcome === 'failed') this.#failures.push(position);
    this.#positions.push(position);
    this.#codes.push(OUTCOMES.indexOf(outcome));
  }

  get bytes(): number {
    return bytesOf(...this.#columns) + OBJECT_BYTES;
  }

  trim(): void {
    for (const column of this.#columns) column.trim();
  }

  /** Whether the last event in positions (after, position] left the work open; undefined when there is no event. */
  isActive(position: number, after: number): boolean | undefined {
    const last = this.#positions.countUpTo(position) - 1;
    return last >= 0 && this.#positions.at(last) > after ? this.#codes.at(last) === OPEN : undefined;
  }

  /** The position of the last completion in positions (after, position]; undefined when there is none. */
  completedAt(position: number, after: number): number | undefined {
    const last = this.#completions.countUpTo(position) - 1;
    return last >= 0 && this.#completions.at(last) > after ? this.#completions.at(last) : undefined;
  }

  /** How many events there are in positions `from` to `to`. */
  countIn(from: number, to: number): number {
    return this.#positions.countUpTo(to) - this.#positions.countUpTo(from - 1);
  }

  /** The stretches that overlap positions `from` to `to`; one that has not ended ends at `to`. */
  stretches(from: number, to: number): Stretch[] {
    const stretches: Stretch[] = [];
    let endIndex = this.#ends.countUpTo(this.#positions.countUpTo(from - 1) - 1);
    // The event after an end begins the next stretch.
    let first = endIndex === 0 ? 0 : this.#ends.at(endIndex - 1) + 1;
    for (; first < this.#positions.length && this.#positions.at(first) <= to; endIndex++) {
      const start = this.#positions.at(first);
      if (endIndex === this.#ends.length) {
        stretches.push({ start, end: to, outcome: 'open' });
        break;
      }
      const last = this.#ends.at(endIndex);
      stretches.push({ start, end: this.#positions.at(last), outcome: this.#outcomeAt(last) });
      first = last + 1;
    }
    return stretches;
  }

  /**
   * One outcome for each column of a timeline in which many stretches share a column: `failed` if there is a failure in it,
   * else `completed` if there is a completion, else the outcome of the stretch that ends or continues there; undefined where
   * there is no work.
   *
   * @param edges column c covers positions edges[c] to edges[c + 1] - 1.
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

  /** The outcome of the stretch that contains the event with index `from` in #positions. */
  #endFrom(from: number): Outcome {
    const endIndex = this.#ends.countUpTo(from - 1);
    return endIndex === this.#ends.length ? 'open' : this.#outcomeAt(this.#ends.at(endIndex));
  }

  #outcomeAt(index: number): Outcome {
    return OUTCOMES[this.#codes.at(index)] as Outcome;
  }
}

import { NODE_PHASES, type NodePhase, type Outcome } from '../vocabulary.ts';
import { bytesOf, Column } from './column.ts';

/** By the index of the phase in NODE_PHASES. */
const OUTCOMES: readonly Outcome[] = ['open', 'open', 'completed', 'failed', 'stopped', 'stopped'];
const RUNNING = NODE_PHASES.indexOf('running');
/** An estimate of the memory of one posting's objects. */
const OBJECT_BYTES = 1000;

/** A node's work from the event that scheduled it to the event that ended it, as positions. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
}

/** A node's work in each column of a timeline. */
export interface LaneShares {
  /** How often work ended in the column, by outcome. */
  readonly completed: Uint32Array;
  readonly failed: Uint32Array;
  readonly stopped: Uint32Array;
  /** 1 where there is work. */
  readonly busy: Uint8Array;
}

/** The events that changed one node, in the order of the log. */
export class NodePosting {
  readonly #positions = new Column(new Uint32Array(4));
  /** The phase after each, by its index in NODE_PHASES. */
  readonly #codes = new Column(new Uint8Array(4));
  /** The indices in #positions at which work ended. */
  readonly #ends = new Column(new Uint32Array(2));
  /** The positions of completions; likewise of failures. */
  readonly #completions = new Column(new Uint32Array(2));
  readonly #failures = new Column(new Uint32Array(2));
  /** The positions at which attempts began; of an attempt without a start, that of its end. */
  readonly #attempts = new Column(new Uint32Array(2));
  /** Whether an attempt began since the last end. */
  #isAttempted = false;

  /** @param phase of the node's work after the event at `position`. */
  append(position: number, phase: NodePhase): void {
    const code = NODE_PHASES.indexOf(phase);
    const outcome = OUTCOMES[code] as Outcome;
    if (outcome !== 'open') this.#ends.push(this.#positions.length);
    if (code === RUNNING || ((outcome === 'completed' || outcome === 'failed') && !this.#isAttempted)) this.#attempts.push(position);
    this.#isAttempted = outcome === 'open' && (this.#isAttempted || code === RUNNING);
    if (outcome === 'completed') this.#completions.push(position);
    else if (outcome === 'failed') this.#failures.push(position);
    this.#positions.push(position);
    this.#codes.push(code);
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
    return last >= 0 && this.#positions.at(last) > after ? this.#outcomeAt(last) === 'open' : undefined;
  }

  /** The position of the last event up to `position`; undefined when there is none. */
  lastAt(position: number): number | undefined {
    const last = this.#positions.countUpTo(position) - 1;
    return last < 0 ? undefined : this.#positions.at(last);
  }

  /** The position of the last completion in positions (after, position]; undefined when there is none. */
  completedAt(position: number, after: number): number | undefined {
    const last = this.#completions.countUpTo(position) - 1;
    return last >= 0 && this.#completions.at(last) > after ? this.#completions.at(last) : undefined;
  }

  /** The phase after `position`; undefined before the first event. */
  phaseAt(position: number): NodePhase | undefined {
    const last = this.#positions.countUpTo(position) - 1;
    return last < 0 ? undefined : NODE_PHASES[this.#codes.at(last)];
  }

  /** How many attempts began up to `position`: one for each start, and for each completion or failure without a start. */
  attemptsAt(position: number): number {
    return this.#attempts.countUpTo(position);
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
   * The work in each column of a timeline in which many stretches share a column.
   *
   * @param edges column c covers positions edges[c] to edges[c + 1] - 1.
   */
  shares(edges: Uint32Array): LaneShares {
    const columns = edges.length - 1;
    const shares = { completed: new Uint32Array(columns), failed: new Uint32Array(columns), stopped: new Uint32Array(columns), busy: new Uint8Array(columns) };
    const before = (edges[0] as number) - 1;
    let [at, completed, failed] = [this.#positions.countUpTo(before), this.#completions.countUpTo(before), this.#failures.countUpTo(before)];
    let ended = this.#ends.countUpTo(at - 1);
    for (let column = 0; column < columns; column++) {
      const last = (edges[column + 1] as number) - 1;
      const next = this.#positions.countUpTo(last, at);
      const completedNext = this.#completions.countUpTo(last, completed);
      const failedNext = this.#failures.countUpTo(last, failed);
      const endedNext = this.#ends.countUpTo(next - 1, ended);
      shares.completed[column] = completedNext - completed;
      shares.failed[column] = failedNext - failed;
      shares.stopped[column] = endedNext - ended - (completedNext - completed) - (failedNext - failed);
      if (next > at || (at > 0 && this.#outcomeAt(at - 1) === 'open')) shares.busy[column] = 1;
      [at, completed, failed, ended] = [next, completedNext, failedNext, endedNext];
    }
    return shares;
  }

  get #columns(): readonly Column<Uint32Array | Uint8Array>[] {
    return [this.#positions, this.#codes, this.#ends, this.#completions, this.#failures, this.#attempts];
  }

  #outcomeAt(index: number): Outcome {
    return OUTCOMES[this.#codes.at(index)] as Outcome;
  }
}

import type { Finding } from '../finding.ts';
import { Gaps } from './gaps.ts';

/** So many are kept one by one; all are counted. */
const MOST_KEPT = 1000;

/** What is odd in a log: its order, its clock, and what in it cannot be read. It is told of every event in turn. */
export class LogFindings {
  /** The first of them. */
  readonly kept: Finding[] = [];
  /** All of them, also those that are not kept as findings. */
  readonly gaps = new Gaps();
  count = 0;
  /** Rows that were left out, because their sequence is no whole number. */
  badSequences = 0;
  /** The first sequence from which the state may lack something: an event is missing or cannot be read. */
  incompleteFrom: number | undefined;
  #lastSequence: number | undefined;
  #lastTime = Number.NaN;

  /**
   * The next event is at this sequence.
   *
   * @param time in milliseconds since 1970, or NaN.
   */
  place(sequence: number, time: number): void {
    const before = this.#lastSequence ?? 0;
    if (sequence > before + 1) this.#missing(before + 1, sequence - 1);
    else if (sequence === this.#lastSequence) {
      this.#add({ kind: 'duplicate-sequence', sequence, detail: `The sequence ${sequence} occurs more than once.` });
    }
    if (time < this.#lastTime) {
      this.#add({ kind: 'out-of-order-time', sequence, detail: `The clock went back by ${((this.#lastTime - time) / 1000).toFixed(3)} s.` });
    }
    this.#lastSequence = sequence;
    this.#lastTime = time;
  }

  unreadable(sequence: number, reason: string): void {
    this.#add({ kind: 'unreadable-event', sequence, detail: `The event cannot be read: ${reason}.` });
    this.incompleteFrom ??= sequence;
  }

  unknownKind(sequence: number, type: string): void {
    this.#add({ kind: 'unknown-kind', sequence, detail: `The kind "${type}" is not known; it changes nothing.` });
  }

  #missing(from: number, until: number): void {
    this.#add({ kind: 'gap', sequence: from, until, detail: from === until ? `Event ${from} is missing.` : `Events ${from} to ${until} are missing.` });
    this.gaps.append(from, until);
    this.incompleteFrom ??= from;
  }

  #add(finding: Finding): void {
    this.count++;
    if (this.kept.length < MOST_KEPT) this.kept.push(finding);
  }
}

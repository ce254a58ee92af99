import type { Finding } from '../finding.ts';
import { Gaps } from './gaps.ts';

const MAX_KEPT = 1000;

/** Collects what is unusual in a log: gaps, repeated sequences, a clock that goes back, events that cannot be read. */
export class LogFindings {
  /** The first 1,000 findings; `count` includes the others. */
  readonly kept: Finding[] = [];
  /** All gaps, also those that are not in {@link kept}. */
  readonly gaps = new Gaps();
  count = 0;
  /** Rows that were left out, because their sequence is not an integer from 1 on. */
  badSequences = 0;
  /** The first sequence that is missing or cannot be read: from there on the state is incomplete. */
  incompleteFrom: number | undefined;
  #lastSequence: number | undefined;
  #lastTime = Number.NaN;

  /**
   * Must be called for every event, in order of the log.
   *
   * @param time in milliseconds since 1970, or NaN.
   */
  addEvent(sequence: number, time: number): void {
    const before = this.#lastSequence ?? 0;
    if (sequence > before + 1) this.#addGap(before + 1, sequence - 1);
    else if (sequence === this.#lastSequence) {
      this.#add({ kind: 'duplicate-sequence', sequence, detail: `The sequence ${sequence} occurs more than once.` });
    }
    if (time < this.#lastTime) {
      this.#add({ kind: 'out-of-order-time', sequence, detail: `The clock went back by ${((this.#lastTime - time) / 1000).toFixed(3)} s.` });
    }
    this.#lastSequence = sequence;
    this.#lastTime = time;
  }

  addUnreadable(sequence: number, reason: string): void {
    this.#add({ kind: 'unreadable-event', sequence, detail: `The event cannot be read: ${reason}.` });
    this.incompleteFrom ??= sequence;
  }

  addUnknownKind(sequence: number, type: string): void {
    this.#add({ kind: 'unknown-kind', sequence, detail: `The kind "${type}" is not known; it changes nothing.` });
  }

  #addGap(from: number, until: number): void {
    this.#add({ kind: 'gap', sequence: from, until, detail: from === until ? `Event ${from} is missing.` : `Events ${from} to ${until} are missing.` });
    this.gaps.append(from, until);
    this.incompleteFrom ??= from;
  }

  #add(finding: Finding): void {
    this.count++;
    if (this.kept.length < MAX_KEPT) this.kept.push(finding);
  }
}

import { CATEGORIES, type Category, type Kind, kindOf, unknownKind } from '../jamjet/kinds.ts';
import { CategoryTotals } from './category-totals.ts';
import { Clock } from './clock.ts';
import { bytesOf, Column } from './column.ts';
import type { EventFilter, EventTest } from './filter.ts';
import { ByteNames } from './names.ts';
import { Sequences } from './sequences.ts';
import type { Steps } from './steps.ts';

/** The number of positions that are tested between two yields. */
const POSITIONS_PER_STEP = 2048;
/** The most entries of the table of tests in {@link EventColumns.positionsWhere}. */
const MAX_PAIRS = 1024 * 1024;
const MAX_NARROW = 0xffff;
/** How far {@link EventColumns.lastNodeAt} looks back. */
const MAX_NODELESS = 1000;
/** The kind of an event that cannot be read. */
export const UNREADABLE = 0xffffffff;
/** The node of an event that names none. */
export const NO_NODE = 0xffffffff;
const UNKNOWN = CATEGORIES.indexOf('unknown');

/** In ascending order. */
export interface FilteredPositions {
  readonly matching: Uint32Array;
  readonly undecided: Uint32Array;
}

/** The headers of all events, a column for each field. */
export class EventColumns {
  /** The names of kinds by their numbers. */
  readonly kindNames = new ByteNames();
  /** The names of nodes by their numbers. */
  readonly nodeNames = new ByteNames();
  readonly clock = new Clock((position) => this.timeOf(position));
  readonly #sequences = new Sequences();
  readonly #times = new Column(new Float64Array(64));
  /** Kind numbers from 1 on; 0 for an event that cannot be read. Only an odd log has more kinds than 16 bits can number. */
  #kindNumbers: Column<Uint16Array | Uint32Array> = new Column<Uint16Array | Uint32Array>(new Uint16Array(64));
  #isWide = false;
  readonly #nodeNumbers = new Column(new Uint32Array(64));
  readonly #sizes = new Column(new Uint32Array(64));
  readonly #categories = new CategoryTotals();
  readonly #kinds: Kind[] = [];
  /** The index of each kind's category in CATEGORIES. */
  readonly #categoryNumbers: number[] = [];

  get count(): number {
    return this.#sequences.length;
  }

  /** 0 when there is no event. */
  get lastSequence(): number {
    return this.#sequences.last() ?? 0;
  }

  /** The last position whose sequence is ≤ `sequence`; -1 when there is none. */
  positionAt(sequence: number): number {
    return this.#sequences.countUpTo(sequence) - 1;
  }

  sequenceOf(position: number): number {
    return this.#sequences.at(position);
  }

  /** Milliseconds since 1970; NaN where the stored time cannot be read. */
  timeOf(position: number): number {
    return this.#times.at(position);
  }

  /** UTF-8 bytes of the stored event. */
  sizeOf(position: number): number {
    return this.#sizes.at(position);
  }

  /** undefined for an event that cannot be read. */
  kindOf(position: number): Kind | undefined {
    return this.#kinds[this.#kindNumbers.at(position) - 1];
  }

  categoryOf(position: number): Category {
    return this.kindOf(position)?.category ?? 'unknown';
  }

  nodeOf(position: number): string | undefined {
    const number = this.#nodeNumbers.at(position);
    return number === NO_NODE ? undefined : this.nodeNames.names[number];
  }

  /** The number of the node that an event up to `position` named last; undefined when none of the last 1,000 events names one. */
  lastNodeAt(position: number): number | undefined {
    for (let at = position; at >= 0 && at > position - MAX_NODELESS; at--) {
      const number = this.#nodeNumbers.at(at);
      if (number !== NO_NODE) return number;
    }
    return undefined;
  }

  /** How many events of each category lie before position `end`, as {@link CategoryTotals.before}; returns their bytes. */
  totalsBefore(end: number, counts: Float64Array): number {
    return this.#categories.before(end, counts, (position) => this.sizeOf(position));
  }

  /** The positions from `from` on and before `to` that a filter matches, and those for which it needs the text. The log may grow between two steps. */
  *positionsWhere(filter: EventFilter, from = 0, to = this.count): Steps<FilteredPositions> {
    const nodes = this.nodeNames.names.length + 1;
    const pairs = (this.#kinds.length + 1) * nodes;
    // Of so many pairs, most do not occur.
    const tests = pairs <= MAX_PAIRS ? new Array<EventTest>(pairs) : new Map<number, EventTest>();
    const [matching, undecided] = [new Uint32Array(to - from), new Uint32Array(to - from)];
    let [matches, others] = [0, 0];
    for (let position = from; position < to; position++) {
      if (position % POSITIONS_PER_STEP === 0) yield;
      // Events without a readable kind have the first index of their axis, those without a node the last one.
      const pair = this.#kindNumbers.at(position) * nodes + Math.min(this.#nodeNumbers.at(position), nodes - 1);
      let test = tests instanceof Map ? tests.get(pair) : tests[pair];
      if (test === undefined) {
        test = filter(this.kindOf(position)?.type ?? 'unreadable', this.nodeOf(position));
        if (tests instanceof Map) tests.set(pair, test);
        else tests[pair] = test;
      }
      const answer = test(this.sequenceOf(position));
      if (answer === true) matching[matches++] = position;
      else if (answer === undefined) undecided[others++] = position;
    }
    return { matching: matching.slice(0, matches), undecided: undecided.slice(0, others) };
  }

  /** The kind with a number from {@link kindNames}. */
  kindNumbered(number: number): Kind {
    if (number === this.#kinds.length) {
      const type = this.kindNames.names[number] as string;
      const kind = kindOf(type) ?? unknownKind(type);
      this.#kinds.push(kind);
      this.#categoryNumbers.push(CATEGORIES.indexOf(kind.category));
    }
    return this.#kinds[number] as Kind;
  }

  /**
   * Adds the next event; {@link identify} must follow.
   *
   * @param sequence at least that of the previous event.
   * @param time in milliseconds since 1970, or NaN.
   * @param size in bytes.
   */
  append(sequence: number, time: number, size: number): void {
    this.#sequences.push(sequence);
    this.#times.push(time);
    this.clock.append(time);
    this.#sizes.push(size);
  }

  /**
   * Sets the kind and the node of the event that was added last.
   *
   * @param kind a number that {@link kindNumbered} has been called with, or UNREADABLE.
   * @param node a number from {@link nodeNames}, or NO_NODE.
   */
  identify(kind: number, node: number): void {
    const number = kind === UNREADABLE ? 0 : kind + 1;
    if (number === MAX_NARROW + 1 && !this.#isWide) this.#widen();
    this.#kindNumbers.push(number);
    this.#nodeNumbers.push(node);
    this.#categories.append(kind === UNREADABLE ? UNKNOWN : (this.#categoryNumbers[kind] as number), this.sizeOf(this.count - 1));
  }

  get bytes(): number {
    return bytesOf(this.kindNames, this.nodeNames, ...this.#columns);
  }

  /** Frees the room for growth. */
  trim(): void {
    for (const column of this.#columns) column.trim();
  }

  #widen(): void {
    const wide = new Column<Uint16Array | Uint32Array>(new Uint32Array(64));
    for (let position = 0; position < this.#kindNumbers.length; position++) wide.push(this.#kindNumbers.at(position));
    this.#kindNumbers = wide;
    this.#isWide = true;
  }

  get #columns() {
    return [this.#sequences, this.#times, this.#kindNumbers, this.#nodeNumbers, this.#sizes, this.#categories, this.clock];
  }
}

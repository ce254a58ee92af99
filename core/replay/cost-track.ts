import type { EventChunk } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { type Decimal, decimalOf, isEqual, sumOf, ZERO } from '../json/decimal.ts';
import { MAX_DEPTH } from '../json/read.ts';
import { bytesAre, JsonScanner } from '../json/scan.ts';
import { type JsonNumber, numberText } from '../json/value.ts';
import { Column } from './column.ts';
import { AMOUNT_FIELDS, type Costs, costsOf, noCosts, numberOf } from './costs.ts';
import type { Series } from './series.ts';

/** What is counted, and what is added up. */
const COUNTS = ['completions', 'failures', 'retries', 'unpriced'] as const;
const AMOUNTS = ['inputTokens', 'outputTokens', 'costUsd', 'durationMs'] as const;
type Count = (typeof COUNTS)[number];
export type Amount = (typeof AMOUNTS)[number];

/** The fields of events that contain numbers to add up. */
const FIELDS = ['input_tokens', 'output_tokens', 'cost_usd', 'total_cost', 'duration_ms'].map((name) => ({ name, bytes: new TextEncoder().encode(name) }));
/** The sums are stored before every 256th event with costs; the amounts after it are added one by one. */
const INTERVAL = 256;

/** What one event costs, and its amounts as they are stored. */
interface EventCosts {
  readonly costs: Costs;
  /** By the names of fields; undefined for what is not a number. */
  readonly texts: { readonly [field: string]: string | undefined };
}

/** The costs of an execution up to any position: as doubles, and exactly. */
export class CostTrack {
  readonly #positions = new Column(new Uint32Array(64));
  /** Running sums. */
  readonly #counts = COUNTS.map(() => new Column(new Uint32Array(64)));
  /** The amounts of each event. */
  readonly #amounts = AMOUNTS.map(() => new Column(new Float64Array(64)));
  /** The amounts that no double prints as they are stored, by their place in `#amounts`. */
  readonly #unusual = AMOUNTS.map(() => new Map<number, Decimal>());
  readonly #marks: { readonly sums: readonly number[]; readonly exact: readonly Decimal[] }[] = [];
  readonly #now = noCosts();
  readonly #exactNow: Decimal[] = AMOUNTS.map(() => ZERO);
  #count = 0;

  /** The sums after `position`. */
  at(position: number): Costs {
    const sums = noCosts();
    const index = this.#positions.countUpTo(position) - 1;
    if (index < 0) return sums;
    for (const [i, name] of COUNTS.entries()) sums[name] = (this.#counts[i] as Column<Uint32Array>).at(index);
    for (const name of AMOUNTS) sums[name] = this.#sums(name)(index);
    return sums;
  }

  /** The sum of some amounts after `position`, without any rounding. */
  exactAt(position: number, names: readonly Amount[]): Decimal {
    const index = this.#positions.countUpTo(position) - 1;
    if (index < 0) return ZERO;
    return names.map((name) => this.#exact(AMOUNTS.indexOf(name), index)).reduce(sumOf, ZERO);
  }

  #exact(amount: number, index: number): Decimal {
    const mark = Math.floor(index / INTERVAL);
    let sum = this.#marks[mark]?.exact[amount] ?? ZERO;
    for (let at = mark * INTERVAL; at <= index; at++) sum = sumOf(sum, this.#exactAmount(amount, at));
    return sum;
  }

  #exactAmount(amount: number, index: number): Decimal {
    const value = (this.#amounts[amount] as Column<Float64Array>).at(index);
    return this.#unusual[amount]?.get(index) ?? (value === 0 ? ZERO : decimalOf(String(value)));
  }

  /** The sum of some amounts, or a count, over the log. */
  series(names: readonly Amount[] | Count): Series {
    const sums = typeof names === 'string' ? [this.#countOf(names)] : names.map((name) => this.#sums(name));
    return {
      countUpTo: (position) => this.#positions.countUpTo(position),
      positionOf: (index) => this.#positions.at(index),
      valueOf: (index) => sums.reduce((sum, of) => sum + of(index), 0),
    };
  }

  /** The first position at which something has been counted; undefined when there is none. */
  firstOf(name: Count): number | undefined {
    const counted = this.#counts[COUNTS.indexOf(name)] as Column<Uint32Array>;
    const index = counted.countUpTo(0);
    return index < counted.length ? this.#positions.at(index) : undefined;
  }

  #countOf(name: Count): (index: number) => number {
    const counted = this.#counts[COUNTS.indexOf(name)] as Column<Uint32Array>;
    return (index) => (index < 0 ? 0 : counted.at(index));
  }

  /** The sums of an amount as doubles; one after another is cheap. */
  #sums(name: Amount): (index: number) => number {
    const amount = AMOUNTS.indexOf(name);
    const amounts = this.#amounts[amount] as Column<Float64Array>;
    let [sum, upTo] = [0, -1];
    return (index) => {
      if (index < 0) return 0;
      const mark = Math.floor(index / INTERVAL);
      if (index < upTo || mark * INTERVAL > upTo) [sum, upTo] = [this.#marks[mark]?.sums[amount] ?? 0, mark * INTERVAL - 1];
      while (upTo < index) sum += amounts.at(++upTo);
      return sum;
    };
  }

  /** How many events have been added. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds the next events of the log. Only the numbers are decoded from their bytes.
   *
   * @param typeOf the kind of the event at a position; undefined for an event that cannot be read.
   * @param positionOf the position of the event with a sequence; undefined for one that is left out.
   */
  append(chunk: EventChunk, typeOf: (position: number) => string | undefined, positionOf: (sequence: number) => number | undefined = () => this.#count): void {
    const scanner = new JsonScanner(chunk.bytes);
    for (let i = 0; i < chunk.count; i++) {
      const position = positionOf(chunk.sequences[i] as number);
      if (position === undefined) continue;
      this.#count = position + 1;
      const type = typeOf(position);
      const found = this.#costsOf(chunk, i, type, scanner);
      if (type !== undefined && found !== undefined) this.#add(position, type, found);
    }
  }

  #add(position: number, type: string, { costs, texts }: EventCosts): void {
    const index = this.#positions.length;
    if (index % INTERVAL === 0) this.#marks.push({ sums: AMOUNTS.map((name) => this.#now[name]), exact: [...this.#exactNow] });
    this.#positions.push(position);
    for (const name of [...COUNTS, ...AMOUNTS]) this.#now[name] += costs[name];
    for (const [i, name] of COUNTS.entries()) (this.#counts[i] as Column<Uint32Array>).push(this.#now[name]);
    for (const [i, name] of AMOUNTS.entries()) {
      const value = costs[name];
      const text = texts[AMOUNT_FIELDS[type]?.[name] ?? ''];
      (this.#amounts[i] as Column<Float64Array>).push(value);
      if (value === 0 && text === undefined) continue;
      const exact = decimalOf(text ?? String(value));
      if (text !== String(value) && !isEqual(exact, decimalOf(String(value)))) this.#unusual[i]?.set(index, exact);
      this.#exactNow[i] = sumOf(this.#exactNow[i] as Decimal, exact);
    }
  }

  #costsOf({ offsets }: EventChunk, i: number, type: string | undefined, scanner: JsonScanner): EventCosts | undefined {
    if (type !== 'node_completed' && type !== 'agent_tool_completed' && type !== 'node_failed' && type !== 'retry_scheduled') return undefined;
    const [start, end] = [offsets[i] as number, offsets[i + 1] as number];
    const text = (from: number, to: number): string => scanner.bytes.toString('utf8', from, to);
    const texts: { [name: string]: string | undefined } = {};
    let escaped = false;
    scanner.object(start, end, MAX_DEPTH, (keyStart, keyEnd, valueStart, valueEnd) => {
      escaped ||= scanner.hasEscape(keyStart, keyEnd);
      for (const { name, bytes } of FIELDS) if (bytesAre(scanner.bytes, keyStart, keyEnd, bytes)) texts[name] = numeral(text(valueStart, valueEnd));
    });
    // Only the ordinary reader decodes a key with an escape.
    if (escaped) {
      const reading = readEvent(text(start, end));
      if (!reading.ok) return undefined;
      for (const { name } of FIELDS) {
        const value = reading.event.fields.get(name);
        texts[name] = numberOf(value) === undefined ? undefined : numberText(value as number | JsonNumber);
      }
    }
    const costs = costsOf(type, (name) => (texts[name] === undefined ? undefined : Number(texts[name])));
    return costs && { costs, texts };
  }
}

/** The text, if it is a JSON number that a double can hold. */
function numeral(text: string): string | undefined {
  return /^[-\d]/.test(text) && Number.isFinite(Number(text)) ? text : undefined;
}

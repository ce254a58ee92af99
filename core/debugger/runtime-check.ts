import { type EventChunk, textAt } from '../jamjet/chunk.ts';
import { readEvent, runtimeObjections } from '../jamjet/event.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import { asRuntimeReads, MAX_RUNTIME_DEPTH } from '../jamjet/number.ts';
import { readJson } from '../json/read.ts';
import { type Json, JsonNumber } from '../json/value.ts';
import type { ExecutionDetail, Source } from '../source/port.ts';
import type { Pause } from './pacing.ts';

/** What the runtime would make of a part of a log. */
export interface RuntimeReading {
  /** The first thing for which it would refuse the whole execution. */
  readonly refusal: Refusal | undefined;
  /** The first number that it would read as another one. */
  readonly rounded: RoundedNumber | undefined;
}

export interface Refusal {
  /** Of the event; 0 for the initial input. */
  readonly sequence: number;
  readonly reason: string;
}

interface RoundedNumber {
  readonly sequence: number;
  readonly stored: string;
  readonly read: string;
}

interface Part {
  to: number;
  reading: RuntimeReading;
}

/** How many parts, each with another base, are remembered. */
const MAX_PARTS = 32;

/**
 * Reads parts of a log as the runtime would. It refuses an execution with one event that it cannot read, while a debugger
 * shows it; a state that it would never rebuild must not be called the recovered one.
 */
export class RuntimeCheck {
  readonly #source: Source;
  readonly #pause: Pause;
  readonly #id: ExecutionId;
  readonly #row: ExecutionDetail;
  /** By the sequence after which they start. A part is only ever made longer. */
  readonly #parts = new Map<number, Part>();
  /** Everything in the log, once it has been read as a whole. */
  #known: Known | undefined;

  constructor(source: Source, row: ExecutionDetail, pause: Pause) {
    this.#pause = pause;
    this.#source = source;
    this.#id = row.id;
    this.#row = row;
  }

  /**
   * The events after `base` up to `to`; the initial input, too, when there is no base.
   *
   * @param base the sequence of the snapshot from which the runtime would start.
   */
  async read(base: number | undefined, to: number, signal?: AbortSignal): Promise<RuntimeReading> {
    if (this.#known !== undefined) return this.#lookUp(this.#known, base, to);
    const key = base ?? -1;
    const part = this.#parts.get(key) ?? { to: base ?? 0, reading: base === undefined ? inputAsRuntime(this.#row) : NOTHING };
    this.#parts.delete(key);
    this.#parts.set(key, part);
    for (const [oldest] of this.#parts) if (this.#parts.size > MAX_PARTS) this.#parts.delete(oldest);
    if (part.to < to) await this.#extend(part, to, signal);
    const { refusal, rounded } = part.reading;
    return { refusal: upTo(refusal, to), rounded: upTo(rounded, to) };
  }

  /** Whether the whole log has been read. */
  get isComplete(): boolean {
    return this.#known !== undefined;
  }

  /** Every event that it would refuse, in the order of the log; none until the whole log has been read. */
  get refusals(): readonly Refusal[] {
    return this.#known?.refusals ?? [];
  }

  /** How many sequences {@link read} would have to read. */
  distance(base: number | undefined, to: number): number {
    return this.#known !== undefined ? 0 : Math.max(0, to - (this.#parts.get(base ?? -1)?.to ?? base ?? 0));
  }

  /** Reads the whole log, after which {@link read} only looks up. @param pause as for indexing. */
  async readAll(signal: AbortSignal | undefined, pause: Pause): Promise<void> {
    if (this.#known !== undefined) return;
    const known: Known = { input: inputAsRuntime(this.#row), refusals: [], rounded: [], to: 0 };
    await this.#readInto(known, signal, pause);
    this.#known = known;
    this.#parts.clear();
  }

  /** Reads what has been written since {@link readAll}. */
  async readOn(signal: AbortSignal | undefined, pause: Pause): Promise<void> {
    if (this.#known !== undefined) await this.#readInto(this.#known, signal, pause);
  }

  async #readInto(known: Known, signal: AbortSignal | undefined, pause: Pause): Promise<void> {
    for await (const chunk of this.#source.scan(this.#id, known.to, signal)) {
      for (const { refusal, rounded } of readChunk(chunk)) {
        if (refusal !== undefined) known.refusals.push(refusal);
        if (rounded !== undefined) known.rounded.push(rounded);
      }
      if (chunk.count > 0) known.to = chunk.sequences[chunk.count - 1] as number;
      await pause();
      signal?.throwIfAborted();
    }
  }

  #lookUp({ input, refusals, rounded }: Known, base: number | undefined, to: number): RuntimeReading {
    const within = ({ sequence }: { readonly sequence: number }): boolean => sequence > (base ?? 0) && sequence <= to;
    const start = base === undefined ? input : NOTHING;
    return { refusal: start.refusal ?? refusals.find(within), rounded: start.rounded ?? rounded.find(within) };
  }

  async #extend(part: Part, to: number, signal: AbortSignal | undefined): Promise<void> {
    for await (const chunk of this.#source.scan(this.#id, part.to, signal)) {
      let i = 0;
      for (const found of readChunk(chunk)) {
        const sequence = chunk.sequences[i++] as number;
        if (sequence > to) return;
        part.reading = { refusal: part.reading.refusal ?? found.refusal, rounded: part.reading.rounded ?? found.rounded };
        part.to = sequence;
      }
      await this.#pause();
      signal?.throwIfAborted();
    }
    part.to = Math.max(part.to, to);
  }
}

interface Known {
  readonly input: RuntimeReading;
  /** In the order of the log. */
  readonly refusals: Refusal[];
  readonly rounded: RoundedNumber[];
  /** The last sequence that has been read. */
  to: number;
}

/** One reading for each event. */
function* readChunk(chunk: EventChunk): Generator<RuntimeReading> {
  for (let i = 0; i < chunk.count; i++) yield eventAsRuntime(chunk.sequences[i] as number, textAt(chunk, i), chunk.unreadable.get(i));
}

const NOTHING: RuntimeReading = { refusal: undefined, rounded: undefined };

function upTo<T extends { readonly sequence: number }>(found: T | undefined, to: number): T | undefined {
  return found !== undefined && found.sequence <= to ? found : undefined;
}

function refused(sequence: number, reason: string): RuntimeReading {
  return { refusal: { sequence, reason }, rounded: undefined };
}

/** What it would make of the initial input, from which it starts when there is no snapshot. */
export function inputAsRuntime(row: ExecutionDetail): RuntimeReading {
  if (row.inputUnreadable !== undefined) return refused(0, row.inputUnreadable);
  const numbers = new Numbers(0);
  const input = readJson(row.initialInputJson, { number: numbers.read });
  if (!input.ok) return refused(0, `it is not JSON: ${input.problem.reason}`);
  if (input.depth > MAX_RUNTIME_DEPTH) return refused(0, TOO_DEEP);
  return { refusal: numbers.refusal, rounded: numbers.rounded };
}

const TOO_DEEP = `it is nested deeper than ${MAX_RUNTIME_DEPTH} levels`;

/** What the runtime would make of one event. @param unreadable why its column is not text. */
export function eventAsRuntime(sequence: number, text: string, unreadable?: string): RuntimeReading {
  if (unreadable !== undefined) return refused(sequence, unreadable);
  const numbers = new Numbers(sequence);
  const reading = readEvent(text, numbers.read);
  if (!reading.ok) return refused(sequence, reading.reason);
  const [objection] = runtimeObjections(reading.event);
  if (objection !== undefined) return refused(sequence, objection);
  return { refusal: numbers.refusal, rounded: numbers.rounded };
}

/** Looks at the numbers of one text. */
class Numbers {
  refusal: Refusal | undefined;
  rounded: RoundedNumber | undefined;
  readonly #sequence: number;

  constructor(sequence: number) {
    this.#sequence = sequence;
  }

  readonly read = (stored: string): Json => {
    const read = asRuntimeReads(stored);
    if (read === undefined) this.refusal ??= { sequence: this.#sequence, reason: `the number ${stored.slice(0, 40)} is beyond its range` };
    else if (Number(read) !== Number(stored)) this.rounded ??= { sequence: this.#sequence, stored, read };
    return new JsonNumber(stored);
  };
}

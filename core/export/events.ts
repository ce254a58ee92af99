import type { EventChunk } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { EventRow } from '../jamjet/rows.ts';
import { MAX_DEPTH, readJson } from '../json/read.ts';
import { JsonScanner } from '../json/scan.ts';
import type { EventFilter } from '../replay/filter.ts';
import { FilteredEvent } from '../replay/filtered-event.ts';
import { NOT_UTF8, NOT_UTF16 } from '../source/chunk-builder.ts';
import type { Source } from '../source/port.ts';

export interface EventRange {
  /** The first and the last sequence. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const PAGE = 500;

/** The events of an execution, each with its whole text. One page is in memory at a time. */
export async function* eachEvent(
  source: Source,
  id: ExecutionId,
  { from = 1, to = Number.MAX_SAFE_INTEGER }: EventRange,
  signal?: AbortSignal,
): AsyncGenerator<EventRow> {
  let after = from - 1;
  for (;;) {
    const page = await source.page(id, after, PAGE, signal);
    for (const event of page) {
      if (event.sequence > to) return;
      yield await withText(source, id, event);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.sequence;
  }
}

/** JSON lines, and the sequences of the events that were read for them, in order, with the last of them. */
export interface EventLines {
  readonly text: Buffer;
  readonly sequences: Float64Array;
  readonly last: number;
}

/** The events as JSON lines that contain the stored text unchanged. One chunk of the log is in memory at a time. @param filter all events by default. */
export async function* eventLines(
  source: Source,
  id: ExecutionId,
  { from = 1, to = Number.MAX_SAFE_INTEGER }: EventRange,
  signal?: AbortSignal,
  filter?: EventFilter,
): AsyncGenerator<EventLines> {
  for await (const chunk of source.scan(id, from - 1, signal)) {
    const count = chunk.sequences.findIndex((sequence) => sequence > to);
    const wanted = count < 0 ? chunk.count : count;
    const lines = linesOf(chunk, wanted, filter);
    if (lines.length > 0) yield { text: lines, sequences: chunk.sequences.subarray(0, wanted), last: chunk.sequences[wanted - 1] as number };
    if (count >= 0) return;
  }
}

/** Copies the bytes of nearly all events unchanged: their JSON is well-formed and on one line, and their time needs no escape. */
function linesOf(chunk: EventChunk, count: number, filter: EventFilter | undefined): Buffer {
  const { timeBytes, timeOffsets, offsets, sequences, unreadable } = chunk;
  const times = Buffer.from(timeBytes.buffer, timeBytes.byteOffset, timeBytes.byteLength);
  const scanner = new JsonScanner(chunk.bytes);
  const { bytes } = scanner;
  const plain = scanner.isPlain && PLAIN_TIMES.test(times.toString('latin1'));
  const out = new Lines(bytes.length + times.length + count * FRAME);
  for (let i = 0; i < count; i++) {
    const [start, end] = [offsets[i] as number, offsets[i + 1] as number];
    const [timeStart, timeEnd] = [timeOffsets[i] as number, (timeOffsets[i + 1] as number) - 1];
    if (plain && filter === undefined && !unreadable.has(i) && scanner.object(start, end, MAX_DEPTH, ignore)) {
      out.event(sequences[i] as number, times, timeStart, timeEnd, bytes, start, end);
      continue;
    }
    const reason = unreadable.get(i);
    const text = reason === undefined || reason === NOT_UTF8 || reason === NOT_UTF16 ? bytes.toString('utf8', start, end) : undefined;
    if (filter !== undefined && !matches(filter, sequences[i] as number, text, reason)) continue;
    out.add(`${eventLine(sequences[i] as number, times.toString('utf8', timeStart, timeEnd), text, reason)}\n`);
  }
  return out.bytes;
}

/** Characters that JSON does not escape. */
const PLAIN_TIMES = /^[\x20\x21\x23-\x5b\x5d-\x7e\n]*$/;
/** The most bytes that a line adds to those of the event and its time. */
const FRAME = 64;
const BEFORE_SEQUENCE = Buffer.from('{"sequence":');
const BEFORE_TIME = Buffer.from(',"created_at":"');
const BEFORE_EVENT = Buffer.from('","kind":');
const BEHIND_EVENT = Buffer.from('}\n');
const ignore = (): void => {};

/** A buffer for the output, which grows if the initial guess was too small. */
class Lines {
  #out: Buffer;
  #length = 0;

  constructor(guess: number) {
    this.#out = Buffer.allocUnsafe(guess);
  }

  get bytes(): Buffer {
    return this.#out.subarray(0, this.#length);
  }

  add(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#out.write(text, this.#length);
  }

  /** Adds one line. Short parts are copied byte by byte, because one call of the native copy takes as long as fifty bytes. */
  event(sequence: number, times: Buffer, timeStart: number, timeEnd: number, bytes: Buffer, start: number, end: number): void {
    this.#reserve(end - start + timeEnd - timeStart + FRAME);
    this.#put(BEFORE_SEQUENCE, 0, BEFORE_SEQUENCE.length);
    this.#number(sequence);
    this.#put(BEFORE_TIME, 0, BEFORE_TIME.length);
    this.#put(times, timeStart, timeEnd);
    this.#put(BEFORE_EVENT, 0, BEFORE_EVENT.length);
    this.#length += bytes.copy(this.#out, this.#length, start, end);
    this.#put(BEHIND_EVENT, 0, BEHIND_EVENT.length);
  }

  #put(bytes: Buffer, start: number, end: number): void {
    const out = this.#out;
    let length = this.#length;
    for (let at = start; at < end; at++) out[length++] = bytes[at] as number;
    this.#length = length;
  }

  #number(value: number): void {
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    let rest = value;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const next = Math.floor(rest / 10);
      this.#out[at] = 0x30 + (rest - next * 10);
      rest = next;
    }
    this.#length += digits;
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#out.length) return;
    this.#out = Buffer.concat([this.bytes, Buffer.allocUnsafe(this.#length + length)]);
  }
}

function matches(filter: EventFilter, sequence: number, text: string | undefined, unreadable: string | undefined): boolean {
  const reading = text === undefined || unreadable !== undefined ? undefined : readEvent(text);
  const test = reading?.ok ? filter(reading.event.kind.type, reading.event.nodeId) : filter('unreadable', undefined);
  return test(sequence, () => new FilteredEvent(text ?? '', unreadable)) === true;
}

/** Pages leave out the text of long events. */
async function withText(source: Source, id: ExecutionId, event: EventRow): Promise<EventRow> {
  if (event.text !== undefined || event.unreadable !== undefined) return event;
  return (await source.payload(id, event.sequence)) ?? event;
}

function eventLine(sequence: number, createdAt: string, text: string | undefined, unreadable: string | undefined): string {
  const head = `{"sequence":${sequence},"created_at":${JSON.stringify(createdAt)}`;
  const reading = text === undefined || unreadable !== undefined ? undefined : readJson(text);
  // Line breaks between tokens are removed, since an event must be one line.
  if (reading?.ok && text !== undefined && !text.includes('\n')) return `${head},"kind":${text}}`;
  if (reading?.ok && text !== undefined) return `${head},"kind":${text.replaceAll(/\s*\n\s*/g, ' ')}}`;
  const reason = unreadable ?? (reading?.ok === false ? reading.problem.reason : 'it is missing');
  return `${head},"unreadable":{"reason":${JSON.stringify(reason)},"text":${JSON.stringify(text ?? null)}}}`;
}

import { isUtf8 } from 'node:buffer';
import type { EventChunk } from '../../jamjet/chunk.ts';
import { millisecondsAt } from '../../jamjet/time.ts';
import { ChunkBuilder, NOT_UTF8, NOT_UTF16, notText } from '../chunk-builder.ts';
import { CHUNK_BYTES } from '../port.ts';
import type { Query, SqlRow, SqlValue } from './connection.ts';
import type { EventsShape, TextEncoding } from './recognise.ts';

/** The number of rows in the first chunk. Later ones have as many as fill a chunk. */
const FIRST_ROWS = 256;
const MAX_ROWS = 4096;
/** The most bytes that one joined row may have; longer events are read one by one. */
const JOINED_BYTES = 16 * 1024 * 1024;
/** The number of rows whose sequences and sizes are read before their content. */
const HEADERS_AT_ONCE = 1000;
/** An event of more bytes is not read: JavaScript has no longer strings. */
export const MAX_EVENT_BYTES = 256 * 1024 * 1024;

const RANGE = 'execution_id = ? AND sequence > ? AND sequence <= 9007199254740991';

/**
 * One row for many events: their texts concatenated in one BLOB, and lists of sequences, times and lengths. Read one by one, a
 * million rows take most of their time in crossing from SQLite into JavaScript. All lists come from one pass over the same
 * rows, so their entries correspond. A text that is longer than the first parameter is left out.
 */
const JOINED = `
  SELECT count(*), group_concat(sequence), CAST(group_concat(ifnull(created_at, ''), char(10)) AS BLOB), group_concat(octet_length(kind_json)),
    CAST(group_concat(kind_json, '') FILTER (WHERE octet_length(kind_json) <= ?) AS BLOB), total(typeof(kind_json) <> 'text')`;

/** The sequence of the row that is a number of rows further on. */
const END = `SELECT sequence FROM events WHERE ${RANGE} ORDER BY sequence LIMIT 1 OFFSET ?`;

/** The rows up to a known one. A sub-query would copy each row; without it their order is that of the index, and is checked. */
const JOINED_TO = `${JOINED} FROM events WHERE execution_id = ? AND sequence > ? AND sequence <= ?`;

/** The rows at the end of a log, to which a writer may be adding. */
const JOINED_REST = `${JOINED} FROM (SELECT sequence, created_at, kind_json FROM events WHERE ${RANGE} ORDER BY sequence LIMIT ?)`;

const HEADERS = `SELECT sequence, octet_length(kind_json) FROM events WHERE ${RANGE} ORDER BY sequence LIMIT ?`;

const CONTENT = `sequence, created_at, typeof(kind_json),
  CASE WHEN octet_length(kind_json) <= ${MAX_EVENT_BYTES} THEN CAST(kind_json AS BLOB) END, typeof(sequence), octet_length(kind_json)`;

const ROWS = `SELECT ${CONTENT} FROM events WHERE execution_id = ? AND sequence BETWEEN ? AND ? ORDER BY sequence`;

export interface ScanShape {
  readonly events: EventsShape;
  readonly encoding: TextEncoding;
}

/** Chunks of an execution's events after sequence `after`, in order. All rows of one sequence are in one chunk. */
export function* scanEvents(query: Query, { events, encoding }: ScanShape, id: SqlValue, after: number): Generator<EventChunk> {
  const start = Math.max(after, 0);
  if (!events.ordered && events.rowid !== undefined) return yield* scanByRowid(query, encoding, events.rowid, id, start);
  if (!events.unique || encoding !== 'UTF-8') return yield* scanRows(query, encoding, events.unique, id, start);
  let from = start;
  let rows = FIRST_ROWS;
  for (;;) {
    const longest = Math.ceil(JOINED_BYTES / rows);
    const end = query(END, id, from, rows - 1)[0]?.[0] as SqlValue | undefined;
    const [joined] = end === undefined ? query(JOINED_REST, longest, id, from, rows) : query(JOINED_TO, longest, id, from, end);
    const count = Number(joined?.[0] ?? 0);
    if (count === 0 || joined === undefined) return;
    const chunk = splitJoined(joined, count);
    // As text, a sequence that is stored as a double may have lost its last digits.
    const headers = chunk === undefined ? readHeaders(query, id, from, rows) : [];
    let bytes = 0;
    for (const part of chunk === undefined ? readRows(query, encoding, id, headers) : [chunk]) {
      bytes += part.bytes.length;
      yield part;
    }
    if (end === undefined && count < rows) return;
    from = headers.at(-1)?.[0] ?? (chunk as EventChunk).sequences.at(-1) ?? from;
    rows = Math.min(MAX_ROWS, Math.max(16, Math.round((CHUNK_BYTES * count) / Math.max(1, bytes))));
  }
}

/** The sequence of a row and its size in bytes. */
type Header = readonly [sequence: number, bytes: number];

/** Rows that are unusual: sequences that occur more than once or are fractions, or texts that are not UTF-8. */
function* scanRows(query: Query, encoding: TextEncoding, unique: boolean, id: SqlValue, after: number): Generator<EventChunk> {
  let [from, limit] = [after, HEADERS_AT_ONCE];
  for (;;) {
    let headers = readHeaders(query, id, from, limit);
    const isLast = headers.length < limit;
    if (!isLast && !unique) {
      // More rows of the last sequence may follow.
      const last = headers.at(-1)?.[0];
      headers = headers.filter(([sequence]) => sequence !== last);
      if (headers.length === 0) {
        limit *= 4;
        continue;
      }
    }
    yield* readRows(query, encoding, id, headers);
    const end = headers.at(-1);
    if (isLast || end === undefined) return;
    [from, limit] = [end[0], HEADERS_AT_ONCE];
  }
}

function readHeaders(query: Query, id: SqlValue, after: number, limit: number): Header[] {
  return query(HEADERS, id, after, limit).map(([sequence, bytes]) => [Number(sequence), Number(bytes ?? 0)]);
}

/** Reads rows by ranges of sequences, each of about the size of a chunk. */
function* readRows(query: Query, encoding: TextEncoding, id: SqlValue, headers: readonly Header[]): Generator<EventChunk> {
  for (let start = 0; start < headers.length; ) {
    let [end, bytes] = [start, 0];
    do {
      bytes += headers[end]?.[1] ?? 0;
      end++;
    } while (end < headers.length && (bytes + (headers[end]?.[1] ?? 0) <= CHUNK_BYTES || headers[end]?.[0] === headers[end - 1]?.[0]));
    const chunk = buildChunk(query(ROWS, id, headers[start]?.[0] as number, headers[end - 1]?.[0] as number), encoding);
    if (chunk.count + chunk.badSequences > 0) yield chunk;
    start = end;
  }
}

/** Without an index every range would search the whole table, so it is searched once and the rows are read by their rowids. */
function* scanByRowid(query: Query, encoding: TextEncoding, rowid: string, id: SqlValue, after: number): Generator<EventChunk> {
  const headers = query(`SELECT sequence, octet_length(kind_json), ${rowid} FROM events WHERE ${RANGE} ORDER BY sequence, ${rowid}`, id, after);
  const one = `SELECT ${CONTENT} FROM events WHERE ${rowid} = ?`;
  let [rows, bytes, last]: [SqlRow[], number, unknown] = [[], 0, undefined];
  for (const [sequence, size, place] of headers) {
    if (bytes + Number(size ?? 0) > CHUNK_BYTES && rows.length > 0 && sequence !== last) {
      yield buildChunk(rows, encoding);
      [rows, bytes] = [[], 0];
    }
    rows.push(...query(one, place as bigint));
    bytes += Number(size ?? 0);
    last = sequence;
  }
  if (rows.length > 0) yield buildChunk(rows, encoding);
}

/** @returns undefined when something about these rows is unusual; then they are read row by row. */
function splitJoined(joined: SqlRow, count: number): EventChunk | undefined {
  const [, sequenceList, timeList, lengthList, content, notTexts] = joined;
  const bytes = content instanceof Uint8Array ? content : new Uint8Array();
  if (notTexts !== 0 || !(timeList instanceof Uint8Array) || !isUtf8(bytes)) return undefined;
  const sequences = parseIntegers(String(sequenceList), count);
  const lengths = parseIntegers(String(lengthList), count);
  const times = new Float64Array(count);
  const timeOffsets = new Uint32Array(count + 1);
  if (sequences === undefined || lengths === undefined || !readTimes(timeList, times, timeOffsets)) return undefined;
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    offsets[i + 1] = (offsets[i] as number) + (lengths[i] as number);
    if (i > 0 && (sequences[i] as number) <= (sequences[i - 1] as number)) return undefined;
  }
  if (offsets[count] !== bytes.length) return undefined;
  return { count, sequences, times, timeBytes: timeList, timeOffsets, bytes, offsets, unreadable: new Map(), badSequences: 0 };
}

function parseIntegers(list: string, count: number): Float64Array | undefined {
  const values = new Float64Array(count);
  let at = 0;
  let value = 0;
  for (let i = 0; i < list.length; i++) {
    const code = list.charCodeAt(i);
    if (code === 0x2c) {
      values[at++] = value;
      value = 0;
    } else if (code >= 0x30 && code <= 0x39) {
      // In this order: a greater sum in between would lose the last digit.
      value = value * 10 + (code - 0x30);
    } else {
      // A sign, a fraction or text: not a list of plain integers.
      return undefined;
    }
  }
  values[at++] = value;
  return at === count ? values : undefined;
}

/** Fills in the offsets and values of the times in a list. @returns false when their number is not that of the events. */
function readTimes(list: Uint8Array, times: Float64Array, offsets: Uint32Array): boolean {
  let start = 0;
  for (let i = 0; i < times.length; i++) {
    let end = list.indexOf(0x0a, start);
    if (end < 0) end = list.length;
    if (start > list.length) return false;
    times[i] = millisecondsAt(list, start, end);
    start = end + 1;
    offsets[i + 1] = start;
  }
  return start > list.length;
}

function buildChunk(rows: readonly SqlRow[], encoding: TextEncoding): EventChunk {
  const builder = new ChunkBuilder();
  for (const [sequence, createdAt, type, content, sequenceType, size] of rows) {
    if ((sequenceType !== 'integer' && sequenceType !== 'real') || !Number.isSafeInteger(Number(sequence))) {
      builder.badSequences++;
      continue;
    }
    const { bytes, unreadable } = readText(type, content, Number(size ?? 0), encoding);
    builder.add(Number(sequence), String(createdAt), bytes, unreadable);
  }
  return builder.build();
}

/** The UTF-8 bytes of a column that was read as a BLOB, and why they are not a text. */
export function readText(
  type: unknown,
  content: unknown,
  size: number,
  encoding: TextEncoding,
): { readonly bytes: Uint8Array; readonly unreadable: string | undefined } {
  if (type !== 'text') return { bytes: content instanceof Uint8Array ? content : new Uint8Array(), unreadable: notText(String(type)) };
  if (!(content instanceof Uint8Array)) return { bytes: new Uint8Array(), unreadable: `its ${size} bytes are more than can be read` };
  if (encoding === 'UTF-8') return { bytes: content, unreadable: isUtf8(content) ? undefined : NOT_UTF8 };
  try {
    return { bytes: Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(content)), unreadable: undefined };
  } catch {
    return { bytes: Buffer.from(new TextDecoder(encoding).decode(content)), unreadable: NOT_UTF16 };
  }
}

import { isUtf8 } from 'node:buffer';
import type { EventChunk } from '../../jamjet/chunk.ts';
import { millisecondsAt } from '../../jamjet/time.ts';
import { ChunkBuilder, notText } from '../chunk-builder.ts';
import { CHUNK_BYTES } from '../port.ts';
import type { Query, SqlRow } from './connection.ts';

/** The number of rows in the first chunk. Later ones have as many as fill a chunk. */
const FIRST_ROWS = 256;
const MAX_ROWS = 4096;
/** The number of rows in a chunk that is read row by row. */
const ROWS_AT_ONCE = 1000;

/**
 * One row for many events: their texts concatenated in one BLOB, and lists of sequences, times and lengths. Read one by one, a
 * million rows take most of their time in crossing from SQLite into JavaScript. All lists come from one pass over the same
 * rows, so their entries correspond.
 */
const JOINED_ROWS = `
  SELECT count(*), group_concat(sequence), CAST(group_concat(ifnull(created_at, ''), char(10)) AS BLOB), group_concat(octet_length(kind_json)),
    CAST(group_concat(kind_json, '') AS BLOB), total(typeof(kind_json) <> 'text')
  FROM (SELECT sequence, created_at, kind_json FROM events
        WHERE execution_id = ? AND sequence > ? AND sequence <= 9007199254740991 ORDER BY sequence LIMIT ?)`;

const ROW_BY_ROW = `
  SELECT sequence, created_at, typeof(kind_json), CAST(kind_json AS BLOB), typeof(sequence) FROM events
  WHERE execution_id = ? AND sequence > ? AND sequence <= 9007199254740991 ORDER BY sequence LIMIT ? OFFSET ?`;

/**
 * Chunks of an execution's events after sequence `after`, in order.
 *
 * @param unique whether sequences are unique in the database. Otherwise rows are read by offset, because two rows with the
 *   same sequence could fall into different chunks, and the second be skipped.
 */
export function* scanEvents(query: Query, id: string, after: number, unique: boolean): Generator<EventChunk> {
  if (!unique) return yield* scanRowByRow(query, id, after);
  let from = Math.max(after, 0);
  let rows = FIRST_ROWS;
  for (;;) {
    const [joined] = query(JOINED_ROWS, id, from, rows);
    const count = Number(joined?.[0] ?? 0);
    if (count === 0 || joined === undefined) return;
    const chunk = splitJoined(joined, count) ?? readRowByRow(query, id, from, rows, 0);
    if (chunk.count + chunk.badSequences > 0) yield chunk;
    if (count < rows) return;
    from = lastSequenceIn(joined);
    rows = Math.min(MAX_ROWS, Math.max(16, Math.round((CHUNK_BYTES * count) / Math.max(1, chunk.bytes.length))));
  }
}

function lastSequenceIn(joined: SqlRow): number {
  const sequences = String(joined[1]);
  return Number(sequences.slice(sequences.lastIndexOf(',') + 1));
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
      value = value * 10 + code - 0x30;
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

function* scanRowByRow(query: Query, id: string, after: number): Generator<EventChunk> {
  for (let offset = 0; ; offset += ROWS_AT_ONCE) {
    const rows = query(ROW_BY_ROW, id, after, ROWS_AT_ONCE, offset);
    const chunk = buildChunk(rows);
    if (chunk.count + chunk.badSequences > 0) yield chunk;
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

function readRowByRow(query: Query, id: string, after: number, limit: number, offset: number): EventChunk {
  return buildChunk(query(ROW_BY_ROW, id, after, limit, offset));
}

function buildChunk(rows: readonly SqlRow[]): EventChunk {
  const builder = new ChunkBuilder();
  for (const [sequence, createdAt, type, content, sequenceType] of rows) {
    if ((sequenceType !== 'integer' && sequenceType !== 'real') || !Number.isInteger(Number(sequence))) {
      builder.badSequences++;
      continue;
    }
    const bytes = content instanceof Uint8Array ? content : new Uint8Array();
    builder.add(Number(sequence), String(createdAt), bytes, type === 'text' ? undefined : notText(String(type)));
  }
  return builder.build();
}

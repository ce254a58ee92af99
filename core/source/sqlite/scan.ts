import { isUtf8 } from 'node:buffer';
import type { EventChunk } from '../../jamjet/chunk.ts';
import { millisecondsAt } from '../../jamjet/time.ts';
import { ChunkBuilder, notText } from '../chunk-builder.ts';
import { CHUNK_BYTES } from '../port.ts';
import type { Query, SqlRow } from './connection.ts';

/** Few enough that a chunk stays a short turn, many enough that the call costs nothing. */
const FIRST_ROWS = 256;
const MOST_ROWS = 4096;
const SLOW_ROWS = 1000;

/**
 * One row for many events: their texts glued together as one BLOB, with sequences, times and lengths beside it.
 * Reading a million rows one by one costs most of its time in crossing into JavaScript (performance.md §1.2).
 * All four lists come from the same pass over the same rows, so they agree place by place.
 */
const GLUED = `
  SELECT count(*), group_concat(sequence), CAST(group_concat(ifnull(created_at, ''), char(10)) AS BLOB), group_concat(octet_length(kind_json)),
    CAST(group_concat(kind_json, '') AS BLOB), total(typeof(kind_json) <> 'text')
  FROM (SELECT sequence, created_at, kind_json FROM events
        WHERE execution_id = ? AND sequence > ? AND sequence <= 9007199254740991 ORDER BY sequence LIMIT ?)`;

const ONE_BY_ONE = `
  SELECT sequence, created_at, typeof(kind_json), CAST(kind_json AS BLOB), typeof(sequence) FROM events
  WHERE execution_id = ? AND sequence > ? AND sequence <= 9007199254740991 ORDER BY sequence LIMIT ? OFFSET ?`;

/**
 * Chunks of an execution's events after sequence `after`, in order.
 *
 * @param unique whether the database keeps sequences unique; where it does not, rows are read one by one so that none
 *   of two with the same sequence is lost between chunks.
 */
export function* scanEvents(query: Query, id: string, after: number, unique: boolean): Generator<EventChunk> {
  if (!unique) return yield* scanSlowly(query, id, after);
  let from = Math.max(after, 0);
  let rows = FIRST_ROWS;
  for (;;) {
    const [glued] = query(GLUED, id, from, rows);
    const count = Number(glued?.[0] ?? 0);
    if (count === 0 || glued === undefined) return;
    const chunk = unglue(glued, count) ?? readSlowly(query, id, from, rows, 0);
    if (chunk.count + chunk.strays > 0) yield chunk;
    if (count < rows) return;
    from = lastOf(glued);
    rows = Math.min(MOST_ROWS, Math.max(16, Math.round((CHUNK_BYTES * count) / Math.max(1, chunk.bytes.length))));
  }
}

function lastOf(glued: SqlRow): number {
  const sequences = String(glued[1]);
  return Number(sequences.slice(sequences.lastIndexOf(',') + 1));
}

/** @returns undefined when something about these rows is odd: then they are read one by one. */
function unglue(glued: SqlRow, count: number): EventChunk | undefined {
  const [, sequenceList, timeList, lengthList, content, odd] = glued;
  const bytes = content instanceof Uint8Array ? content : new Uint8Array();
  if (odd !== 0 || !(timeList instanceof Uint8Array) || !isUtf8(bytes)) return undefined;
  const sequences = numbers(String(sequenceList), count);
  const lengths = numbers(String(lengthList), count);
  const times = new Float64Array(count);
  const timeOffsets = new Uint32Array(count + 1);
  if (sequences === undefined || lengths === undefined || !readTimes(timeList, times, timeOffsets)) return undefined;
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    offsets[i + 1] = (offsets[i] as number) + (lengths[i] as number);
    if (i > 0 && (sequences[i] as number) <= (sequences[i - 1] as number)) return undefined;
  }
  if (offsets[count] !== bytes.length) return undefined;
  return { count, sequences, times, timeBytes: timeList, timeOffsets, bytes, offsets, unreadable: new Map(), strays: 0 };
}

function numbers(list: string, count: number): Float64Array | undefined {
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
      // Neither a plain integer nor anything to guess at.
      return undefined;
    }
  }
  values[at++] = value;
  return at === count ? values : undefined;
}

/** Fills in where each time of the list lies and what it says. @returns false when there are more or fewer than there should be. */
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

function* scanSlowly(query: Query, id: string, after: number): Generator<EventChunk> {
  for (let offset = 0; ; offset += SLOW_ROWS) {
    const rows = query(ONE_BY_ONE, id, after, SLOW_ROWS, offset);
    const chunk = build(rows);
    if (chunk.count + chunk.strays > 0) yield chunk;
    if (rows.length < SLOW_ROWS) return;
  }
}

function readSlowly(query: Query, id: string, after: number, limit: number, offset: number): EventChunk {
  return build(query(ONE_BY_ONE, id, after, limit, offset));
}

function build(rows: readonly SqlRow[]): EventChunk {
  const builder = new ChunkBuilder();
  for (const [sequence, createdAt, type, content, sequenceType] of rows) {
    if ((sequenceType !== 'integer' && sequenceType !== 'real') || !Number.isInteger(Number(sequence))) {
      builder.strays++;
      continue;
    }
    const bytes = content instanceof Uint8Array ? content : new Uint8Array();
    builder.add(Number(sequence), String(createdAt), bytes, type === 'text' ? undefined : notText(String(type)));
  }
  return builder.build();
}

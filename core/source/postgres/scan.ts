import type { EventChunk } from '../../jamjet/chunk.ts';
import { ChunkBuilder } from '../chunk-builder.ts';
import { CHUNK_BYTES } from '../port.ts';
import { equals, integerText, isoTime, isPlaced, type Layout, problemOf, textOf } from './layout.ts';
import type { Query } from './reading.ts';
import type { Row } from './session.ts';
import { withType } from './typed-event.ts';
import { Values } from './values.ts';

/** The number of rows that are read first. Later ones are as many as have the bytes of some chunks: each statement takes a while of its own. */
export const FIRST_ROWS = 256;
const MAX_ROWS = 4096;
const READ_BYTES = 5 * CHUNK_BYTES;
/** The most bytes, as they are stored, that the events of one statement may have together; a longer event is read alone. */
const JOINED_BYTES = 16 * 1024 * 1024;
/** An event of more bytes is not read: JavaScript has no longer strings. */
export const MAX_EVENT_BYTES = 256 * 1024 * 1024;

interface Scanned {
  readonly chunks: readonly EventChunk[];
  /** The last sequence. */
  readonly last: number;
  /** How many rows the next statement should read. */
  readonly rows: number;
}

/**
 * Reads the next events of an execution after sequence `after`. All rows of one sequence are in one chunk.
 *
 * @param rows the most rows, if no sequence occurs more than once.
 * @returns undefined at the end of the log.
 */
export async function scanRows(query: Query, layout: Layout, id: string, after: number, rows: number): Promise<Scanned | undefined> {
  const found = await readRows(query, layout, id, after, rows);
  if (found.length === 0) return undefined;
  const problem = problemOf(layout.event.kind);
  const chunks: EventChunk[] = [];
  let builder = new ChunkBuilder();
  let [last, bytes, read] = [after, 0, 0];
  for (const [sequence, createdAt, text, size, type] of found) {
    const isLeftOut = text === null && size !== null && problem === undefined;
    // Those before a long one are read without it, and then it is read alone.
    if (isLeftOut && rows > 1) return scanRows(query, layout, id, after, Math.max(1, Math.min(read, rows - 1)));
    const reason = isLeftOut ? tooLong(String(size)) : (problem ?? (text === null ? NULL_COLUMN : undefined));
    if (builder.bytes >= CHUNK_BYTES && Number(sequence) !== last) {
      chunks.push(builder.build());
      builder = new ChunkBuilder();
    }
    last = Number(sequence);
    const event = Buffer.from(text === null || text === undefined ? '' : type === null || type === undefined ? text : withType(text, type));
    builder.add(last, isoTime(createdAt ?? ''), event, reason);
    bytes += event.length;
    read++;
  }
  chunks.push(builder.build());
  return { chunks, last, rows: Math.min(MAX_ROWS, Math.max(1, Math.round((READ_BYTES * read) / Math.max(1, bytes)))) };
}

/** Sequence, time, text, size and separate type of each row. A text that is too long to be read with others is left out. */
async function readRows(query: Query, layout: Layout, id: string, after: number, rows: number): Promise<Row[]> {
  const values = new Values();
  const { event, unique, tables } = layout;
  const of = `${equals(event.id, id, values)} AND ${event.sequence.sql} > ${values.add(after)}::bigint AND ${isPlaced(event.sequence)}`;
  const limit = `${values.add(rows)}::bigint`;
  // The size of a row as it is stored, maybe compressed, is known without reading it.
  const [size, most] =
    rows === 1 ? [`octet_length(${textOf(event.kind)})`, MAX_EVENT_BYTES] : [`pg_column_size(${event.kind.sql})`, Math.floor(JOINED_BYTES / rows)];
  const text = problemOf(event.kind) === undefined ? `CASE WHEN ${size} <= ${most} THEN ${event.kind.sql} END` : 'NULL';
  return query(
    `SELECT ${integerText(event.sequence)}, ${textOf(event.createdAt)}, ${text}, ${size}, ${textOf(event.type)} FROM ${tables.events} AS e
     WHERE ${of} ORDER BY ${event.sequence.sql} ${unique.events ? `LIMIT ${limit}` : `FETCH FIRST (${limit}) ROWS WITH TIES`}`,
    values.list,
  );
}

export const NULL_COLUMN = 'the column is NULL';

export function tooLong(bytes: number | string): string {
  return `its ${bytes} bytes are more than can be read`;
}

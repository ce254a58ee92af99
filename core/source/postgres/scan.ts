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

/** Rows of a log, of which {@link chunksOf} makes events. */
interface Scanned {
  readonly rows: readonly Row[];
  /** The last sequence. */
  readonly last: number;
  /** How many rows the next statement should read. */
  readonly next: number;
}

/**
 * Reads the next events of an execution after sequence `after`. All rows of one sequence are among them.
 *
 * @param most the most rows, if no sequence occurs more than once.
 * @returns undefined at the end of the log.
 */
export async function scanRows(query: Query, layout: Layout, id: string, after: number, most: number): Promise<Scanned | undefined> {
  const rows = await readRows(query, layout, id, after, most);
  const end = rows.at(-1);
  if (end === undefined) return undefined;
  const long = most > 1 ? rows.findIndex((row) => isLeftOut(layout, row)) : -1;
  // Those before a long one are read without it, and then it is read alone.
  if (long >= 0) return scanRows(query, layout, id, after, Math.max(1, Math.min(long, most - 1)));
  // About the bytes, for most texts are of ASCII.
  const bytes = rows.reduce((sum, [, , text]) => sum + (text?.length ?? 0), 0);
  return { rows, last: Number(end[0]), next: Math.min(MAX_ROWS, Math.max(1, Math.round((READ_BYTES * rows.length) / Math.max(1, bytes)))) };
}

/** All rows of one sequence are in one chunk. */
export function* chunksOf(layout: Layout, rows: readonly Row[]): Generator<EventChunk> {
  const problem = problemOf(layout.event.kind);
  let builder = new ChunkBuilder();
  let last: string | null | undefined;
  for (const row of rows) {
    const [sequence, createdAt, text, size, type] = row;
    const reason = isLeftOut(layout, row) ? tooLong(String(size)) : (problem ?? (text === null ? NULL_COLUMN : undefined));
    if (builder.bytes >= CHUNK_BYTES && sequence !== last) {
      yield builder.build();
      builder = new ChunkBuilder();
    }
    last = sequence;
    const event = Buffer.from(text === null || text === undefined ? '' : type === null || type === undefined ? text : withType(text, type));
    builder.add(Number(sequence), isoTime(createdAt ?? ''), event, reason);
  }
  yield builder.build();
}

function isLeftOut({ event }: Layout, [, , text, size]: Row): boolean {
  return text === null && size !== null && problemOf(event.kind) === undefined;
}

/** Sequence, time, text, size and separate type of each row. A text that is too long to be read with others is left out. */
async function readRows(query: Query, layout: Layout, id: string, after: number, rows: number): Promise<Row[]> {
  const values = new Values();
  const { event, keys, tables } = layout;
  const of = `${equals(event.id, id, values)} AND ${event.sequence.sql} > ${values.add(after)}::bigint AND ${isPlaced(event.sequence)}`;
  const limit = `${values.add(rows)}::bigint`;
  // The size of a row as it is stored, maybe compressed, is known without reading it.
  const [size, most] =
    rows === 1 ? [`octet_length(${textOf(event.kind)})`, MAX_EVENT_BYTES] : [`pg_column_size(${event.kind.sql})`, Math.floor(JOINED_BYTES / rows)];
  const text = problemOf(event.kind) === undefined ? `CASE WHEN ${size} <= ${most} THEN ${event.kind.sql} END` : 'NULL';
  return query(
    `SELECT ${integerText(event.sequence)}, ${textOf(event.createdAt)}, ${text}, ${size}, ${textOf(event.type)} FROM ${tables.events} AS e
     WHERE ${of} ORDER BY ${event.sequence.sql} ${keys.events.isUnique ? `LIMIT ${limit}` : `FETCH FIRST (${limit}) ROWS WITH TIES`}`,
    values.list,
  );
}

export const NULL_COLUMN = 'the column is NULL';

export function tooLong(bytes: number | string): string {
  return `its ${bytes} bytes are more than can be read`;
}

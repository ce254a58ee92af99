import type { EventChunk } from '../../jamjet/chunk.ts';
import { chunkOfLists } from '../joined-lists.ts';
import { CHUNK_BYTES } from '../port.ts';
import type { Query } from './connection.ts';
import { equals, integerText, isPlaced, type Layout, problemOf, shortTimes, textOf } from './layout.ts';
import { Values } from './values.ts';

/** The number of rows in the first chunk. Later ones have as many as fill a chunk. */
export const FIRST_ROWS = 256;
const MAX_ROWS = 4096;
/** An event of more bytes is not read: JavaScript has no longer strings. */
export const MAX_EVENT_BYTES = 256 * 1024 * 1024;

export interface ScannedChunk {
  readonly chunk: EventChunk;
  /** How many rows the next statement should read. */
  readonly rows: number;
}

/**
 * Reads the next chunk of an execution's events after sequence `after`: one row with all of them, because each row of its own
 * would have to be taken apart here. All rows of one sequence are in one chunk. The sizes of the rows as they are stored, maybe
 * compressed, are known without reading them; so that long events are few in a chunk, they count first.
 *
 * @returns undefined at the end of the log.
 */
export async function scanChunk(query: Query, layout: Layout, id: string, after: number, rows: number): Promise<ScannedChunk | undefined> {
  const values = new Values();
  const { event, unique } = layout;
  const of = `${equals(event.id, id, values)} AND ${event.sequence.sql} > ${values.add(after)}::bigint AND ${isPlaced(event.sequence)}`;
  const limit = `${values.add(rows)}::bigint`;
  // The sum of the sizes before a row; rows of the same sequence have the same one.
  const before = (size: string): string => `sum(${size}) OVER (ORDER BY q) - ${unique.events ? size : `sum(${size}) OVER (PARTITION BY q)`}`;
  const problem = problemOf(event.kind);
  const [joined] = await query(
    `SELECT count(*), string_agg(q::text, ','), string_agg(coalesce(t, ''), E'\\n'),
       string_agg(CASE WHEN k IS NULL THEN 'n' WHEN bytes > ${MAX_EVENT_BYTES} THEN '>' || bytes ELSE bytes::text END, ','),
       string_agg(CASE WHEN bytes <= ${MAX_EVENT_BYTES} THEN k END, '')
     FROM (SELECT q, t, k, bytes FROM (SELECT *, ${before('bytes')} AS read FROM (SELECT q, t, k, coalesce(octet_length(k), 0) AS bytes
       FROM (SELECT q, t, ${problem === undefined ? textOf({ ...event.kind, sql: 'kind' }) : 'NULL::text'} AS k
         FROM (SELECT *, ${before('size')} AS stored FROM (SELECT ${integerText(event.sequence)}::bigint AS q, ${textOf(event.createdAt)} AS t,
           ${event.kind.sql} AS kind, coalesce(pg_column_size(${event.kind.sql}), 0)::bigint AS size
           FROM ${layout.tables.events} AS e WHERE ${of} ORDER BY ${event.sequence.sql} ${unique.events ? `LIMIT ${limit}` : `FETCH FIRST (${limit}) ROWS WITH TIES`})
         AS found) AS sized WHERE stored < ${CHUNK_BYTES} OFFSET 0) AS texts OFFSET 0) AS measured) AS summed WHERE read < ${CHUNK_BYTES} ORDER BY q) AS chosen`,
    values.list,
  );
  const [count, sequences, times, lengths, content] = joined ?? [];
  if (joined === undefined || count === '0') return undefined;
  const bytes = Buffer.from(content ?? '');
  const unreadable = new Map<number, string>();
  const lengthsOfRead = lengths?.includes('n') || lengths?.includes('>') ? withoutMarks(lengths, problem, unreadable) : String(lengths);
  const lists = { count: Number(count), sequences: String(sequences), times: Buffer.from(shortTimes(String(times))), lengths: lengthsOfRead, bytes };
  const chunk = chunkOfLists(lists);
  if (chunk === undefined || !isAscending(chunk.sequences, unique.events)) {
    throw new Error(`the events of ${id} after ${after} were not joined in order, or the texts of the server are not UTF-8`);
  }
  return {
    chunk: unreadable.size === 0 ? chunk : { ...chunk, unreadable },
    rows: Math.min(MAX_ROWS, Math.max(16, Math.round((CHUNK_BYTES * chunk.count) / Math.max(1, bytes.length)))),
  };
}

/** The lengths of the texts that were read, with 0 for those that were not; their reasons are added to `unreadable`. */
function withoutMarks(lengths: string, problem: string | undefined, unreadable: Map<number, string>): string {
  return lengths
    .split(',')
    .map((length, i) => {
      if (!/^[n>]/.test(length)) return length;
      unreadable.set(i, length === 'n' ? (problem ?? NULL_COLUMN) : tooLong(length.slice(1)));
      return '0';
    })
    .join(',');
}

export const NULL_COLUMN = 'the column is NULL';

export function tooLong(bytes: number | string): string {
  return `its ${bytes} bytes are more than can be read`;
}

function isAscending(sequences: Float64Array, strictly: boolean): boolean {
  for (let i = 1; i < sequences.length; i++) {
    const [a, b] = [sequences[i - 1] as number, sequences[i] as number];
    if (b < a || (strictly && a === b)) return false;
  }
  return true;
}

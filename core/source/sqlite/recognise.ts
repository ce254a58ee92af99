import { FaultError } from '../../fault.ts';
import { generationOf, KNOWN_TABLES, missingParts, type TableColumns } from '../../jamjet/generation.ts';
import type { SqlRow } from './connection.ts';

/** What reading a database depends on. */
export interface DatabaseShape {
  readonly generation: number;
  readonly columns: TableColumns;
  readonly events: EventsShape;
  readonly encoding: TextEncoding;
  /** As {@link EventsShape.rowid}, of the snapshots. */
  readonly snapshotRowid: string | undefined;
  /** Likewise, of the executions. */
  readonly executionRowid: string | undefined;
}

/** How SQLite stores text in this file; casting to a BLOB returns these bytes. */
export type TextEncoding = 'UTF-8' | 'UTF-16le' | 'UTF-16be';

/** How the rows of an execution's events can be found. */
export interface EventsShape {
  /** Whether an index makes (execution, sequence) unique. Without it, a sequence may occur more than once. */
  readonly unique: boolean;
  /** Whether an index has the events of an execution in order of sequence. */
  readonly ordered: boolean;
  /** The name under which the rowid can be read; undefined for a view or a table without rowids. */
  readonly rowid: string | undefined;
}

/** A query that waits while a writer has the file locked. */
type AsyncQuery = (sql: string) => Promise<SqlRow[]>;

/** @throws FaultError `not-an-event-store` naming what is missing. */
export async function recognise(query: AsyncQuery, name: string): Promise<DatabaseShape> {
  const columns = await readColumns(query);
  const missing = missingParts(columns);
  if (missing.length > 0) {
    const others = (await query(`SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 6`)).map(
      ([table]) => String(table).slice(0, 60),
    );
    const found = others.length === 0 ? 'it has no tables' : `it has ${others.join(', ')}`;
    throw new FaultError('not-an-event-store', { subject: name, detail: `missing ${missing.slice(0, 4).join(', ')}; ${found}` });
  }
  const encoding = String((await query('PRAGMA encoding'))[0]?.[0]) as TextEncoding;
  return {
    generation: generationOf(columns),
    columns,
    events: await eventsShape(query, columns),
    encoding,
    snapshotRowid: await rowidOf(query, columns, 'snapshots'),
    executionRowid: await rowidOf(query, columns, 'workflow_executions'),
  };
}

/** Only the tables that are read: a file may have ten thousand others. */
async function readColumns(query: AsyncQuery): Promise<TableColumns> {
  const columns = new Map<string, Set<string>>();
  const rows = await query(
    `SELECT m.name, p.name FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS p
     WHERE m.type IN ('table', 'view') AND m.name IN (${KNOWN_TABLES.map((table) => `'${table}'`).join(', ')}) LIMIT 20000`,
  );
  for (const [table, column] of rows) {
    const known = columns.get(String(table));
    if (known === undefined) columns.set(String(table), new Set([String(column)]));
    else known.add(String(column));
  }
  return columns;
}

async function eventsShape(query: AsyncQuery, columns: TableColumns): Promise<EventsShape> {
  const indexes = await query(
    `SELECT l."unique", group_concat(i.name) FROM pragma_index_list('events') AS l, pragma_index_info(l.name) AS i WHERE l.partial = 0 GROUP BY l.name`,
  );
  return {
    unique: indexes.some(([unique, names]) => unique === 1n && String(names).split(',').sort().join() === 'execution_id,sequence'),
    ordered: indexes.some(([, names]) => String(names).startsWith('execution_id,sequence')),
    rowid: await rowidOf(query, columns, 'events'),
  };
}

async function rowidOf(query: AsyncQuery, columns: TableColumns, table: 'events' | 'snapshots' | 'workflow_executions'): Promise<string | undefined> {
  const isTable = (await query(`SELECT 1 FROM pragma_table_list('${table}') WHERE schema = 'main' AND type = 'table' AND wr = 0`)).length > 0;
  return isTable ? ['rowid', '_rowid_', 'oid'].find((name) => !columns.get(table)?.has(name)) : undefined;
}

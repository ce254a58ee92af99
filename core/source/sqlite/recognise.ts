import { FaultError } from '../../fault.ts';
import { generationOf, missingParts, type TableColumns } from '../../jamjet/generation.ts';
import type { Connection } from './connection.ts';

/** What reading a database depends on. */
export interface DatabaseShape {
  readonly generation: number;
  readonly columns: TableColumns;
  /** Whether an index makes (execution, sequence) unique. Without it, a sequence may occur more than once. */
  readonly uniqueSequences: boolean;
}

/** @throws FaultError `not-an-event-store` naming what is missing. */
export function recognise(connection: Connection, name: string): DatabaseShape {
  const columns = readColumns(connection);
  const missing = missingParts(columns);
  if (missing.length > 0) {
    const others = [...columns.keys()].filter((table) => !table.startsWith('sqlite_')).slice(0, 6);
    const found = others.length === 0 ? 'it has no tables' : `it has ${others.join(', ')}`;
    throw new FaultError('not-an-event-store', { subject: name, detail: `missing ${missing.slice(0, 4).join(', ')}; ${found}` });
  }
  return { generation: generationOf(columns), columns, uniqueSequences: hasUniqueSequences(connection) };
}

function readColumns(connection: Connection): TableColumns {
  const columns = new Map<string, Set<string>>();
  const rows = connection.all(
    `SELECT m.name, p.name FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS p
     WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 20000`,
  );
  for (const [table, column] of rows) {
    const known = columns.get(String(table));
    if (known === undefined) columns.set(String(table), new Set([String(column)]));
    else known.add(String(column));
  }
  return columns;
}

function hasUniqueSequences(connection: Connection): boolean {
  const indexes = connection.all(
    `SELECT l.name, group_concat(i.name) FROM pragma_index_list('events') AS l, pragma_index_info(l.name) AS i
     WHERE l."unique" = 1 AND l.partial = 0 GROUP BY l.name`,
  );
  return indexes.some(([, names]) => String(names).split(',').sort().join() === 'execution_id,sequence');
}

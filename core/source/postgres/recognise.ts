import { FaultError } from '../../fault.ts';
import { generationOf, KNOWN_TABLES, missingParts, type TableColumns } from '../../jamjet/generation.ts';
import { documentedLayout, missingDocumentedParts } from './documented-layout.ts';
import { INTEGERS, type Index, type KeyOf, type Layout, storeLayout, type Table } from './layout.ts';
import { missingIndexes } from './missing-index.ts';
import type { Query, SearchPath } from './reading.ts';
import type { Row } from './session.ts';

/** The tables of one schema that have names of ours. */
type Tables = ReadonlyMap<string, Table>;

/** Every table that the server has with one of the names $1, whether the user may read it or not. */
const FROM_TABLES = `FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace`;
const ARE_OURS = `c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ANY ($1) AND n.nspname !~ '^(pg_|information_schema$)'`;

const COLUMNS = `
  SELECT n.nspname, c.relname, c.oid, a.attname, coalesce(b.typname, t.typname),
    has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT'), row_security_active(c.oid), c.relkind,
    has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'), c.reltuples
  ${FROM_TABLES}
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type AS t ON t.oid = a.atttypid LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
  WHERE ${ARE_OURS} ORDER BY n.nspname, c.relname, a.attnum`;

/**
 * The columns of each index that has all rows of its table, and how the first is ordered. Rows of tables that inherit from it are
 * not in it, so that it does not make them unique.
 */
const INDEXES = `
  SELECT i.indrelid, (SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
      JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts),
    i.indisunique AND (c.relkind = 'p' OR NOT EXISTS (SELECT 1 FROM pg_inherits AS h WHERE h.inhparent = c.oid)),
    i.indoption[0], (SELECT l.collname FROM pg_collation AS l WHERE l.oid = i.indcollation[0])
  ${FROM_TABLES} JOIN pg_index AS i ON i.indrelid = c.oid
  WHERE ${ARE_OURS} AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL`;

const SERVER = `SELECT current_user, EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'pg_input_is_valid')`;

/** The bytes of the tables $1 in schema $2, with their indexes and parts. */
export const SIZE = `
  SELECT sum(pg_total_relation_size(c.oid) + coalesce((SELECT sum(pg_total_relation_size(p.relid)) FROM pg_partition_tree(c.oid) AS p WHERE p.isleaf AND p.relid <> c.oid), 0))
  ${FROM_TABLES} WHERE ${ARE_OURS} AND n.nspname = $2`;

/** Of either layout. */
export const TABLE_NAMES: readonly string[] = [...KNOWN_TABLES, 'workflows'];

interface Recognised {
  readonly layout: Layout;
  readonly tables: Tables;
  /** Who is connected. */
  readonly user: string;
}

/**
 * Finds the tables that hold a JamJet state database: in the schema that is asked for, or in one of the search path, or else in
 * any other.
 *
 * @param name of the server and its database, for Faults.
 * @throws FaultError `no-jamjet-tables`, `several-schemas` or `permission-denied`.
 */
export async function recognise(query: Query, path: SearchPath, schema: string | undefined, name: string): Promise<Recognised> {
  const [columns, indexes, [server], searchPath] = await Promise.all([query(COLUMNS, [TABLE_NAMES]), query(INDEXES, [TABLE_NAMES]), query(SERVER), path()]);
  const schemas = tablesBySchema(columns, indexesByTable(indexes));
  const chosen = choose(schemas, searchPath, schema, name);
  if (chosen === undefined) throw new FaultError('no-jamjet-tables', { subject: name, detail: await whatIsThere(query, schemas, schema, searchPath) });
  const tables = schemas.get(chosen) as Tables;
  const isStores = missingParts(columnsOf(tables)).length === 0;
  const needed = ['events', 'snapshots', isStores ? 'workflow_executions' : 'workflows'];
  const closed = needed.find((table) => tables.get(table)?.isReadable === false);
  if (closed !== undefined) throw new FaultError('permission-denied', { subject: `Table ${closed} in schema ${chosen} of ${name}` });
  // To an index of texts, 1 and 01 are different sequences.
  const keyOf: KeyOf = (table, id, sequence) => {
    const { types, indexes = [] } = tables.get(table) ?? {};
    const pair = [id, sequence].sort().join();
    const has = (fits: (index: Index) => boolean): boolean => INTEGERS.has(types?.get(sequence) ?? '') && indexes.some(fits);
    return {
      isUnique: has((index) => index.isUnique && [...index.columns].sort().join() === pair),
      isInOrder: has(({ columns }) => columns[0] === id && columns[1] === sequence),
    };
  };
  const [user, checksInput] = server ?? [];
  const layout = isStores ? storeLayout(chosen, tables, generationOf(columnsOf(tables)), keyOf) : documentedLayout(chosen, tables, keyOf, checksInput === 't');
  const slow = missingIndexes(
    chosen,
    tables,
    isStores
      ? { executions: 'workflow_executions', started: 'started_at', id: 'execution_id' }
      : { executions: 'workflows', started: 'created_at', id: 'workflow_id' },
  );
  return { layout: { ...layout, remarks: [...layout.remarks, ...slow] }, tables, user: String(user) };
}

function indexesByTable(rows: readonly Row[]): ReadonlyMap<string, readonly Index[]> {
  const indexes = new Map<string, readonly Index[]>();
  for (const [oid = '', columns, isUnique, order, collation] of rows as readonly (readonly string[])[]) {
    const index = { columns: JSON.parse(columns ?? '[]'), isUnique: isUnique === 't', order: Number(order), collation };
    indexes.set(oid, [...(indexes.get(oid) ?? []), index]);
  }
  return indexes;
}

function tablesBySchema(rows: readonly Row[], indexes: ReadonlyMap<string, readonly Index[]>): Map<string, Map<string, Table>> {
  const schemas = new Map<string, Map<string, Table>>();
  for (const [
    schema = '',
    table = '',
    oid = '',
    column = '',
    type = '',
    isReadable,
    isFiltered,
    kind = '',
    isWritable,
    rowCount,
  ] of rows as readonly (readonly string[])[]) {
    const tables = schemas.get(schema) ?? new Map<string, Table>();
    schemas.set(schema, tables);
    const known = tables.get(table);
    tables.set(table, {
      types: new Map([...(known?.types ?? []), [column, type]]),
      isReadable: (known?.isReadable ?? true) && isReadable === 't',
      isFiltered: isFiltered === 't',
      isWritable: isWritable === 't',
      kind,
      rows: Number(rowCount),
      indexes: indexes.get(oid) ?? [],
    });
  }
  return schemas;
}

function columnsOf(tables: Tables): TableColumns {
  return new Map([...tables].map(([name, { types }]) => [name, new Set(types.keys())]));
}

function isJamjet(tables: Tables): boolean {
  return missingParts(columnsOf(tables)).length === 0 || missingDocumentedParts(columnsOf(tables)).length === 0;
}

/** @returns undefined when there is none. @throws FaultError `several-schemas`. */
function choose(schemas: ReadonlyMap<string, Tables>, searchPath: readonly string[], schema: string | undefined, name: string): string | undefined {
  const found = [...schemas].filter(([, tables]) => isJamjet(tables)).map(([candidate]) => candidate);
  if (schema !== undefined) return found.find((candidate) => candidate === schema);
  const onPath = found.filter((candidate) => searchPath.includes(candidate));
  const candidates = onPath.length > 0 ? onPath : found;
  if (candidates.length > 1) {
    const some = candidates.slice(0, 10).join(', ');
    throw new FaultError('several-schemas', { subject: name, detail: candidates.length > 10 ? `${some} and ${candidates.length - 10} more` : some });
  }
  return candidates[0];
}

/** What is missing in the schema that comes closest, and what is there instead. */
async function whatIsThere(query: Query, schemas: ReadonlyMap<string, Tables>, schema: string | undefined, searchPath: readonly string[]): Promise<string> {
  if (schema !== undefined) {
    const [row] = await query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (row === undefined) return `there is no schema ${schema}`;
  }
  const candidates = [...schemas].filter(([candidate]) => schema === undefined || candidate === schema).map(([, tables]) => missingParts(columnsOf(tables)));
  const [missing = missingParts(new Map())] = candidates.sort((one, other) => one.length - other.length);
  const path = schema === undefined ? searchPath : [schema];
  const others = await query(`SELECT tablename FROM pg_tables WHERE schemaname = ANY ($1) ORDER BY 1 LIMIT 6`, [path]);
  const found = others.length === 0 ? 'no tables' : others.map(([table]) => String(table).slice(0, 60)).join(', ');
  return `missing ${missing.slice(0, 4).join(', ')}; ${schema === undefined ? 'its search path' : `schema ${schema}`} has ${found}`;
}

import { FaultError } from '../../fault.ts';
import { generationOf, KNOWN_TABLES, missingParts, type TableColumns } from '../../jamjet/generation.ts';
import type { Query, Row } from './connection.ts';
import { documentedLayout, missingDocumentedParts } from './documented-layout.ts';
import { INTEGERS, type IsUnique, type Layout, storeLayout, type Table } from './layout.ts';

/** The tables of one schema that have names of ours. */
type Tables = ReadonlyMap<string, Table>;

/** Every table of ours that the server has, whether the user may read it or not. */
const COLUMNS = `
  SELECT n.nspname, c.relname, c.oid, a.attname, coalesce(b.typname, t.typname),
    has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT'), row_security_active(c.oid), c.relkind
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type AS t ON t.oid = a.atttypid LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ANY ($1) AND n.nspname !~ '^(pg_|information_schema$)'
  ORDER BY n.nspname, c.relname, a.attnum`;

/** The columns of each index that has all rows of its table, in order. Those of tables that inherit from it are in none. */
const UNIQUE = `
  SELECT i.indrelid, (SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey))
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
  WHERE i.indrelid = ANY ($1::oid[]) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    AND i.indnkeyatts = i.indnatts AND (c.relkind = 'p' OR NOT EXISTS (SELECT 1 FROM pg_inherits AS h WHERE h.inhparent = c.oid))`;

/**
 * Finds the tables that hold a JamJet state database: in the schema that is asked for, or in one of the search path, or else in
 * any other.
 *
 * @param name of the database, for Faults.
 * @throws FaultError `no-jamjet-tables`, `several-schemas` or `permission-denied`.
 */
export async function recognise(query: Query, searchPath: readonly string[], schema: string | undefined, name: string): Promise<Layout> {
  const schemas = tablesBySchema(await query(COLUMNS, [[...KNOWN_TABLES, 'workflows']]));
  const chosen = choose(schemas, searchPath, schema, name);
  if (chosen === undefined) throw new FaultError('no-jamjet-tables', { subject: name, detail: await whatIsThere(query, schemas, schema, searchPath) });
  const tables = schemas.get(chosen) as Tables;
  const isStores = missingParts(columnsOf(tables)).length === 0;
  const needed = ['events', 'snapshots', isStores ? 'workflow_executions' : 'workflows'];
  const closed = needed.find((table) => tables.get(table)?.isReadable === false);
  if (closed !== undefined) throw new FaultError('permission-denied', { subject: `Table ${closed} in schema ${chosen} of ${name}` });
  const oids = needed.map((table) => tables.get(table)?.oid ?? '0');
  const unique = new Set((await query(UNIQUE, [oids])).map(([oid, columns]) => `${oid} ${columns}`));
  // To an index of texts, 1 and 01 are different sequences.
  const isUnique: IsUnique = (table, id, sequence) =>
    INTEGERS.has(tables.get(table)?.types.get(sequence) ?? '') && unique.has(`${tables.get(table)?.oid} ${[id, sequence].sort().join(',')}`);
  if (isStores) return storeLayout(chosen, tables, generationOf(columnsOf(tables)), isUnique);
  const checksInput = (await query(`SELECT 1 FROM pg_proc WHERE proname = 'pg_input_is_valid'`)).length > 0;
  return documentedLayout(chosen, tables, isUnique, checksInput);
}

function tablesBySchema(rows: readonly Row[]): Map<string, Map<string, Table>> {
  const schemas = new Map<string, Map<string, Table>>();
  for (const [schema = '', table = '', oid = '', column = '', type = '', isReadable, isFiltered, kind] of rows as readonly (readonly string[])[]) {
    const tables = schemas.get(schema) ?? new Map<string, Table>();
    schemas.set(schema, tables);
    const known = tables.get(table);
    tables.set(table, {
      oid,
      types: new Map([...(known?.types ?? []), [column, type]]),
      isReadable: (known?.isReadable ?? true) && isReadable === 't',
      isFiltered: isFiltered === 't',
      isView: kind === 'v' || kind === 'm' || kind === 'f',
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

import Database from 'better-sqlite3';
import pg from 'pg';
import { PostgresBackend } from '../../core/store/postgres.ts';

/** The tables of the store that a source reads, in an order in which rows may refer to earlier ones. */
const TABLES = ['tenants', 'workflow_definitions', 'workflow_executions', 'events', 'snapshots', 'artifacts'];
const KEYS: Readonly<Record<string, string>> = { events: 'UNIQUE (execution_id, sequence)', snapshots: 'UNIQUE (execution_id, at_sequence)' };

/**
 * Copies an SQLite database to the empty schema of a URL.
 *
 * @param layout `store`: the tables of the store, whose times keep microseconds. `text`: the columns of the file, with every
 *   text as it is. `jsonb`: likewise, with JSON as jsonb.
 */
export async function copyTables(file: string, url: string, layout: 'store' | 'text' | 'jsonb'): Promise<void> {
  if (layout === 'store') await (await PostgresBackend.open(url)).close();
  const from = new Database(file, { readonly: true });
  const to = await connect(url);
  const all = from.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`).pluck().all() as string[];
  for (const table of layout === 'store' ? TABLES : all) {
    const columns = from.pragma(`table_info(${table})`) as { name: string; type: string }[];
    if (columns.length === 0) continue;
    if (layout !== 'store') {
      const types = columns.map(
        ({ name, type }) =>
          `${name} ${type === 'INTEGER' ? 'bigint' : type === 'BLOB' ? 'bytea' : layout === 'jsonb' && /json|input|current_state/.test(name) ? 'jsonb' : 'text'}`,
      );
      await to.query(`CREATE TABLE ${table} (${[...types, ...(KEYS[table] === undefined ? [] : [KEYS[table]])].join(', ')})`);
    }
    const names = columns.map(({ name }) => name);
    const insert = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}) ON CONFLICT DO NOTHING`;
    await to.query('BEGIN');
    for (const row of from
      .prepare(`SELECT ${names.join(', ')} FROM ${table}`)
      .raw()
      .safeIntegers()
      .iterate())
      await to.query(insert, row as unknown[]);
    await to.query('COMMIT');
  }
  from.close();
  await to.end();
}

/** A connection whose search path is the schema of the URL. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url.split('?')[0] });
  client.on('error', () => {});
  await client.connect();
  const schema = new URL(url).searchParams.get('schema');
  if (schema !== null) await client.query(`SET search_path TO "${schema}"`);
  return client;
}

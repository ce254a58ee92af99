import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import pg from 'pg';
import { PostgresBackend } from '../../core/store/postgres.ts';
import type { Case } from './databases.ts';

/** Events that are inserted by one statement. */
const BATCH = 5000;

/** The URL of a new schema with the empty tables of the store. */
async function emptyStore(server: string, schema: string): Promise<{ url: string; client: pg.Client }> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE SCHEMA ${schema}`);
  const url = `${server}?schema=${schema}`;
  await (await PostgresBackend.open(url)).close();
  await client.query(`SET search_path = ${schema}; SET synchronous_commit = off`);
  return { url, client };
}

/** Copies one execution of a file, with its snapshots. @returns the URL of its schema. */
export async function copyRun(server: string, schema: string, { file, execution }: Case): Promise<string> {
  const { url, client } = await emptyStore(server, schema);
  const from = new Database(file.path, { readonly: true });
  for (const table of ['workflow_executions', 'events', 'snapshots']) {
    const known = from.pragma(`table_info(${table})`) as { name: string }[];
    const { rows: columns } = await client.query<{ name: string; type: string }>(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema = $1 AND table_name = $2 AND column_name = ANY ($3) ORDER BY 1`,
      [schema, table, known.map(({ name }) => name)],
    );
    const names = columns.map(({ name }) => name).join(', ');
    const lists = columns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ');
    let batch: unknown[][] = columns.map(() => []);
    const flush = async (): Promise<void> => {
      await client.query(`INSERT INTO ${table} (${names}) SELECT * FROM unnest(${lists})`, batch);
      batch = columns.map(() => []);
    };
    for (const row of from.prepare(`SELECT ${names} FROM ${table} WHERE execution_id = ?`).raw().iterate(execution) as IterableIterator<unknown[]>) {
      for (const [i, value] of row.entries()) (batch[i] as unknown[]).push(value);
      if ((batch[0] as unknown[]).length === BATCH) await flush();
    }
    if ((batch[0] as unknown[]).length > 0) await flush();
  }
  from.close();
  await client.query('ANALYZE');
  await client.end();
  return url;
}

/** How the table of events is stored: as one table, by execution, or by time, as whoever deletes old runs does. */
export type Partitioning = 'none' | 'execution' | 'time';

/** So many runs write at the same time, so that the events of one lie apart. */
const AT_ONCE = 50;
const PARTITIONS = 10;

/** Makes runs of equal length. @returns the URL of their schema. */
export async function manyRuns(server: string, schema: string, runs: number, events: number, partitioning: Partitioning = 'none'): Promise<string> {
  const { url, client } = await emptyStore(server, schema);
  await client.query(`SET maintenance_work_mem = '1GB'; SET work_mem = '64MB'`);
  if (partitioning !== 'none') await partition(client, partitioning, runs);
  await client.query(`INSERT INTO workflow_executions (execution_id, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at)
    SELECT md5(n::text)::uuid, 'w' || n % 7, '1', CASE n % 5 WHEN 0 THEN 'failed' ELSE 'completed' END, '{}', '{}', at, at + interval '1 minute'
    FROM generate_series(1, ${runs}) AS n, LATERAL (SELECT ${startOf('n')} AS at) AS t`);
  // Indexes are made faster at once than row by row, and nobody needs the log of what a crash may lose.
  const makeConstraints = await withoutIndexes(client);
  await client.query(`INSERT INTO events (id, execution_id, sequence, kind_json, created_at)
    SELECT gen_random_uuid(), md5(n::text)::uuid, k,
      json_build_object('type', 'node_completed', 'node_id', 'n' || k % 9, 'output', k, 'state_patch', json_build_object('k' || k % 20, n + k), 'duration_ms', 2),
      ${startOf('n')} + k * interval '0.2 second'
    FROM (SELECT i / ${AT_ONCE * events} * ${AT_ONCE} + i % ${AT_ONCE} + 1 AS n, i / ${AT_ONCE} % ${events} + 1 AS k
      FROM generate_series(0, ${Math.ceil(runs / AT_ONCE) * AT_ONCE * events - 1}) AS i) AS numbers WHERE n <= ${runs}`);
  await makeConstraints();
  await client.query('VACUUM ANALYZE');
  await client.end();
  return url;
}

function startOf(run: string): string {
  return `timestamptz '2026-01-01' + ${run} * interval '1 minute'`;
}

/** Makes the empty table of events again, in parts. What is unique in it must have the column by which it is parted. */
async function partition(client: pg.Client, by: 'execution' | 'time', runs: number): Promise<void> {
  const column = by === 'execution' ? 'execution_id' : 'created_at';
  const unique = by === 'execution' ? 'execution_id, sequence' : 'execution_id, sequence, created_at';
  const partOf = (i: number): string => {
    if (by === 'execution') return `WITH (MODULUS ${PARTITIONS}, REMAINDER ${i})`;
    const bound = (part: number): string => `'2026-01-01'::timestamptz + interval '${Math.ceil((runs * part) / PARTITIONS)} minutes'`;
    return `FROM (${i === 0 ? 'MINVALUE' : bound(i)}) TO (${i === PARTITIONS - 1 ? 'MAXVALUE' : bound(i + 1)})`;
  };
  await client.query(`ALTER TABLE events RENAME TO one;
    CREATE TABLE events (LIKE one INCLUDING DEFAULTS) PARTITION BY ${by === 'execution' ? 'HASH' : 'RANGE'} (${column});
    ${Array.from({ length: PARTITIONS }, (_, i) => `CREATE TABLE events_${i} PARTITION OF events FOR VALUES ${partOf(i)};`).join('')}
    DROP TABLE one;
    ALTER TABLE events ADD PRIMARY KEY (id, ${column}), ADD UNIQUE (${unique}), ADD FOREIGN KEY (execution_id) REFERENCES workflow_executions;
    CREATE INDEX ON events (tenant_id, execution_id)`);
}

/** Removes constraints and indexes of the events. @returns what makes them again. */
async function withoutIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const of = `WHERE conrelid = 'events'::regclass AND contype IN ('p', 'u', 'f')`;
  const { rows: constraints } = await client.query<{ name: string; text: string }>(
    `SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint ${of} ORDER BY contype DESC`,
  );
  for (const { name } of constraints) await client.query(`ALTER TABLE events DROP CONSTRAINT ${name}`);
  const { rows: indexes } = await client.query<{ name: string; text: string }>(
    `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS text FROM pg_index WHERE indrelid = 'events'::regclass`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  const { rows: tables } = await client.query<{ name: string }>(`SELECT relid::text AS name FROM pg_partition_tree('events') WHERE isleaf`);
  for (const { name } of tables) await client.query(`ALTER TABLE ${name} SET UNLOGGED`);
  return async () => {
    for (const { name, text } of constraints) await client.query(`ALTER TABLE events ADD CONSTRAINT ${name} ${text}`);
    for (const { text } of indexes) await client.query(text);
  };
}

/** The id of one of {@link manyRuns}, from 1 on. */
export function runId(number: number): string {
  const digits = createHash('md5')
    .update(String(Math.max(1, number)))
    .digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

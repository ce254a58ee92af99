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

/** Makes runs of equal length. @returns the URL of their schema. */
export async function manyRuns(server: string, schema: string, runs: number, events: number): Promise<string> {
  const { url, client } = await emptyStore(server, schema);
  await client.query(`INSERT INTO workflow_executions (execution_id, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at)
    SELECT md5(n::text)::uuid, 'w' || n % 7, '1', CASE n % 5 WHEN 0 THEN 'failed' ELSE 'completed' END, '{}', '{}', at, at + interval '1 minute'
    FROM generate_series(1, ${runs}) AS n, LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 minute' AS at) AS t`);
  await client.query(`INSERT INTO events (id, execution_id, sequence, kind_json, created_at)
    SELECT gen_random_uuid(), md5(n::text)::uuid, k,
      json_build_object('type', 'node_completed', 'node_id', 'n' || k % 9, 'output', k, 'state_patch', json_build_object('k' || k % 20, n + k), 'duration_ms', 2),
      timestamptz '2026-01-01' + n * interval '1 minute' + k * interval '0.2 second'
    FROM generate_series(1, ${runs}) AS n, generate_series(1, ${events}) AS k`);
  await client.query('ANALYZE');
  await client.end();
  return url;
}

/** The id of one of {@link manyRuns}, from 1 on. */
export function runId(number: number): string {
  const digits = createHash('md5')
    .update(String(Math.max(1, number)))
    .digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

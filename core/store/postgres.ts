import pg from 'pg';
import { DatabaseError, StoreError } from './errors.ts';
import type { StoreOptions } from './port.ts';
import { addressOf, type TlsOptions } from './postgres/address.ts';
import { PostgresConnection, RAW_TYPES } from './postgres/connection.ts';
import { storeErrorOf } from './postgres/faults.ts';
import { MIGRATIONS, MIGRATIONS_TABLE } from './postgres/schema.ts';
import { SqlBackend } from './sql/backend.ts';
import { Scope } from './sql/scope.ts';

/** Two stores that open one empty database at once take turns by this number, which is only ours. */
const MIGRATION_LOCK = 4_817_205_011;
const CONNECT_TIMEOUT = 10_000;
/** The generation that the tables have: what a snapshot keeps, which operations there are. */
const GENERATION = 11;

export interface PostgresOptions extends StoreOptions, TlsOptions {
  /** How many connections at most; 10 by default. */
  readonly connections?: number;
}

/**
 * The durable state store on anything that speaks Postgres: no extension, no superuser. The tables are those of the
 * SQLite files with native types (jamjet-format.md §10, layout A); times keep microseconds.
 */
export class PostgresBackend extends SqlBackend {
  /**
   * Connects, and makes or upgrades the tables.
   *
   * @param url see {@link addressOf}; `?schema=NAME` puts the tables into a schema that is there.
   * @throws DatabaseError with what and why, never with the password.
   */
  static async open(url: string, { connections = 10, clock = Date.now, ...tls }: PostgresOptions = {}): Promise<PostgresBackend> {
    const { schema, ...address } = addressOf(url, tls);
    const pool = new pg.Pool({
      ...address,
      max: connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      application_name: 'hindsight store',
      // A function of the driver's: without a password it would look into the environment and a file at home.
      password: address.password ?? (() => ''),
      ...(schema !== undefined && { options: `-c search_path=${escaped(schema)}` }),
    });
    // An idle connection that the server closes is an event of the pool; without a listener it would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    try {
      await migrate(pool);
      return new PostgresBackend(new Scope(new PostgresConnection(pool), GENERATION, clock));
    } catch (error) {
      await pool.end();
      throw error instanceof StoreError ? error : storeErrorOf(error);
    }
  }
}

/** A backslash keeps a space or a backslash in the server's `options` together. */
function escaped(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`.replace(/[\\ ]/g, '\\$&');
}

/** Each migration in a transaction of its own, under a lock that ends with it. */
async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    for (;;) {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const version = await installed(client);
      const next = MIGRATIONS.find((migration) => migration.version > version);
      if (next !== undefined) {
        await client.query(next.sql);
        await client.query('INSERT INTO hindsight_migrations (version, description) VALUES ($1, $2)', [next.version, next.description]);
      }
      await client.query('COMMIT');
      if (next === undefined) return;
    }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** The newest migration that is there. @throws DatabaseError when it is newer than ours, or the tables are somebody else's. */
async function installed(client: pg.PoolClient): Promise<number> {
  const known = await client.query<{ ours: boolean; theirs: boolean }>(
    `SELECT to_regclass('hindsight_migrations') IS NOT NULL AS ours, to_regclass('events') IS NOT NULL OR to_regclass('workflow_executions') IS NOT NULL AS theirs`,
  );
  if (known.rows[0]?.ours !== true) {
    if (known.rows[0]?.theirs === true) {
      throw new DatabaseError('The database has tables named as ours that this store did not make; use another database, or a schema with ?schema=NAME.');
    }
    await client.query(MIGRATIONS_TABLE);
    return 0;
  }
  const { rows } = await client.query<{ version: string | null }>({ text: 'SELECT max(version) AS version FROM hindsight_migrations', types: RAW_TYPES });
  const version = Number(rows[0]?.version ?? 0);
  if (version > GENERATION) throw new DatabaseError(`The database was made by a newer Hindsight (migration ${version}); this store knows ${GENERATION}.`);
  return version;
}

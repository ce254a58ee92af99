import pg from 'pg';
import { type Address, AddressError, parseAddress, type TlsOptions } from '../postgres/address.ts';
import { TEXT_TYPES } from '../postgres/text-types.ts';
import { timeAfter } from './clock.ts';
import { DatabaseError, StoreError } from './errors.ts';
import type { StoreOptions } from './port.ts';
import { PostgresConnection } from './postgres/connection.ts';
import { toStoreError } from './postgres/errors.ts';
import { MIGRATIONS, MIGRATIONS_TABLE } from './postgres/schema.ts';
import { SqlBackend } from './sql/backend.ts';
import { TenantView } from './sql/tenant-view.ts';

/** The key of the advisory lock under which stores migrate a database. Arbitrary, and used for nothing else. */
const MIGRATION_LOCK = 4_817_205_011;
const CONNECT_TIMEOUT = 10_000;
/** The generation of the tables. */
const GENERATION = 11;

export interface PostgresOptions extends StoreOptions, TlsOptions {
  /** The maximum number of connections; 10 by default. */
  readonly connections?: number | undefined;
}

/**
 * The durable state store on any server that speaks the Postgres protocol. It needs no extension and no superuser. The tables
 * are those of the SQLite files with native types (docs/format.md, Postgres); times keep microseconds.
 */
export class PostgresBackend extends SqlBackend {
  /**
   * Connects, and creates or upgrades the tables.
   *
   * @param url see {@link parseAddress}; `?schema=NAME` puts the tables into an existing schema.
   * @throws DatabaseError whose message never contains the password.
   */
  static async open(url: string, { connections, clock = Date.now, ...tls }: PostgresOptions = {}): Promise<PostgresBackend> {
    const { schema, ...address } = addressOf(url, tls);
    const pool = new pg.Pool({
      ...address,
      max: connections ?? 10,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      application_name: 'hindsight store',
      // Given no password, the driver would look for one in the environment and in the user's password file.
      password: address.password ?? (() => ''),
      ...(schema !== undefined && { options: `-c search_path=${quoteSearchPath(schema)}` }),
    });
    // When the server closes an idle connection, the pool emits an error; without a listener that would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    try {
      await migrate(pool, clock);
      return new PostgresBackend(new TenantView(new PostgresConnection(pool), GENERATION, clock));
    } catch (error) {
      await pool.end();
      throw error instanceof StoreError ? error : toStoreError(error);
    }
  }
}

function addressOf(url: string, tls: TlsOptions): Address {
  try {
    return parseAddress(url, tls);
  } catch (error) {
    throw error instanceof AddressError ? new DatabaseError(error.message) : error;
  }
}

/** Quotes a schema for the server's `options`, in which a backslash escapes a space or a backslash. */
function quoteSearchPath(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`.replace(/[\\ ]/g, '\\$&');
}

/** Performs each migration in its own transaction, under a lock that is released with it. */
async function migrate(pool: pg.Pool, clock: () => number): Promise<void> {
  const client = await pool.connect();
  try {
    for (;;) {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const version = await installedVersion(client);
      const next = MIGRATIONS.find((migration) => migration.version > version);
      if (next !== undefined) {
        await client.query(next.sql);
        if (version === 0) await insertDefaultTenant(client, timeAfter(clock));
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

/** With the time of the store's clock, as every other record. */
async function insertDefaultTenant(client: pg.PoolClient, now: string): Promise<void> {
  await client.query(`INSERT INTO tenants (id, name, created_at, updated_at) VALUES ('default', 'Default', $1, $1)`, [now]);
}

/** The newest installed migration. @throws DatabaseError when it is not known here, or the tables were created by another program. */
async function installedVersion(client: pg.PoolClient): Promise<number> {
  const known = await client.query<{ migrated: boolean; occupied: boolean }>(
    `SELECT to_regclass('hindsight_migrations') IS NOT NULL AS migrated, to_regclass('events') IS NOT NULL OR to_regclass('workflow_executions') IS NOT NULL AS occupied`,
  );
  if (known.rows[0]?.migrated !== true) {
    if (known.rows[0]?.occupied === true) {
      throw new DatabaseError('The database has tables of the same names that this store did not create; use another database, or a schema with ?schema=NAME.');
    }
    await client.query(MIGRATIONS_TABLE);
    return 0;
  }
  const { rows } = await client.query<{ version: string | null }>({ text: 'SELECT max(version) AS version FROM hindsight_migrations', types: TEXT_TYPES });
  const version = Number(rows[0]?.version ?? 0);
  if (version > GENERATION)
    throw new DatabaseError(`The database was created by a newer Hindsight (migration ${version}); this version knows migrations up to ${GENERATION}.`);
  return version;
}

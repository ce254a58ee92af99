import { accessSync, constants, existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { generationOf, missingParts, type TableColumns } from '../jamjet/generation.ts';
import { timeAfter } from './clock.ts';
import { DatabaseError } from './errors.ts';
import type { Optional, StoreOptions } from './port.ts';
import { SqlBackend } from './sql/backend.ts';
import { TenantView } from './sql/tenant-view.ts';
import { SqliteConnection } from './sqlite/connection.ts';
import { toStoreError } from './sqlite/errors.ts';
import { patiently } from './sqlite/patience.ts';
import { MIGRATION_TABLE, MIGRATIONS } from './sqlite/schema.ts';

export interface SqliteOptions extends StoreOptions {
  /** The generation of a new file; 3 by default. An existing file of another one is refused; without this, it keeps its own. */
  readonly generation?: 3 | 11 | undefined;
}

/** The durable state store on an SQLite file. The store and the runtime of the file's generation open each other's files. */
export class SqliteBackend extends SqlBackend {
  /**
   * Opens a file, or creates it when it is missing.
   *
   * @param pathOrUrl a path, `sqlite://PATH` or `sqlite::memory:`.
   * @throws DatabaseError when the file is not a JamJet database, is of an unknown generation or of another than is asked for,
   *   or cannot be written.
   */
  static async open(pathOrUrl: string, options?: Optional<SqliteOptions>): Promise<SqliteBackend> {
    const { generation, clock = Date.now } = options ?? {};
    const path = parsePath(pathOrUrl);
    try {
      return await patiently(() => new SqliteBackend(openFile(path, generation, clock)));
    } catch (error) {
      throw toStoreError(error, path);
    }
  }
}

function openFile(path: string, generation: 3 | 11 | undefined, clock: () => number): TenantView {
  const missing = path === ':memory:' || !existsSync(path);
  if (!missing) requireWritable(path);
  // The driver would wait for a lock synchronously.
  const database = new Database(path, { timeout: 0 });
  try {
    // A file without tables may be one that another program has just created and is about to fill.
    const fileGeneration = missing || isEmpty(database) ? createSchema(database, generation ?? 3, clock) : generationOfFile(database, path);
    if (generation !== undefined && fileGeneration !== generation) {
      throw new DatabaseError(
        `${path} is of generation ${fileGeneration}, not ${generation}; open it without asking for a generation, or let a JamJet runtime upgrade it first.`,
      );
    }
    database.pragma('foreign_keys = ON');
    // What was acknowledged must also survive a loss of power.
    database.pragma('synchronous = FULL');
    return new TenantView(new SqliteConnection(database), fileGeneration, clock);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite would open a read-only file and fail at the first write. */
function requireWritable(path: string): void {
  if (statSync(path).isDirectory()) throw new DatabaseError(`${path} is a folder, not a database.`);
  try {
    accessSync(path, constants.W_OK);
  } catch {
    throw new DatabaseError(`${path} is read-only, but a store writes to it; make it writable or copy it.`);
  }
}

/** Creates the tables, unless another program that opened the missing file at the same time has done so. */
function createSchema(database: Database.Database, generation: number, clock: () => number): number {
  database.pragma('journal_mode = WAL');
  const installedOn = timeAfter(clock).slice(0, 19).replace('T', ' ');
  return database
    .transaction(() => {
      if (!isEmpty(database)) return generationOfFile(database, database.name);
      database.exec(MIGRATION_TABLE);
      const record = database.prepare('INSERT INTO _sqlx_migrations VALUES (?, ?, ?, 1, ?, 0)');
      for (const { version, description, checksum, sql } of MIGRATIONS.slice(0, generation)) {
        database.exec(sql);
        record.run(version, description, installedOn, Buffer.from(checksum, 'hex'));
      }
      database
        .prepare(`INSERT INTO tenants (id, name, status, created_at, updated_at) VALUES ('default', 'Default', 'active', ?, ?)`)
        .run(installedOn, installedOn);
      return generation;
    })
    .immediate();
}

function isEmpty(database: Database.Database): boolean {
  return database.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
}

/** Detected from the columns: the migration table may be missing, or be ahead of them. */
function generationOfFile(database: Database.Database, path: string): number {
  const columns = database
    .prepare(`SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'`)
    .raw()
    .all() as [string, string][];
  const tables = new Map<string, Set<string>>();
  for (const [table, column] of columns) tables.set(table, (tables.get(table) ?? new Set()).add(column));
  const missing = missingParts(tables satisfies TableColumns);
  if (missing.length > 0) throw new DatabaseError(`${path} is not a JamJet state database: it has no ${missing.slice(0, 3).join(', ')}.`);
  if (tables.has('_sqlx_migrations')) checkMigrations(database, path);
  const generation = generationOf(tables);
  if (generation < 3) throw new DatabaseError(`${path} is older than generation 3 and has no tenants; let a JamJet runtime upgrade it first.`);
  return generation;
}

function checkMigrations(database: Database.Database, path: string): void {
  const newest = Number(database.prepare('SELECT max(version) FROM _sqlx_migrations').pluck().get());
  if (newest > MIGRATIONS.length) {
    throw new DatabaseError(
      `${path} was written by a newer runtime (migration ${newest}); this store knows migrations up to ${MIGRATIONS.length}. Use a newer Hindsight.`,
    );
  }
  if (database.prepare('SELECT count(*) FROM _sqlx_migrations WHERE NOT success').pluck().get() !== 0) {
    throw new DatabaseError(`A migration of ${path} was not finished; let a JamJet runtime finish it first.`);
  }
}

function parsePath(pathOrUrl: string): string {
  const path = pathOf(pathOrUrl);
  if (typeof path !== 'string' || path.trim() === '') throw new DatabaseError('The path of the database is empty: give a path, such as runtime.db.');
  // The driver would open the part before it.
  if (path.includes('\0')) throw new DatabaseError('The path of the database contains a NUL, which no file name can; remove it.');
  return path;
}

function pathOf(pathOrUrl: string): string {
  if (typeof pathOrUrl !== 'string') return '';
  if (pathOrUrl === 'sqlite::memory:' || pathOrUrl === ':memory:') return ':memory:';
  if (!pathOrUrl.startsWith('sqlite://')) return pathOrUrl;
  try {
    return decodeURIComponent(pathOrUrl.slice('sqlite://'.length).replace(/\?.*$/, ''));
  } catch {
    throw new DatabaseError(`"${pathOrUrl}" is not a URL of an SQLite file: write sqlite:// and a path.`);
  }
}

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { generationOf, missingParts, type TableColumns } from '../jamjet/generation.ts';
import { formatTime } from '../jamjet/time.ts';
import { DatabaseError } from './errors.ts';
import type { StoreOptions } from './port.ts';
import { SqlBackend } from './sql/backend.ts';
import { Scope } from './sql/scope.ts';
import { guarded, SqliteConnection } from './sqlite/connection.ts';
import { MIGRATION_TABLE, MIGRATIONS } from './sqlite/schema.ts';

/** How long a statement waits for another program's lock, in milliseconds. */
const BUSY_TIMEOUT = 5000;

export interface SqliteOptions extends StoreOptions {
  /** Which generation of the format a new file gets; 3 by default. A file that is there keeps its own. */
  readonly generation?: 3 | 11;
}

/** The durable state store on an SQLite file. Files written here open in the runtime of their generation, and the other way round. */
export class SqliteBackend extends SqlBackend {
  /**
   * Opens a file, or makes it when it is missing.
   *
   * @param pathOrUrl a path, `sqlite://PATH` or `sqlite::memory:`.
   * @throws DatabaseError when it is no JamJet database, one of a generation that is not known here, or cannot be written.
   */
  static async open(pathOrUrl: string, { generation = 3, clock = Date.now }: SqliteOptions = {}): Promise<SqliteBackend> {
    const path = pathOf(pathOrUrl);
    return guarded(() => {
      const missing = path === ':memory:' || !existsSync(path);
      if (!missing) mustBeWritable(path);
      const database = new Database(path, { timeout: BUSY_TIMEOUT });
      try {
        // A file without a table is one that another program is about to make.
        const kept = missing || isEmpty(database) ? make(database, generation, clock()) : generationOfFile(database, path);
        database.pragma('foreign_keys = ON');
        // What was acknowledged survives a loss of power, too.
        database.pragma('synchronous = FULL');
        return new SqliteBackend(new Scope(new SqliteConnection(database), kept, clock));
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }
}

/** SQLite would open it all the same, and fail at the first write. */
function mustBeWritable(path: string): void {
  if (statSync(path).isDirectory()) throw new DatabaseError(`${path} is a folder, not a database.`);
  try {
    accessSync(path, constants.W_OK);
  } catch {
    throw new DatabaseError(`${path} is read-only, and a store writes; make it writable or copy it.`);
  }
}

/** Two programs may come to a missing file at once: the second one finds it made. */
function make(database: Database.Database, generation: number, now: number): number {
  database.pragma('journal_mode = WAL');
  const installedOn = formatTime(now).slice(0, 19).replace('T', ' ');
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

/** Told by the columns; the migration table may be missing, and where it is there it may be ahead of them. */
function generationOfFile(database: Database.Database, path: string): number {
  const columns = database
    .prepare(`SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'`)
    .raw()
    .all() as [string, string][];
  const tables = new Map<string, Set<string>>();
  for (const [table, column] of columns) tables.set(table, (tables.get(table) ?? new Set()).add(column));
  const missing = missingParts(tables satisfies TableColumns);
  if (missing.length > 0) throw new DatabaseError(`${path} is not a database of JamJet's state: it has no ${missing.slice(0, 3).join(', ')}.`);
  if (tables.has('_sqlx_migrations')) refuseNewer(database, path);
  const generation = generationOf(tables);
  if (generation < 3) throw new DatabaseError(`${path} is older than generation 3, without tenants; let a JamJet runtime upgrade it first.`);
  return generation;
}

function refuseNewer(database: Database.Database, path: string): void {
  const newest = Number(database.prepare('SELECT max(version) FROM _sqlx_migrations').pluck().get());
  if (newest > MIGRATIONS.length) {
    throw new DatabaseError(`${path} was written by a newer runtime (migration ${newest}); this store knows ${MIGRATIONS.length}. Use a newer Hindsight.`);
  }
  if (database.prepare('SELECT count(*) FROM _sqlx_migrations WHERE NOT success').pluck().get() !== 0) {
    throw new DatabaseError(`A migration of ${path} was not finished; let a JamJet runtime finish it first.`);
  }
}

function pathOf(pathOrUrl: string): string {
  if (pathOrUrl === 'sqlite::memory:' || pathOrUrl === ':memory:') return ':memory:';
  if (!pathOrUrl.startsWith('sqlite://')) return pathOrUrl;
  try {
    return decodeURIComponent(pathOrUrl.slice('sqlite://'.length).replace(/\?.*$/, ''));
  } catch {
    throw new DatabaseError(`"${pathOrUrl}" is not a URL of an SQLite file: write sqlite:// and a path.`);
  }
}

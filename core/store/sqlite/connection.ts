import type Database from 'better-sqlite3';
import { DatabaseError, StoreError } from '../errors.ts';
import { appendStatement, type Dialect, InsideTransaction, type Row, type SqlConnection, type Value } from '../sql/connection.ts';

const DIALECT: Dialect = { append: appendStatement(''), lock: '', skipLocked: '', arrival: 'rowid' };

/**
 * The store's statements on one SQLite handle. Every one of them is done at once; what is asked for while a transaction
 * runs waits until it has ended, so that nothing of others gets into it.
 */
export class SqliteConnection implements SqlConnection {
  readonly dialect = DIALECT;
  readonly inside = false;
  readonly #statements: Statements;
  #last: Promise<unknown> | undefined;

  constructor(database: Database.Database) {
    this.#statements = new Statements(database);
  }

  async all(sql: string, params: readonly Value[]): Promise<Row[]> {
    while (this.#last !== undefined) await this.#last;
    return this.#statements.all(sql, params);
  }

  async run(sql: string, params: readonly Value[]): Promise<number> {
    while (this.#last !== undefined) await this.#last;
    return this.#statements.run(sql, params);
  }

  async transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    while (this.#last !== undefined) await this.#last;
    const running = this.#transaction(work);
    const ended = running
      .catch(() => {})
      .then(() => {
        this.#last = undefined;
      });
    this.#last = ended;
    await ended;
    return running;
  }

  async #transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    const statements = this.#statements;
    const inside = new InsideTransaction(DIALECT, {
      all: async (sql, params) => statements.all(sql, params),
      run: async (sql, params) => statements.run(sql, params),
    });
    statements.run('BEGIN IMMEDIATE', []);
    try {
      const result = await work(inside);
      statements.run('COMMIT', []);
      return result;
    } catch (error) {
      statements.rollBack();
      throw error;
    } finally {
      await inside.close();
    }
  }

  async close(): Promise<void> {
    while (this.#last !== undefined) await this.#last;
    this.#statements.close();
  }
}

/** Prepared once each. */
class Statements {
  readonly #database: Database.Database;
  readonly #prepared = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  all(sql: string, params: readonly Value[]): Row[] {
    return guarded(() => this.#prepare(sql).all(...params.map(column)) as Row[]);
  }

  run(sql: string, params: readonly Value[]): number {
    return guarded(() => this.#prepare(sql).run(...params.map(column)).changes);
  }

  rollBack(): void {
    if (this.#database.inTransaction) this.run('ROLLBACK', []);
  }

  close(): void {
    guarded(() => this.#database.close());
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}

function column(value: Value): string | number | null | Uint8Array {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** What the driver throws becomes a DatabaseError; ours pass. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new DatabaseError(sentenceOf(error), error);
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'The database is locked by another program; try again when it has finished.',
  SQLITE_NOTADB: 'The file is not an SQLite database.',
  SQLITE_READONLY: 'The database is read-only.',
  SQLITE_READONLY_DIRECTORY: 'The folder of the database is read-only, and a database in WAL mode needs to write there.',
  SQLITE_CANTOPEN: 'The file cannot be opened: it is a folder, its folder is missing, or it may not be read.',
  SQLITE_CANTOPEN_ISDIR: 'The path is a folder, not a database.',
  SQLITE_FULL: 'The disk is full; nothing was written.',
  SQLITE_CORRUPT: 'The database file is damaged.',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'The record names an execution or a tenant that is not there.',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'There is a record with this id already.',
  SQLITE_CONSTRAINT_UNIQUE: 'There is a record with this name or place already.',
};

function sentenceOf(error: unknown): string {
  const { code = '', message } = error as { readonly code?: string; readonly message?: string };
  return SENTENCES[code] ?? `The database refused: ${message ?? String(error)}.`;
}

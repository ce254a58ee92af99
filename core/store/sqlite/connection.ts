import type Database from 'better-sqlite3';
import { DatabaseError, StoreError } from '../errors.ts';
import { appendStatement, type Dialect, type Row, type SqlConnection, TransactionConnection, type Value } from '../sql/connection.ts';

const DIALECT: Dialect = { append: appendStatement(''), lock: '', skipLocked: '', insertionOrder: 'rowid' };

/**
 * Executes the store's statements on one SQLite handle. A statement is executed synchronously; one that arrives during a
 * transaction waits until the transaction has ended, so that it does not become part of it.
 */
export class SqliteConnection implements SqlConnection {
  readonly dialect = DIALECT;
  readonly inTransaction = false;
  readonly #statements: Statements;
  #transactionEnd: Promise<unknown> | undefined;

  constructor(database: Database.Database) {
    this.#statements = new Statements(database);
  }

  async all(sql: string, params: readonly Value[]): Promise<Row[]> {
    while (this.#transactionEnd !== undefined) await this.#transactionEnd;
    return this.#statements.all(sql, params);
  }

  async run(sql: string, params: readonly Value[]): Promise<number> {
    while (this.#transactionEnd !== undefined) await this.#transactionEnd;
    return this.#statements.run(sql, params);
  }

  async transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    while (this.#transactionEnd !== undefined) await this.#transactionEnd;
    const running = this.#transaction(work);
    const ended = running
      .catch(() => {})
      .then(() => {
        this.#transactionEnd = undefined;
      });
    this.#transactionEnd = ended;
    await ended;
    return running;
  }

  async #transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    const statements = this.#statements;
    const inside = new TransactionConnection(DIALECT, {
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
    while (this.#transactionEnd !== undefined) await this.#transactionEnd;
    this.#statements.close();
  }
}

/** Prepares each statement once. */
class Statements {
  readonly #database: Database.Database;
  readonly #prepared = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  all(sql: string, params: readonly Value[]): Row[] {
    return withStoreErrors(() => this.#prepare(sql).all(...params.map(toParameter)) as Row[]);
  }

  run(sql: string, params: readonly Value[]): number {
    return withStoreErrors(() => this.#prepare(sql).run(...params.map(toParameter)).changes);
  }

  rollBack(): void {
    if (this.#database.inTransaction) this.run('ROLLBACK', []);
  }

  close(): void {
    withStoreErrors(() => this.#database.close());
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

function toParameter(value: Value): string | number | null | Uint8Array {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Converts an error of the driver to a DatabaseError. */
export function withStoreErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new DatabaseError(messageOf(error), error);
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'The database is locked by another program; try again when it has finished.',
  SQLITE_NOTADB: 'The file is not an SQLite database.',
  SQLITE_READONLY: 'The database is read-only.',
  SQLITE_READONLY_DIRECTORY: 'The folder of the database is read-only, but a database in WAL mode needs to write there.',
  SQLITE_CANTOPEN: 'The file cannot be opened: it is a folder, its folder is missing, or you may not read it.',
  SQLITE_CANTOPEN_ISDIR: 'The path is a folder, not a database.',
  SQLITE_FULL: 'The disk is full; nothing was written.',
  SQLITE_CORRUPT: 'The database file is damaged.',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'The record refers to an execution or a tenant that does not exist.',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'A record with this id exists already.',
  SQLITE_CONSTRAINT_UNIQUE: 'A record with this name or key exists already.',
};

function messageOf(error: unknown): string {
  const { code = '', message } = error as { readonly code?: string; readonly message?: string };
  return MESSAGES[code] ?? `The database reported an error: ${message ?? String(error)}.`;
}

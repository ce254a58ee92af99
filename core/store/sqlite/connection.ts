import type Database from 'better-sqlite3';
import { appendStatement, type Dialect, type Row, type SqlConnection, TransactionConnection, type Value } from '../sql/connection.ts';
import { toStoreError } from './errors.ts';
import { patiently } from './patience.ts';
import { joinTurns } from './write-turns.ts';

const DIALECT: Dialect = { append: appendStatement(''), lock: '', skipLocked: '', insertionOrder: 'rowid' };

/**
 * Executes the store's statements on one SQLite handle. A statement is executed synchronously. One that arrives during a
 * transaction of this handle waits until the transaction has ended, so that it does not become part of it; one that writes
 * waits for those of all stores of this process on the file.
 */
export class SqliteConnection implements SqlConnection {
  readonly dialect = DIALECT;
  readonly inTransaction = false;
  readonly #database: Database.Database;
  readonly #statements: Statements;
  readonly #file: ReturnType<typeof joinTurns>;
  /** Whether a transaction of this handle is open. */
  #isOpen = false;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#file = joinTurns(database.name);
  }

  all(sql: string, params: readonly Value[]): Promise<Row[]> {
    const work = (): Row[] => this.#statements.all(sql, params);
    return sql.startsWith('SELECT') ? this.#read(work) : this.#write(work);
  }

  run(sql: string, params: readonly Value[]): Promise<number> {
    return this.#write(() => this.#statements.run(sql, params));
  }

  async #read<T>(work: () => T): Promise<T> {
    while (this.#isOpen) await this.#file.turns.end;
    return this.#perform(work);
  }

  async #write<T>(work: () => T): Promise<T> {
    const { turns } = this.#file;
    while (turns.end !== undefined) await turns.end;
    const written = this.#perform(work);
    // While another program is waited for, those who come later wait behind this.
    return written instanceof Promise ? turns.take(() => written) : written;
  }

  async transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    const { turns } = this.#file;
    while (turns.end !== undefined) await turns.end;
    return turns.take(() => this.#transaction(work));
  }

  async #transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    const statements = this.#statements;
    const inside = new TransactionConnection(DIALECT, {
      all: async (sql, params) => this.#perform(() => statements.all(sql, params)),
      run: async (sql, params) => this.#perform(() => statements.run(sql, params)),
    });
    await this.#perform(() => {
      statements.run('BEGIN IMMEDIATE', []);
      this.#isOpen = true;
    });
    try {
      const result = await work(inside);
      await this.#perform(() => statements.run('COMMIT', []));
      return result;
    } catch (error) {
      if (this.#database.inTransaction) await this.#perform(() => statements.run('ROLLBACK', []));
      throw error;
    } finally {
      this.#isOpen = false;
      await inside.close();
    }
  }

  #perform<T>(work: () => T): T | Promise<T> {
    try {
      const done = patiently(work);
      if (!(done instanceof Promise)) return done;
      return done.catch((error: unknown) => {
        throw toStoreError(error, this.#database.name);
      });
    } catch (error) {
      throw toStoreError(error, this.#database.name);
    }
  }

  async close(): Promise<void> {
    while (this.#isOpen) await this.#file.turns.end;
    if (!this.#database.open) return;
    await this.#perform(() => this.#database.close());
    this.#file.leave();
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
    return this.#prepare(sql).all(...params.map(toParameter)) as Row[];
  }

  run(sql: string, params: readonly Value[]): number {
    return this.#prepare(sql).run(...params.map(toParameter)).changes;
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

function toParameter(value: Value): Exclude<Value, boolean> {
  return typeof value === 'boolean' ? Number(value) : value;
}

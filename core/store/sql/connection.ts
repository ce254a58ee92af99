import { transactionEnded } from '../errors.ts';

/** A row by column name. Times are RFC 3339 strings, JSON is text, integers are numbers or their text. */
export type Row = Readonly<Record<string, unknown>>;

export type Value = string | number | bigint | boolean | null | Uint8Array;

/** What the statements of the store need from a database: SQL in which `?` stands for a bound value. */
export interface SqlConnection {
  readonly dialect: Dialect;
  /** Whether this connection is a transaction. */
  readonly inTransaction: boolean;
  /** @throws StoreError */
  all(sql: string, params: readonly Value[]): Promise<Row[]>;
  /** @returns the number of rows that were changed. @throws StoreError */
  run(sql: string, params: readonly Value[]): Promise<number>;
  /** Performs all of the work or none of it. Within a transaction, it becomes part of that transaction. */
  transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The fragments in which the statements differ between SQLite and Postgres. */
export interface Dialect {
  /** The statement that appends an event: see {@link appendStatement}. */
  readonly append: string;
  /** Ends the SELECT of an execution's row that must be locked, so that its events are appended one at a time. */
  readonly lock: string;
  /** Ends the SELECT of rows that other workers may be claiming: rows that they have locked are skipped. */
  readonly skipLocked: string;
  /** Orders rows that were created at the same time. */
  readonly insertionOrder: string;
}

/** Locks the execution's row and inserts the event with the highest sequence plus one. @param lock as in {@link Dialect}. */
export function appendStatement(lock: string): string {
  return `INSERT INTO events (id, execution_id, sequence, kind_json, created_at, tenant_id)
    SELECT ?, execution_id, 1 + (SELECT coalesce(max(sequence), 0) FROM events WHERE execution_id = held.execution_id), ?, ?, ?
    FROM (SELECT execution_id FROM workflow_executions WHERE execution_id = ?${lock}) AS held RETURNING sequence`;
}

type Statements = Pick<SqlConnection, 'all' | 'run'>;

/** A transaction. It can be used until its work ends; a transaction within it is a part of it. */
export class TransactionConnection implements SqlConnection {
  readonly dialect: Dialect;
  readonly inTransaction = true;
  #statements: Statements | undefined;

  constructor(dialect: Dialect, statements: Statements) {
    this.dialect = dialect;
    this.#statements = statements;
  }
  async all(sql: string, params: readonly Value[]): Promise<Row[]> {
    return this.#open().all(sql, params);
  }
  async run(sql: string, params: readonly Value[]): Promise<number> {
    return this.#open().run(sql, params);
  }
  transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    return work(this);
  }
  async close(): Promise<void> {
    this.#statements = undefined;
  }
  #open(): Statements {
    if (this.#statements === undefined) throw transactionEnded();
    return this.#statements;
  }
}

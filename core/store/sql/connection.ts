import { transactionOver } from '../errors.ts';

/** A row by the names of its columns. Times are RFC 3339, JSON is text, whole numbers are numbers or their text. */
export type Row = Readonly<Record<string, unknown>>;

export type Value = string | number | boolean | null | Uint8Array;

/** What the statements of the store need of a database: SQL with `?` for values, which are always bound. */
export interface SqlConnection {
  readonly dialect: Dialect;
  /** This one is a transaction. */
  readonly inside: boolean;
  /** @throws StoreError */
  all(sql: string, params: readonly Value[]): Promise<Row[]>;
  /** @returns how many rows it changed. @throws StoreError */
  run(sql: string, params: readonly Value[]): Promise<number>;
  /** All of the work or nothing of it; inside one that runs already, a part of it. */
  transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where the two databases differ in the statements themselves. */
export interface Dialect {
  /** The statement that appends an event, see {@link appendStatement}. */
  readonly append: string;
  /** After the SELECT of an execution's row that an append hangs on: one append at a time. */
  readonly lock: string;
  /** After the SELECT of rows that others may be taking, too: what is taken is passed by. */
  readonly skipLocked: string;
  /** Orders rows that were created at one moment. */
  readonly arrival: string;
}

/** Locks the execution's row, takes the highest sequence and one more. @param lock as in {@link Dialect}. */
export function appendStatement(lock: string): string {
  return `INSERT INTO events (id, execution_id, sequence, kind_json, created_at, tenant_id)
    SELECT ?, execution_id, 1 + (SELECT coalesce(max(sequence), 0) FROM events WHERE execution_id = held.execution_id), ?, ?, ?
    FROM (SELECT execution_id FROM workflow_executions WHERE execution_id = ?${lock}) AS held RETURNING sequence`;
}

type Statements = Pick<SqlConnection, 'all' | 'run'>;

/** A transaction that runs: good until its work ends, and a part of itself where one is asked for inside. */
export class InsideTransaction implements SqlConnection {
  readonly dialect: Dialect;
  readonly inside = true;
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
    if (this.#statements === undefined) throw transactionOver();
    return this.#statements;
  }
}

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
  /** After the SELECT of an execution's row that an append hangs on: one append at a time. */
  readonly lock: string;
  /** After the SELECT of rows that others may be taking, too: what is taken is passed by. */
  readonly skipLocked: string;
  /** Orders rows that were created at one moment. */
  readonly arrival: string;
}

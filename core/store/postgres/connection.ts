import type pg from 'pg';
import { TEXT_TYPES } from '../../postgres/text-types.ts';
import { StoreError } from '../errors.ts';
import { appendStatement, type Dialect, type Row, type SqlConnection, TransactionConnection, type Value } from '../sql/connection.ts';
import { toStoreError } from './errors.ts';

const LOCK = ' FOR NO KEY UPDATE';
const DIALECT: Dialect = { append: appendStatement(LOCK), lock: LOCK, skipLocked: ' FOR UPDATE SKIP LOCKED', insertionOrder: 'id' };

/** Executes the store's statements on a pool of connections. */
export class PostgresConnection implements SqlConnection {
  readonly dialect = DIALECT;
  readonly inTransaction = false;
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async all(sql: string, params: readonly Value[]): Promise<Row[]> {
    return (await query(this.#pool, sql, params)).rows;
  }

  async run(sql: string, params: readonly Value[]): Promise<number> {
    return (await query(this.#pool, sql, params)).rowCount ?? 0;
  }

  async transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw toStoreError(error);
    });
    const inside = new TransactionConnection(DIALECT, {
      all: async (sql, params) => (await query(client, sql, params)).rows,
      run: async (sql, params) => (await query(client, sql, params)).rowCount ?? 0,
    });
    let broken = false;
    try {
      await query(client, 'BEGIN', []);
      const result = await work(inside);
      await query(client, 'COMMIT', []);
      return result;
    } catch (error) {
      // A connection that cannot roll back is discarded.
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      await inside.close();
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end();
  }
}

async function query(on: pg.Pool | pg.PoolClient, sql: string, params: readonly Value[]): Promise<pg.QueryResult<Row>> {
  try {
    return await on.query<Row>({ text: withNumberedParameters(sql), values: params.map(toParameter), types: TEXT_TYPES });
  } catch (error) {
    throw error instanceof StoreError ? error : toStoreError(error, params);
  }
}

const texts = new Map<string, string>();

/** Replaces each `?` with `$1`, `$2`, …. The store's statements have no `?` in a literal. */
function withNumberedParameters(sql: string): string {
  let text = texts.get(sql);
  if (text === undefined) {
    let count = 0;
    text = sql.replace(/\?/g, () => `$${++count}`);
    texts.set(sql, text);
  }
  return text;
}

function toParameter(value: Value): string | boolean | null | Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

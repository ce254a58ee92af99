import type pg from 'pg';
import { normalTime } from '../../jamjet/time.ts';
import { StoreError } from '../errors.ts';
import { appendStatement, type Dialect, InsideTransaction, type Row, type SqlConnection, type Value } from '../sql/connection.ts';
import { storeErrorOf } from './faults.ts';

const LOCK = ' FOR NO KEY UPDATE';
const DIALECT: Dialect = { append: appendStatement(LOCK), lock: LOCK, skipLocked: ' FOR UPDATE SKIP LOCKED', arrival: 'id' };

const TIMESTAMPTZ = 1184;
const BYTEA = 17;
const BOOL = 16;

/** The driver would round numbers in JSON and nanoseconds in times: what has no reading of ours stays text. */
export const RAW_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => {
    if (oid === TIMESTAMPTZ) return timeOf;
    if (oid === BOOL) return (text: string) => text === 't';
    if (oid === BYTEA) return (text: string) => Buffer.from(text.slice(2), 'hex');
    return (text: string) => text;
  },
} as pg.CustomTypesConfig;

/** In the session's own time zone, whichever that is: `2026-06-01 14:00:00.5+02`. */
function timeOf(text: string): string {
  return normalTime(text.replace(/([+-]\d\d)$/, '$1:00')) ?? text;
}

/** The store's statements on a pool of connections. */
export class PostgresConnection implements SqlConnection {
  readonly dialect = DIALECT;
  readonly inside = false;
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
      throw storeErrorOf(error);
    });
    const inside = new InsideTransaction(DIALECT, {
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
      // A connection that cannot even roll back is not handed to anybody again.
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
    return await on.query<Row>({ text: numbered(sql), values: params.map(column), types: RAW_TYPES });
  } catch (error) {
    throw error instanceof StoreError ? error : storeErrorOf(error, params);
  }
}

const texts = new Map<string, string>();

/** `?` as `$1`, `$2`, …: the store's statements have none in a literal. */
function numbered(sql: string): string {
  let text = texts.get(sql);
  if (text === undefined) {
    let count = 0;
    text = sql.replace(/\?/g, () => `$${++count}`);
    texts.set(sql, text);
  }
  return text;
}

function column(value: Value): string | boolean | null | Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return typeof value === 'number' ? String(value) : value;
}

import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import type { PreparedFile } from './prepare.ts';

/** What the reader needs from an SQLite driver: rows as arrays, integers as bigint, text as stored. */
export interface Connection {
  all(sql: string, ...params: readonly SqlValue[]): SqlRow[];
  close(): void;
}

export type Query = Connection['all'];
export type SqlValue = string | number | bigint | null;
export type SqlRow = readonly unknown[];

/** How long SQLite waits for a lock, in milliseconds. The thread does nothing else meanwhile; callers try again. */
const BUSY_TIMEOUT = 30;

/** What SQLite recommends for untrusted files ("Defense Against The Dark Arts"); and no statement may write. */
const GUARDS = ['PRAGMA trusted_schema=OFF', 'PRAGMA cell_size_check=ON', 'PRAGMA mmap_size=0', 'PRAGMA query_only=ON'];

export function connect(path: string, access: PreparedFile['access']): Connection {
  return access === 'immutable' ? connectImmutable(path) : connectLive(path);
}

/** Lets SQLite undo the write of a program that died. @param path of a private copy. */
export function undoUnfinished(path: string): void {
  const database = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    database.exec('PRAGMA trusted_schema=OFF');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  } finally {
    database.close();
  }
}

function connectLive(path: string): Connection {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    for (const guard of GUARDS) database.exec(guard);
  } catch (error) {
    database.close();
    throw error;
  }
  database.defaultSafeIntegers(true);
  const statements = new Map<string, Database.Statement>();
  return {
    all(sql, ...params) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = database.prepare(sql);
        if (!statement.reader || !statement.readonly) throw new Error(`the statement does not only read: ${sql}`);
        statement.raw(true);
        statements.set(sql, statement);
      }
      return statement.all(...params) as SqlRow[];
    },
    close: () => database.close(),
  };
}

/** `immutable=1` needs a `file:` URL, which better-sqlite3 does not support. Node's own driver does, and leaves no file behind. */
function connectImmutable(path: string): Connection {
  // Loaded on demand, because loading prints a warning and old versions of Node lack the module.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const url = pathToFileURL(path);
  url.search = '?mode=ro&immutable=1';
  const database = new DatabaseSync(url, { readOnly: true, timeout: BUSY_TIMEOUT, readBigInts: true, returnArrays: true });
  for (const guard of GUARDS) database.exec(guard);
  const statements = new Map<string, ReturnType<typeof database.prepare>>();
  return {
    all(sql, ...params) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = database.prepare(sql);
        statements.set(sql, statement);
      }
      return statement.all(...params) as unknown as SqlRow[];
    },
    close: () => database.close(),
  };
}

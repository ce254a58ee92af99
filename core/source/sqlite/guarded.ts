import { type Stats, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FaultError, type FaultKind } from '../../fault.ts';
import type { Access } from '../../vocabulary.ts';
import { type Connection, connect, type SqlRow, type SqlValue } from './connection.ts';
import { sqliteFault } from './faults.ts';
import { canOpenInPlace, type PreparedFile } from './prepare.ts';

/** How long a read is tried again while a writer has the file locked, and the time between two tries, in milliseconds. */
export const BUSY_FOR = 5000;
export const BUSY_PAUSE = 10;

/**
 * A connection that notices what happens to the file while it is open, which SQLite does not: it goes on reading a file that
 * was replaced or deleted, reads a file that was overwritten through its cache, and takes a file opened as immutable to be
 * damaged once somebody writes to it. So the file's identity, size and time are compared around every read.
 */
export class GuardedConnection {
  readonly #file: PreparedFile;
  readonly #name: string;
  #connection: Connection;
  #access: PreparedFile['access'];
  /** Undefined for a private copy, in which nobody writes. */
  #stamp: string | undefined;
  readonly #device: Identity;
  #content: string | undefined;
  #rowid: string | undefined;
  #newest = 0;
  /** How often the file was opened. */
  #opened = 1;
  #closed = false;

  /** @throws FaultError, or the driver's error. */
  constructor(file: PreparedFile) {
    this.#file = file;
    this.#name = basename(file.original);
    this.#access = file.access;
    this.#device = identity(this.#stat());
    this.#stamp = this.#stampNow();
    try {
      this.#connection = connect(file.path, file.access);
    } catch (error) {
      throw sqliteFault(error, this.#name);
    }
  }

  get access(): Exclude<Access, 'memory'> {
    return this.#access;
  }

  /** @throws FaultError `file-replaced`, `file-missing`, `no-source` after {@link close}, or what {@link sqliteFault} returns. */
  all(sql: string, ...params: readonly SqlValue[]): SqlRow[] {
    for (;;) {
      if (this.#closed) throw new FaultError('no-source', { subject: this.#name });
      this.#follow();
      let rows: SqlRow[];
      try {
        rows = this.#connection.all(sql, ...params);
      } catch (error) {
        const fault = sqliteFault(error, this.#name);
        // What was read while the file was changed is no damage of its own; what the file is now is looked at first.
        if (!isBusy(fault) && this.#stampNow() !== this.#stamp) continue;
        throw fault;
      }
      if (this.#access !== 'immutable' || this.#stampNow() === this.#stamp) return rows;
    }
  }

  /** Changes whenever somebody else has written. */
  version(): string {
    const [row] = this.all('PRAGMA data_version');
    return `${this.#opened} ${row?.[0]}`;
  }

  /**
   * Remembers what the file contains, so that another content under the same name is noticed.
   *
   * @param rowid the name of the events' rowid; undefined when they have none, and so no first row.
   */
  async remember(rowid: string | undefined, signal?: AbortSignal): Promise<void> {
    this.#rowid = rowid;
    this.#content = await retryingWhileBusy(() => this.#contentNow(), signal);
    this.#newest = await retryingWhileBusy(() => this.#newestRowid(), signal);
  }

  close(): void {
    this.#closed = true;
    this.#connection.close();
  }

  /** Opens the file again if it has changed. */
  #follow(): void {
    const now = this.#stat();
    if (identity(now) !== this.#device) throw new FaultError('file-replaced', { subject: this.#name });
    if (this.#stamp === undefined) return;
    if (this.#stampNow(now) === this.#stamp) return;
    if (now.size < SMALLEST) throw new FaultError('damaged', { subject: this.#name, detail: `it was cut to ${now.size} bytes while it was open` });
    // Closing a file drops the locks that another SQLite library holds on it, so the old connection is closed first.
    this.#connection.close();
    if (this.#access === 'immutable' && canOpenInPlace(this.#file.real)) this.#access = 'live';
    try {
      this.#connection = connect(this.#file.path, this.#access);
      this.#opened++;
      if (this.#content !== undefined && this.#contentNow() !== this.#content) throw new FaultError('file-replaced', { subject: this.#name });
      // An earlier state of the same database begins in the same way, but ends before.
      const newest = this.#newestRowid();
      if (newest < this.#newest) throw new FaultError('file-replaced', { subject: this.#name });
      this.#newest = newest;
    } catch (error) {
      const fault = sqliteFault(error, this.#name);
      throw fault instanceof FaultError && OTHER.includes(fault.fault.kind) ? new FaultError('file-replaced', { subject: this.#name }) : fault;
    }
    // Only now: what is another file, or cannot be read just now, is looked at again by the next read.
    this.#stamp = this.#stampNow(now);
  }

  /** The definition of the tables, and the oldest event. */
  #contentNow(): string {
    try {
      const tables = this.#connection.all(`SELECT name, sql FROM sqlite_master WHERE name IN ('events', 'workflow_executions', 'snapshots') ORDER BY name`);
      const columns = 'execution_id, sequence, created_at, octet_length(kind_json), substr(kind_json, 1, 1000)';
      const first = this.#rowid === undefined ? [] : this.#connection.all(`SELECT ${columns} FROM events ORDER BY ${this.#rowid} LIMIT 1`);
      return String([tables, first]);
    } catch (error) {
      throw sqliteFault(error, this.#name);
    }
  }

  /** 0 when the events have no rowid, or there are none. */
  #newestRowid(): number {
    if (this.#rowid === undefined) return 0;
    try {
      return Number(this.#connection.all(`SELECT max(${this.#rowid}) FROM events`)[0]?.[0] ?? 0);
    } catch (error) {
      throw sqliteFault(error, this.#name);
    }
  }

  #stat(): Stats {
    const found = statSync(this.#file.real, { throwIfNoEntry: false });
    if (found === undefined) throw new FaultError('file-missing', { subject: this.#file.original });
    return found;
  }

  #stampNow({ size, mtimeMs } = this.#stat()): string | undefined {
    if (this.#access === 'copy') return undefined;
    if (this.#access === 'live') return `${size} ${mtimeMs}`;
    const log = statSync(`${this.#file.real}-wal`, { throwIfNoEntry: false });
    return `${size} ${mtimeMs} ${log?.size} ${log?.mtimeMs}`;
  }
}

/** Runs a read again while a writer has the file locked. */
export async function retryingWhileBusy<T>(read: () => T, signal?: AbortSignal): Promise<T> {
  for (const until = performance.now() + BUSY_FOR; ; ) {
    try {
      return read();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await busyPause(signal);
    }
  }
}

/** Waits before another try. @throws the reason of the signal. */
export async function busyPause(signal?: AbortSignal): Promise<void> {
  await setTimeout(BUSY_PAUSE, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

/** What is said of a file that was a database with the tables of JamJet when it was opened, and is none now: another one is, or is being, put in its place. */
const OTHER: readonly FaultKind[] = ['not-a-database', 'unreadable-schema'];

/** The smallest page, which is the smallest database. */
const SMALLEST = 512;

type Identity = string;

function identity({ dev, ino }: Stats): Identity {
  return `${dev} ${ino}`;
}

export function isBusy(error: unknown): boolean {
  return error instanceof FaultError && error.fault.kind === 'busy';
}

/** The size of the file that is read, with its log, in bytes. */
export function sizeOnDisk({ path }: PreparedFile): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

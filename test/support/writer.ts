/**
 * The application that is being debugged: a process that writes events of the execution `run` to an SQLite file, does what it is
 * told, and knows what it has written. A writer of the test's own process would lose its locks when the test opens the file.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { makeFile, sets } from './made-files.ts';

interface Order {
  /** How many events to append, one transaction each, and how many milliseconds to wait after each. */
  readonly append?: number;
  readonly every?: number;
  /** Whether to hold a lock that nobody can read beside. */
  readonly hold?: boolean;
  /** SQL to run. */
  readonly run?: string;
}

interface Written {
  /** The last sequence that was acknowledged. */
  readonly sequence: number;
  /** Writes that were refused because somebody else had the file locked. */
  readonly refused: number;
  /** The largest size of the log, in bytes. */
  readonly log: number;
}

export interface Writer {
  readonly child: ChildProcess;
  readonly order: (order: Order) => Promise<Written>;
  /** Ends the writer, which closes the file. */
  readonly end: () => Promise<void>;
}

/** The event that a writer with this tag writes at a sequence. */
export function writtenEvent(tag: string, sequence: number): { readonly sequence: number; readonly kind: string } {
  return sets(sequence, `k${sequence % 7}`, `${tag} ${sequence}`);
}

/** @param mode the journal; `exclusive` also keeps every lock. An existing file is continued. */
export async function startWriter(path: string, tag: string, mode: 'WAL' | 'DELETE' | 'exclusive' = 'WAL'): Promise<Writer> {
  if (!existsSync(path)) makeFile(path, { events: [] });
  const child = fork(import.meta.filename, [path, tag, mode], { stdio: 'inherit', execArgv: [] });
  const ready = new AbortController();
  const [begun] = (await Promise.race([once(child, 'message', ready), once(child, 'exit', ready)])) as [unknown];
  ready.abort();
  if (begun !== 'ready') throw new Error(`the writer of ${path} ended with ${String(begun)}`);
  const order = async (message: Order): Promise<Written> => {
    const gone = new AbortController();
    child.send(message);
    const [answer] = (await Promise.race([once(child, 'message', gone), once(child, 'exit', gone)])) as [Written | number | null];
    gone.abort();
    if (typeof answer !== 'object' || answer === null) throw new Error(`the writer ended with ${answer}`);
    return answer;
  };
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.disconnect();
    await once(child, 'exit');
  };
  return { child, order, end };
}

/** How long the writer waits for a lock before it counts a write as refused, in milliseconds. */
const PATIENCE = 100;

if (import.meta.main) {
  const [path = '', tag = '', mode = ''] = process.argv.slice(2);
  const database = new Database(path, { timeout: PATIENCE });
  if (mode === 'exclusive') database.pragma('locking_mode = EXCLUSIVE');
  database.pragma(`journal_mode = ${mode === 'WAL' ? 'WAL' : 'DELETE'}`);
  const insert = database.prepare(`INSERT INTO events VALUES ('run', ?, ?, '2026-06-01T12:00:00+00:00')`);
  let sequence = Number(database.prepare('SELECT ifnull(max(sequence), 0) FROM events').pluck().get());
  let [refused, log] = [0, 0];
  const append = (): void => {
    try {
      insert.run(sequence + 1, writtenEvent(tag, sequence + 1).kind);
      sequence++;
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
      refused++;
    }
    log = Math.max(log, statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  };
  process.on('message', async ({ append: count = 0, every = 0, hold, run }: Order) => {
    for (let i = 0; i < count; i++) {
      append();
      if (every > 0) await new Promise((resolve) => setTimeout(resolve, every));
    }
    if (hold === true) database.exec('BEGIN EXCLUSIVE');
    if (hold === false) database.exec('COMMIT');
    if (run !== undefined) database.exec(run);
    process.send?.({ sequence, refused, log });
  });
  process.once('disconnect', () => {
    database.close();
    process.exit(0);
  });
  process.send?.('ready');
}

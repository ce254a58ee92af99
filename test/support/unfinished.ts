import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** Kills a program in the middle of a write to a copy of the sample, so that the database and its journal are left as they were then. */
export function leaveUnfinished(path: string): void {
  const program = `
    const Database = require('better-sqlite3');
    const database = new Database(process.argv[1]);
    database.pragma('journal_mode = DELETE');
    // So few pages are kept in memory that changed ones reach the file before the transaction ends.
    database.pragma('cache_size = 2');
    database.exec("BEGIN; UPDATE events SET created_at = created_at || 'x'");
    process.kill(process.pid, 'SIGKILL');`;
  const { signal } = spawnSync(process.execPath, ['-e', program, path], { cwd: ROOT });
  if (signal !== 'SIGKILL') throw new Error('the writer has ended by itself');
}

import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { explain, FaultError, type FaultKind } from '../../core/fault.ts';
import { discard, prepareSqlite } from '../../core/source/sqlite/prepare.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { goldenDatabase } from '../support/golden.ts';
import { countsOf, openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';
import { leaveUnfinished } from '../support/unfinished.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');

async function faultOf(path: string): Promise<FaultKind | 'opens'> {
  try {
    await openSqlite(path);
    return 'opens';
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    expect(explain(error.fault)).toMatch(/^.+[^.]\. .+\.$/s);
    expect(error.message).not.toContain('undefined');
    return error.fault.kind;
  }
}

function copyOfSample(): string {
  const path = join(temporaryFolder(), 'runtime.db');
  copyFileSync(SAMPLE, path);
  return path;
}

/** The names, sizes, times and contents of all files in a folder. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return [
        name,
        `${size} ${mtimeMs} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
      ];
    }),
  );
}

describe('F9: a path that is not a database', () => {
  const pathOf = (name: string): string => join(temporaryFolder(), name);
  it('is reported when it is missing', async () => expect(await faultOf(pathOf('gone.db'))).toBe('file-missing'));
  it('is reported when it is a folder', async () => expect(await faultOf(temporaryFolder())).toBe('not-a-file'));
  it('is reported when it is a pipe, without waiting for a writer', async () => {
    const path = pathOf('pipe.db');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    expect(await faultOf(path)).toBe('not-a-file');
  });
  it('is reported when it is a device', async () => expect(await faultOf('/dev/zero')).toBe('not-a-file'));
  it('is reported when it is a link to itself', async () => {
    const path = pathOf('loop.db');
    symlinkSync(path, path);
    expect(await faultOf(path)).toBe('not-a-file');
  });
  it('is reported when it is empty', async () => {
    const path = pathOf('empty.db');
    writeFileSync(path, '');
    expect(await faultOf(path)).toBe('empty-database');
  });
  it.each([
    ['text', Buffer.from('# Notes\nnot a database\n'.repeat(50)), 'text file'],
    ['something encrypted', randomBytes(8192), 'encrypted'],
    ['a picture', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(4000)]), 'another kind'],
  ])('is reported when it contains %s', async (_, bytes, expected) => {
    const path = pathOf('file.db');
    writeFileSync(path, bytes);
    expect(await faultOf(path)).toBe('not-a-database');
    await expect(prepareSqlite(path)).rejects.toThrow(expected);
  });
  it.each([50, 99, 512, 5000, 40_960, 1_000_000])('is reported when it was truncated to %d bytes', async (size) => {
    const path = copyOfSample();
    truncateSync(path, size);
    expect(await faultOf(path)).toBe('damaged');
  });
  it('is reported when it is a database of another program, with its tables and the missing ones', async () => {
    const path = pathOf('other.db');
    const database = new Database(path);
    database.exec('CREATE TABLE moz_places (id); CREATE TABLE events (id, name)');
    database.close();
    expect(await faultOf(path)).toBe('not-an-event-store');
    await expect(openSqlite(path)).rejects.toThrow(/missing workflow_executions.*moz_places/);
  });
  it('is reported when one table is missing', async () => {
    const path = copyOfSample();
    const database = new Database(path);
    database.pragma('foreign_keys = OFF');
    database.exec('DROP TABLE snapshots');
    database.close();
    await expect(openSqlite(path)).rejects.toThrow('missing snapshots');
  });
  it('is reported when its permissions forbid reading', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'private.db');
    copyFileSync(SAMPLE, path);
    chmodSync(path, 0o000);
    chmodSync(folder, 0o755);
    expect(await asNobody(path)).toBe('permission-denied');
  });
});

/** Root can read every file, so this runs as another user. */
async function asNobody(path: string): Promise<string> {
  if (process.getuid?.() !== 0) return faultOf(path);
  const script = `process.setgid(65534); process.setuid(65534); import(${JSON.stringify(join(import.meta.dirname, '..', '..', 'core/source/sqlite/prepare.ts'))}).then((m) => m.prepareSqlite(${JSON.stringify(path)})).then(() => console.log('opens'), (e) => console.log(e.fault.kind))`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout.trim();
}

describe('F15: a locked database', () => {
  it('is reported as busy, and opens once it is unlocked', async () => {
    const path = copyOfSample();
    const writer = new Database(path);
    onTestFinished(() => void writer.close());
    writer.pragma('journal_mode = DELETE');
    writer.exec('BEGIN EXCLUSIVE');
    expect(await faultOf(path)).toBe('busy');
    writer.exec('COMMIT');
    expect(await faultOf(path)).toBe('opens');
  });
});

describe('F10: a database left in the middle of a write', () => {
  it('is refused, and its journal stays untouched', async () => {
    const path = copyOfSample();
    leaveUnfinished(path);
    expect(existsSync(`${path}-journal`)).toBe(true);
    const before = contents(dirname(path));
    expect(await faultOf(path)).toBe('needs-recovery');
    expect(contents(dirname(path))).toEqual(before);
  });

  it('is read in place when the writer, which was alive, ends its write while a copy is made', async () => {
    const path = copyOfSample();
    leaveUnfinished(path);
    const file = await prepareSqlite(path, { recover: true, onProgress: () => rmSync(`${path}-journal`, { force: true }) });
    expect([file.access, file.isUnfinished]).toEqual(['live', undefined]);
  });

  it('is recovered in a copy when its journal was cut after its first bytes, which say nothing of other databases', async () => {
    const path = copyOfSample();
    writeFileSync(`${path}-journal`, Buffer.from('d9d505f920a163d7', 'hex'));
    const file = await prepareSqlite(path, { recover: true });
    expect([file.access, file.isUnfinished]).toEqual(['copy', true]);
    await discard(file);
  });

  it('is not recovered in a copy when the write was to several databases, because that would remove the file which says so', async () => {
    const path = copyOfSample();
    // SQLite writes the name of the super-journal at the end of the journal, with its length, its sum and the journal's first bytes.
    const superJournal = `${path}-mj00000001`;
    const name = Buffer.from(superJournal);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(name.length);
    sum.writeUInt32BE(name.reduce((total, byte) => total + byte, 0));
    const magic = Buffer.from('d9d505f920a163d7', 'hex');
    writeFileSync(`${path}-journal`, Buffer.concat([magic, Buffer.alloc(504), Buffer.alloc(4), name, length, sum, magic]));
    writeFileSync(superJournal, `${path}-journal\0`);
    const before = contents(dirname(path));
    await expect(prepareSqlite(path, { recover: true })).rejects.toMatchObject({ fault: { kind: 'needs-recovery' } });
    expect(contents(dirname(path))).toEqual(before);
  });
});

describe('the folder of a database', () => {
  async function useIt(path: string): Promise<string> {
    const file = await prepareSqlite(path);
    const source = await SqliteSource.open(file);
    const { rows } = await source.executions({ sort: 'events', descending: true, offset: 0, limit: 10 });
    for (const { id } of rows) {
      for await (const _ of source.scan(id, 0));
      await source.page(id, 0, 100);
      await source.snapshot(id, 1_000_000);
    }
    source.close();
    await discard(file);
    if (file.folder !== undefined) expect(existsSync(file.folder)).toBe(false);
    return file.access;
  }

  it('F11, M2: is byte for byte unchanged after reading a cleanly closed WAL database', async () => {
    const path = copyOfSample();
    const before = contents(dirname(path));
    expect(await useIt(path)).toBe('copy');
    expect(contents(dirname(path))).toEqual(before);
  });

  it('F12, M2, M3: is unchanged after reading the database of a killed server, which is mostly in its log', async () => {
    const path = goldenDatabase('server-0.5.0-killed');
    const before = contents(dirname(path));
    expect(await useIt(path)).toBe('copy');
    expect(contents(dirname(path))).toEqual(before);
  });

  it('M2: is unchanged after reading a rollback-journal database in place', async () => {
    const path = copyOfSample();
    const database = new Database(path);
    database.pragma('journal_mode = DELETE');
    database.close();
    const before = contents(dirname(path));
    expect(await useIt(path)).toBe('live');
    expect(contents(dirname(path))).toEqual(before);
  });

  it('T6: is unchanged when a log lies beside a database whose header knows of none', async () => {
    const path = copyOfSample();
    const database = new Database(path);
    database.pragma('journal_mode = DELETE');
    database.close();
    writeFileSync(`${path}-wal`, randomBytes(5000));
    const before = contents(dirname(path));
    const source = await openSqlite(path);
    expect((await countsOf(source)).events).toBeGreaterThan(0);
    source.close();
    expect(contents(dirname(path))).toEqual(before);
  });

  it('F10, T6: is not copied without a journal that may be needed to read it', async () => {
    const path = copyOfSample();
    const database = new Database(path);
    database.pragma('journal_mode = WAL');
    database.close();
    writeFileSync(`${path}-journal`, Buffer.concat([Buffer.from('d9d505f920a163d7', 'hex'), Buffer.alloc(504)]));
    expect(await faultOf(path)).toBe('needs-recovery');
  });

  it('M2, M3: keeps its names, and its bytes except in -shm, while a writer has it open, and the newest event is read', async () => {
    const path = copyOfSample();
    const writer = new Database(path);
    onTestFinished(() => void writer.close());
    writer.exec(
      `INSERT INTO events (id, execution_id, sequence, kind_json, created_at) SELECT 'new', execution_id, 410, '{"type":"new"}', created_at FROM events WHERE execution_id LIKE '9f31%' LIMIT 1`,
    );
    const before = contents(dirname(path));
    expect(Object.keys(before).sort()).toEqual(['runtime.db', 'runtime.db-shm', 'runtime.db-wal']);
    const file = await prepareSqlite(path);
    expect(file.access).toBe('live');
    const source = await SqliteSource.open(file);
    const [id = ''] = await source.resolve('9f31', 2);
    expect(await source.head(id)).toBe(410);
    source.close();
    const after = contents(dirname(path));
    delete before['runtime.db-shm'];
    delete after['runtime.db-shm'];
    expect(after).toEqual(before);
    expect(existsSync(`${path}-shm`)).toBe(true);
  });

  it('F11: is unchanged after reading a large WAL database in place as immutable', async () => {
    const path = copyOfSample();
    const before = contents(dirname(path));
    const source = await SqliteSource.open({ original: path, real: path, path, access: 'immutable' });
    const { executions, events } = await countsOf(source);
    expect([executions, events]).toEqual([60, 1579]);
    const [id = ''] = await source.resolve('9f31', 2);
    let count = 0;
    for await (const chunk of source.scan(id, 0)) count += chunk.count;
    expect(count).toBe(409);
    source.close();
    expect(contents(dirname(path))).toEqual(before);
  });

  it('F13: may be read-only', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'runtime.db');
    copyFileSync(SAMPLE, path);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    if (process.getuid?.() === 0) chownSync(folder, 65534, 65534);
    expect(await asNobody(path)).toBe('opens');
    chmodSync(folder, 0o755);
  });

  it('F14, M3: is read without disturbing a writer', async () => {
    const path = copyOfSample();
    const child = spawn(
      process.execPath,
      [
        '-e',
        `const D = require('better-sqlite3'); const d = new D(${JSON.stringify(path)}, { timeout: 100 }); const id = d.prepare("SELECT execution_id FROM events WHERE execution_id LIKE '9f31%' LIMIT 1").pluck().get();
         const insert = d.prepare("INSERT INTO events (id, execution_id, sequence, kind_json, created_at) VALUES (?, ?, ?, ?, '2026-06-01T12:00:00+00:00')");
         let failed = 0; let n = 410; console.log('ready');
         const t = setInterval(() => { for (let i = 0; i < 20; i++) try { insert.run('w' + n, id, n, '{"type":"tick"}'); n++; } catch { failed++; } if (n > 1500) { clearInterval(t); console.log(JSON.stringify({ failed, last: n - 1 })); d.close(); } }, 2);`,
      ],
      { cwd: join(import.meta.dirname, '..', '..'), stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void child.kill());
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let last = 0;
    const reads: number[] = [];
    while (child.exitCode === null && last < 1500) {
      const source = await openSqlite(path);
      const [id = ''] = await source.resolve('9f31', 2);
      for await (const chunk of source.scan(id, 0)) last = chunk.sequences[chunk.count - 1] ?? last;
      reads.push(last);
      source.close();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toMatchObject({ failed: 0 });
    expect(reads).toEqual([...reads].sort((a, b) => a - b));
  });
});

describe('F7: a damaged page', () => {
  it('results in a Fault or in unusual rows, never in a crash or a hang', async () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const path = copyOfSample();
      const bytes = readFileSync(path);
      for (let i = 0; i < 40; i++) {
        const at = 100 + ((seed * 7919 + i * 104_729 * seed) % (bytes.length - 100));
        bytes[at] = (bytes[at] as number) ^ (1 << (i % 8));
      }
      writeFileSync(path, bytes);
      utimesSync(path, 1, 1);
      outcomes.add(await faultOf(path));
    }
    for (const outcome of outcomes) expect(['damaged', 'opens', 'not-an-event-store', 'not-a-database']).toContain(outcome);
    expect(outcomes).toContain('damaged');
  });
});

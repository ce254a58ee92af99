import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXAMPLES } from '../../core/cli/examples.ts';
import type { FaultError } from '../../core/fault.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';
import { leaveUnfinished } from '../support/unfinished.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'core', 'cli', 'main.ts');
const SAMPLE = join(ROOT, 'samples', 'runtime.db');

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly status: number | null;
}

function hindsight(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  expect(stderr).not.toMatch(/\n\s+at /);
  return { out: stdout, err: stderr, status };
}

function copyOfSample(): string {
  const path = join(temporaryFolder(), 'runtime.db');
  copyFileSync(SAMPLE, path);
  return path;
}

function made(file: Parameters<typeof makeFile>[1]): string {
  const path = join(temporaryFolder(), 'runtime.db');
  makeFile(path, file);
  return path;
}

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('F30, T1: an export', () => {
  it.each(['', '-wal', '-journal', '-shm'])('is refused over the opened database%s, also through links to it', (suffix) => {
    const path = copyOfSample();
    const target = path + suffix;
    const before = readFileSync(path);
    if (suffix === '') {
      symlinkSync(path, `${path}.link`);
      linkSync(path, `${path}.hard`);
    }
    for (const name of suffix === '' ? [target, `${path}.link`, `${path}.hard`] : [target]) {
      const { err, status } = hindsight(['export', path, '9f31', '--format', 'events', '-o', name]);
      expect([status, err]).toEqual([3, expect.stringMatching(/Nothing was written; choose another name/)]);
    }
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('C4: writes through a link and to a pipe, keeps permissions, and refuses a read-only file', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a.json');
    writeFileSync(file, 'old');
    chmodSync(file, 0o600);
    symlinkSync(file, join(folder, 'link'));
    const write = (name: string): Ran => hindsight(['export', SAMPLE, '9f31', '--format', 'state', '--at', '3', '-o', join(folder, name)]);
    expect(write('link').status).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ at_sequence: 3 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'link']);
    expect(hindsight(['export', SAMPLE, '9f31', '--format', 'state', '-o', '/dev/null']).status).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    chmodSync(file, 0o400);
    expect(write('a.json').err).toContain('the file is read-only');
  });

  it('T18: removes its temporary file when it is interrupted, and that of a killed one the next time', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'big.db');
    makeFile(path, { events: Array.from({ length: 40_000 }, (_, i) => sets(i + 1, 'k', 'x'.repeat(3000))) });
    const target = join(folder, 'out.jsonl');
    const partial = (): string | undefined => readdirSync(folder).find((name) => name.endsWith('.partial'));
    const interrupted = async (signal: NodeJS.Signals): Promise<void> => {
      const child = spawn(process.execPath, [MAIN, 'export', path, 'run', '--format', 'events', '-o', target], { stdio: 'ignore' });
      const gone = new Promise((resolve) => child.once('exit', resolve));
      while (partial() === undefined && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
      child.kill(signal);
      await gone;
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      await interrupted(signal);
      expect(readdirSync(folder).filter((name) => name !== 'out.jsonl')).toEqual(['big.db']);
    }
    rmSync(target, { force: true });
    await interrupted('SIGKILL');
    expect(partial()).toBeDefined();
    expect(hindsight(['export', path, 'run', '--format', 'state', '--at', '1', '-o', target]).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['big.db', 'out.jsonl']);
  });
});

describe('T17, T18: an export to a pipe that nobody reads', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends by %s', async (signal) => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const child = spawn(process.execPath, [MAIN, 'export', SAMPLE, '9f31', '--format', 'state', '-o', pipe, '--check'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const gone = new Promise((resolve) => child.once('exit', (code, by) => resolve(by ?? code)));
    const tasks = join('/proc', String(child.pid), 'task');
    const isWaiting = (): boolean => readdirSync(tasks).some((task) => readFileSync(join(tasks, task, 'wchan'), 'utf8').includes('wait_for_partner'));
    while (!isWaiting()) await new Promise((resolve) => setImmediate(resolve));
    child.kill(signal);
    expect(await gone).toBe(signal);
  });
});

describe('reading', () => {
  it('T2: reads the log beside the file that a link leads to', () => {
    const path = copyOfSample();
    const writer = new Database(path);
    onTestFinished(() => void writer.close());
    writer.pragma('journal_mode = WAL');
    writer.exec(
      `INSERT INTO events SELECT 'new', execution_id, 410, kind_json, created_at, tenant_id FROM events WHERE sequence = 1 AND execution_id LIKE '9f31%'`,
    );
    const link = join(temporaryFolder(), 'link.db');
    symlinkSync(path, link);
    expect(lines(hindsight(['events', link, '9f31', '--from', '410']).out)).toHaveLength(1);
  });

  it('T4: an input that cannot be read makes every state incomplete from 0, in every answer', () => {
    const deep = `${'['.repeat(600)}${']'.repeat(600)}`;
    for (const input of ['no JSON', deep, Buffer.from([0x22, 0xff, 0x22])]) {
      const path = made({ events: [sets(1, 'a', 1), sets(2, 'b', 2)], input: input instanceof Buffer ? undefined : input });
      if (input instanceof Buffer) {
        const database = new Database(path);
        database.prepare('UPDATE workflow_executions SET initial_input = CAST(? AS TEXT)').run(input);
        database.close();
      }
      for (const args of [['state'], ['state', '--at', '1'], ['state', '--each'], ['state', '--reading', 'given']]) {
        const [verb = '', ...rest] = args;
        const { out, err } = hindsight([verb, path, 'run', ...rest, '--json']);
        for (const line of lines(out)) expect(line).toMatchObject({ incomplete_from: 0 });
        expect(err).toContain('The initial input cannot be read');
      }
      for (const args of [
        ['diff', path, 'run', '1', '2'],
        ['blame', path, 'run', '/a'],
        ['export', path, 'run', '--format', 'state', '-o', '-'],
      ])
        expect(hindsight(args).err).toContain('every state is incomplete');
      expect(hindsight(['state', path, 'run', '--reading', 'recovery']).err).toContain('would refuse');
    }
  });

  it('T5: prints each of two rows with one sequence, wherever a page ends', () => {
    const events = Array.from({ length: 450 }, (_, i) => sets(i < 200 ? i + 1 : i, `k${i}`, i));
    for (const index of ['', 'CREATE INDEX e ON events (execution_id, sequence)']) {
      const path = made({ events, unique: false });
      const database = new Database(path);
      database.exec(index);
      database.close();
      expect(lines(hindsight(['events', path, 'run']).out).map(({ kind }) => (kind as { node_id: string }).node_id)).toEqual(events.map((_, i) => `k${i}`));
      expect(lines(hindsight(['state', path, 'run', '--each']).out)).toHaveLength(451);
    }
  });

  it('F9, T6: refuses a log that is a pipe, a folder or a broken link, and does not wait', () => {
    for (const make of [
      (path: string): void => void spawnSync('mkfifo', [path]),
      (path: string): void => void mkdirSync(path),
      (path: string): void => symlinkSync('nowhere', path),
    ]) {
      for (const suffix of ['-wal', '-journal']) {
        const path = copyOfSample();
        make(path + suffix);
        const { err, status } = hindsight(['executions', path]);
        expect([status, err]).toEqual([3, expect.stringContaining(`runtime.db${suffix}, which SQLite would read with the database, is a`)]);
      }
    }
  });

  it('T8: shows no recovered state that the runtime would refuse to rebuild', () => {
    const deep = {
      sequence: 2,
      kind: `{"type":"node_completed","node_id":"a","output":${'['.repeat(130)}${']'.repeat(130)},"state_patch":{},"duration_ms":1}`,
    };
    const path = made({ events: [sets(1, 'a', 1), deep, sets(3, 'b', 2)], snapshots: [{ at: 3, state: '{"a":1,"b":2}' }] });
    expect(hindsight(['state', path, 'run', '--at', '2', '--reading', 'recovery']).err).toContain('nested deeper than 127 levels');
    expect(lines(hindsight(['state', path, 'run', '--each', '--reading', 'recovery']).out).map((line) => 'refused' in line)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('T14: an unreadable snapshot is refused at every sequence from it on, by --at and by --each', () => {
    const path = made({
      events: [sets(1, 'a', 1), sets(2, 'b', 2), sets(3, 'c', 3)],
      snapshots: [
        { at: 1, state: '{"a":' },
        { at: 3, state: '{"a":1}' },
      ],
    });
    const each = lines(hindsight(['state', path, 'run', '--each', '--reading', 'recovery']).out);
    for (const line of each) {
      const at = hindsight(['state', path, 'run', '--at', String(line['at_sequence']), '--reading', 'recovery', '--json']);
      if ('refused' in line) expect([at.status, at.err]).toEqual([3, expect.stringContaining(String(line['refused']))]);
      else expect(lines(at.out)[0]).toEqual(line);
    }
    expect(each.map((line) => 'refused' in line)).toEqual([false, true, true, false]);
  });

  it('T19: reads a database in UTF-16', () => {
    for (const encoding of ['UTF-16le', 'UTF-16be']) {
      const path = made({ events: [sets(1, 'ä🙂', 'ö')], input: '{"ü":"é"}', before: `PRAGMA encoding = '${encoding}'` });
      const [state] = lines(hindsight(['state', path, 'run', '--json']).out);
      expect(state).toMatchObject({ current_state: { 'ä🙂': 'ö', ü: 'é' } });
      expect(state).not.toHaveProperty('incomplete_from');
    }
  });

  it('F21, T20: rows without a usable sequence are counted and reported, and make every state incomplete', () => {
    for (const sequence of ['text', null, 0, -4, 1e300, 1.5]) {
      const path = made({ events: [sets(1, 'a', 1), { ...sets(2, 'b', 2), sequence }] });
      for (const args of [['state'], ['state', '--each'], ['diff', '0', '1'], ['find', 'true']]) {
        const [verb = '', ...rest] = args;
        const { out, err } = hindsight([verb, path, 'run', ...rest]);
        expect(err).toContain('1 row has no usable sequence');
        if (verb === 'state') expect(out).toContain('incomplete_from');
      }
    }
  });

  it('T23: reads events of several megabytes, one at a time', () => {
    const big = Array.from({ length: 120 }, (_, i) => sets(i + 1, `k${i % 3}`, 'x'.repeat(3_000_000)));
    const path = made({ events: big });
    expect(lines(hindsight(['state', path, 'run', '--at', '1', '--json']).out)[0]).toMatchObject({ last_sequence: 1 });
    const { stdout, status } = spawnSync('/usr/bin/env', ['bash', '-c', `"$0" "$@" | wc -l`, process.execPath, MAIN, 'events', path, 'run'], {
      encoding: 'utf8',
    });
    expect([stdout.trim(), status]).toEqual(['120', 0]);
  });

  it('T24: reads the largest sequence, ids in capitals and ids that are integers, and finds the tables among ten thousand', () => {
    const path = made({ events: [sets(1, 'a', 1), sets(9007199254740991, 'b', 2)] });
    expect(hindsight(['events', path, 'run']).out).toContain('"sequence":9007199254740991,');
    expect(hindsight(['state', path, 'run']).out).toContain('"last_sequence": 9007199254740991');
    const other = new Database(path);
    other.exec(`CREATE TABLE x1 (a); ALTER TABLE workflow_executions RENAME TO w;
      CREATE TABLE workflow_executions (execution_id, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at, completed_at);
      INSERT INTO workflow_executions SELECT 17, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at, completed_at FROM w;
      INSERT INTO workflow_executions SELECT 'ABCD-EF', workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at, completed_at FROM w;
      ALTER TABLE events RENAME TO e; CREATE TABLE events (execution_id, sequence, kind_json, created_at);
      INSERT INTO events SELECT 17, sequence, kind_json, created_at FROM e; INSERT INTO events SELECT 'ABCD-EF', sequence, kind_json, created_at FROM e`);
    other.transaction(() => {
      for (let i = 0; i < 10_000; i++) other.exec(`CREATE TABLE a${i} (x, y, z)`);
    })();
    other.close();
    for (const id of ['17', 'abcd', 'ABCD-EF']) expect(lines(hindsight(['events', path, id]).out)).toHaveLength(2);
  });
});

describe('F17, T22: a file that is open', () => {
  const ofAnotherProgram = (): string => {
    const path = join(temporaryFolder(), 'other.db');
    const database = new Database(path);
    database.exec('CREATE TABLE moz_places (id); INSERT INTO moz_places VALUES (1)');
    database.close();
    return path;
  };
  it.each([
    ['is replaced', 'file-replaced', (path: string): void => renameSync(copyOfSample(), path)],
    ['is deleted', 'file-missing', (path: string): void => rmSync(path)],
    ['is cut to nothing', 'damaged', (path: string): void => truncateSync(path, 0)],
    ['is overwritten by an earlier state of itself', 'file-replaced', (path: string): void => copyFileSync(made({ events: [sets(1, 'a', 1)] }), path)],
    ['is overwritten by another database', 'file-replaced', (path: string): void => copyFileSync(made({ events: [sets(1, 'z', 1)] }), path)],
    ['is overwritten by a database of another program', 'file-replaced', (path: string): void => copyFileSync(ofAnotherProgram(), path)],
    ['is overwritten by a text', 'file-replaced', (path: string): void => writeFileSync(path, 'not a database\n'.repeat(500))],
  ])('%s: the next answer is the Fault %s', async (_, kind, change) => {
    const path = made({ events: [sets(1, 'a', 1), sets(2, 'b', 2)] });
    const source = await openSqlite(path);
    expect(await source.head('run')).toBe(2);
    change(path);
    const fault = await source.head('run').catch((error: unknown) => (error as FaultError).fault?.kind);
    expect(fault).toBe(kind);
  });

  it('F16, T24: is read beside a writer that never stops', async () => {
    const path = made({ events: [sets(1, 'a', 1)] });
    const program = `
      const Database = require(${JSON.stringify(join(ROOT, 'node_modules', 'better-sqlite3'))});
      const database = new Database(process.argv[1]);
      const insert = database.prepare("INSERT INTO events VALUES ('other', ?, '{}', '')");
      console.log('writing');
      for (let i = 1; ; i++) insert.run(i);`;
    const writer = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void writer.kill('SIGKILL'));
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    for (let i = 0; i < 5; i++) {
      const source = await openSqlite(path);
      expect(await source.head('run')).toBe(1);
      source.close();
    }
  });
});

describe('the terminal', () => {
  it('says when a moment is behind the end of the log', () => {
    const path = made({ events: [sets(1, 'a', 1), sets(2, 'b', 2)] });
    for (const verb of [
      ['state', path, 'run', '--at', '9'],
      ['diff', path, 'run', '1', '9'],
    ]) {
      const { err, status } = hindsight(verb);
      expect([status, err]).toEqual([0, expect.stringContaining('The log ends at event 2; there is no event 9.')]);
    }
  });

  it('C1: every failure is one sentence', () => {
    const path = made({ events: [sets(1, 'a', 1)] });
    const database = new Database(path);
    database.exec(
      `ALTER TABLE events RENAME TO e; CREATE VIEW events AS SELECT execution_id, sequence, kind_json, created_at, missing_function(1) AS x FROM e`,
    );
    database.close();
    const odd = copyOfSample();
    const bytes = readFileSync(odd);
    bytes.writeUInt32BE(9, 44);
    writeFileSync(odd, bytes);
    const failing: (readonly [readonly string[], NodeJS.ProcessEnv?])[] = [
      [['executions', SAMPLE], { TMPDIR: '/nowhere' }],
      [['events', path, 'run']],
      [['executions', odd]],
      [['executions', 'sqlite://%zz']],
      [['executions', 'file://host/x']],
      [['executions', 'x'.repeat(300)]],
      [['export', SAMPLE, '9f31', '--format', 'state', '-o', `/tmp/${'x'.repeat(300)}`]],
    ];
    for (const [args, env] of failing) {
      const { err, status } = hindsight(args, env);
      expect([args[0], status, err.trim().split('\n').length, /bug/.test(err)]).toEqual([args[0], 3, 1, false]);
    }
    const full = spawnSync('bash', ['-c', '"$0" "$@" > /dev/full', process.execPath, MAIN, 'events', SAMPLE, '9f31'], { encoding: 'utf8' });
    expect([full.status, full.stderr]).toEqual([3, 'The output could not be written: the disk is full.\n']);
    expect(hindsight(['search', SAMPLE, '9f31', 'x'.repeat(10_000)]).status).toBe(0);
    expect(hindsight(['search', SAMPLE, '9f31', 'x'.repeat(100_000)])).toMatchObject({ status: 2, err: expect.stringContaining('longer than 10,000') });
  });

  it('C2: names cannot control the terminal', () => {
    const path = join(temporaryFolder(), 'a\u001b[31m\nb.db');
    const { err } = hindsight(['executions', path]);
    expect(err).toContain('a\\u001b[31m\\nb.db does not exist');
    expect(hindsight(['events', SAMPLE, '\u001b]0;x\u0007']).err).not.toContain('\u001b');
  });

  it('C3: a reader that closes the pipe leaves no private copy behind', () => {
    const folder = temporaryFolder();
    const { status } = spawnSync('bash', ['-c', 'set -o pipefail; "$0" "$@" | head -1', process.execPath, MAIN, 'state', SAMPLE, '9f31', '--each'], {
      env: { ...process.env, TMPDIR: folder },
    });
    expect([status, readdirSync(folder)]).toEqual([0, []]);
  });

  it('C5: --at and --each exclude each other', () => {
    expect(hindsight(['state', SAMPLE, '9f31', '--each', '--at', '3'])).toMatchObject({ status: 2, out: '' });
  });

  it('T17: an interrupt ends it at once, also inside SQLite and inside a condition', async () => {
    const path = made({ events: [sets(1, 'a', 'a'.repeat(40))] });
    const endless = made({ events: [] });
    const database = new Database(endless);
    database.exec(`DROP TABLE events; CREATE VIEW events (execution_id, sequence, kind_json, created_at) AS
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'run', i, '{}', '' FROM n WHERE i < 0`);
    database.close();
    for (const args of [
      ['events', endless, 'run'],
      ['find', path, 'run', `state.a.matches('^(a+)+$') || has(state.a) && (state.a + '!').matches('^(a+)+$')`],
    ]) {
      const folder = temporaryFolder();
      const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore', env: { ...process.env, TMPDIR: folder } });
      const gone = new Promise((resolve) => child.once('exit', () => resolve(performance.now())));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const sent = performance.now();
      child.kill('SIGINT');
      expect(((await gone) as number) - sent).toBeLessThan(1000);
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});

describe('F14, T21: a closed log database that is read in place', () => {
  it('is read as it is when a writer comes, before, between and after its checkpoints', async () => {
    const path = made({ events: Array.from({ length: 3000 }, (_, i) => sets(i + 1, `k${i}`, 'x'.repeat(500))), before: 'PRAGMA journal_mode = WAL' });
    expect(existsSync(`${path}-wal`)).toBe(false);
    const source = await SqliteSource.open({ original: path, real: path, path, access: 'immutable' });
    onTestFinished(() => source.close());
    expect(await source.head('run')).toBe(3000);
    const writer = new Database(path);
    const insert = writer.prepare(`INSERT INTO events VALUES ('run', ?, '{"type":"node_cancelled","node_id":"a"}', '')`);
    const read: number[] = [];
    let next = 3001;
    for await (const chunk of source.scan('run', 0)) {
      read.push(...chunk.sequences);
      for (let i = 0; i < 40; i++) insert.run(next++);
      writer.pragma('wal_checkpoint(TRUNCATE)');
    }
    expect(read).toEqual(Array.from({ length: read.length }, (_, i) => i + 1));
    expect(read.length).toBeGreaterThan(3000);
    expect(await source.head('run')).toBe(next - 1);
    expect((await source.describe()).access).toBe('live');
    writer.close();
  });
});

it('F10: what a program left in the middle of a write is read as it was before that write, and the file is not changed', () => {
  const path = copyOfSample();
  leaveUnfinished(path);
  const before = [path, `${path}-journal`].map((file) => readFileSync(file));
  const { out, err, status } = hindsight(['events', path, '9f31', '--json']);
  expect([status, out]).toEqual([0, hindsight(['events', SAMPLE, '9f31', '--json']).out]);
  expect(err).toContain('A program was stopped in the middle of a write to this file.');
  expect([path, `${path}-journal`].map((file) => readFileSync(file).equals(before.shift() as Buffer))).toEqual([true, true]);
});

describe('C6: on a terminal', { timeout: 120_000 }, () => {
  /** Runs the command on a pseudo-terminal of a number of columns; of this process's variables none but the path is passed on (CI takes colours away). */
  const onTerminal = (args: readonly string[], env: NodeJS.ProcessEnv = {}, columns = 90): string => {
    const command = [process.execPath, MAIN, ...args].map((part) => `'${part}'`).join(' ');
    const { stdout, status } = spawnSync('script', ['-qec', `stty cols ${columns}; ${command}`, '/dev/null'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
    });
    expect(status).toBe(0);
    return stdout.replaceAll('\r', '');
  };

  it('every verb prints a table that is no wider than it; --json and a pipe get JSON', () => {
    for (const args of [
      ['executions', SAMPLE],
      ['events', SAMPLE, '9f31'],
      ['blame', SAMPLE, '9f31', '/plan', '--history'],
      ['search', SAMPLE, '9f31', 'plan'],
      ['costs', SAMPLE, '9f31'],
    ]) {
      const table = onTerminal(args, { NO_COLOR: '1' });
      expect(table).toMatch(/^[A-Z ]+\n/);
      expect(table).not.toContain('\u001b');
      // Columns that are not cut make it wider; that of texts is.
      if (args[0] !== 'costs') for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(args[0] === 'executions' ? 130 : 120);
      expect(onTerminal([...args, '--json'])).toMatch(/^[[{]/);
      expect(hindsight(args).out).toMatch(/^[[{]/);
    }
  });

  it('words have colours, unless NO_COLOR is set', () => {
    expect(onTerminal(['executions', SAMPLE])).toContain('\u001b[32mcompleted');
    expect(onTerminal(['executions', SAMPLE], { NO_COLOR: '1' })).not.toContain('\u001b');
  });

  it('the help of each verb has two examples, and completion knows each verb', () => {
    const verbs = [
      'executions',
      'events',
      'state',
      'inspect',
      'snapshots',
      'diff',
      'blame',
      'find',
      'search',
      'costs',
      'sent',
      'why',
      'story',
      'audit',
      'tail',
      'export',
    ];
    for (const verb of ['state', 'search']) expect(hindsight([verb, '--help']).out.match(/^ {2}hindsight /gm)).toHaveLength(2);
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { out } = hindsight(['completion', shell]);
      for (const verb of verbs) expect(out).toContain(verb);
    }
    expect(Object.keys(EXAMPLES).sort()).toEqual([...verbs, 'completion'].sort());
    const completed = spawnSync(
      'bash',
      ['-c', `source <("$0" "$1" completion bash); COMP_WORDS=(hindsight sna); COMP_CWORD=1; _hindsight; echo "\${COMPREPLY[@]}"`, process.execPath, MAIN],
      { encoding: 'utf8' },
    );
    expect(completed.stdout).toBe('snapshots\n');
  });
});

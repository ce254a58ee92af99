import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { Random } from '../../scripts/sample/random.ts';
import { zeroPage } from '../support/damaged.ts';
import { until, value } from '../support/engine.ts';
import { askAll } from '../support/every-request.ts';
import { FuzzBases, fuzzOne } from '../support/fuzz.ts';
import { startHost } from '../support/host-engine.ts';
import { SEED } from '../support/hostile.ts';
import { makeFile } from '../support/made-files.ts';
import { naiveText } from '../support/naive.ts';
import { temporaryFolder } from '../support/temp.ts';
import { amount, tries } from '../support/tries.ts';
import { startWriter, type Writer, writtenEvent } from '../support/writer.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SAMPLE = join(ROOT, 'samples', 'runtime.db');
const MINUTES = 60_000;
const RUN = { execution: 'run' } as const;

const written = (tag: string, count: number) => Array.from({ length: count }, (_, i) => writtenEvent(tag, i + 1));

/** The bytes of all files of a folder, but of shared memory. */
const contents = (folder: string): unknown =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('-shm'))
    .map((name) => [name, readFileSync(join(folder, name), 'base64')]);

async function writing(mode: 'WAL' | 'DELETE' | 'exclusive', count: number): Promise<Writer & { readonly path: string }> {
  const path = join(temporaryFolder(), 'run.db');
  const writer = await startWriter(path, 'a', mode);
  onTestFinished(() => writer.end());
  await writer.order({ append: count });
  return { ...writer, path };
}

it(
  'F6: a file that is cut anywhere is damaged or empty, and nothing of it is shown',
  async ({ task }) => {
    const host = startHost();
    const whole = readFileSync(SAMPLE).length;
    const random = new Random(SEED);
    const sizes = [0, 1, 15, 16, 50, 99, 100, 511, 512, 4095, 4096, 4097, whole / 2, whole - 4096, whole - 1].map(Math.floor);
    await tries(task, sizes.length + amount(5, 100), async (number) => {
      const path = join(temporaryFolder(), 'runtime.db');
      copyFileSync(SAMPLE, path);
      const size = sizes[number - 1] ?? random.between(0, whole - 1);
      truncateSync(path, size);
      const before = contents(dirname(path));
      expect([size, await host.open({ kind: 'sqlite', path })]).toMatchObject([
        size,
        { ok: false, fault: { kind: size === 0 ? 'empty-database' : 'damaged' } },
      ]);
      expect(contents(dirname(path))).toEqual(before);
    });
  },
  2 * MINUTES,
);

describe('F8: a database of which one page is zeroed', () => {
  const bases = new FuzzBases();
  afterAll(() => bases.remove());

  it(
    'is a Fault, is marked from there on, or shows the state that its tables have',
    async ({ task }) => {
      await tries(task, amount(20, 120, 500), async (page) => {
        const { outcome, description } = await fuzzOne(bases, 10_000 + page, (path) => zeroPage(path, page));
        expect([outcome, description]).toEqual([expect.toBeOneOf(['fault', 'marked', 'complete']), description]);
      });
    },
    5 * MINUTES,
  );
});

it(
  'F10: a transaction that its writer did not end is not shown: the journal is needed, and both files stay as they are until the writer is back',
  async ({ task }) => {
    const random = new Random(SEED);
    const host = startHost();
    await tries(task, amount(2, 20), async () => {
      const { path, order, child } = await writing('DELETE', 300);
      await order({ run: `PRAGMA cache_size = ${random.between(1, 5)}; BEGIN; UPDATE events SET kind_json = replace(kind_json, '"a ', '"b ')` });
      child.kill('SIGKILL');
      await until(() => child.signalCode !== null);
      expect(existsSync(`${path}-journal`)).toBe(true);
      const before = contents(dirname(path));
      expect(await host.open({ kind: 'sqlite', path })).toMatchObject({ ok: false, fault: { kind: 'needs-recovery' } });
      expect(contents(dirname(path))).toEqual(before);
      const copy = await value(host.open({ kind: 'sqlite', path, recover: true }));
      expect(copy.remarks?.map(({ text }) => text)).toEqual([expect.stringContaining('private copy in which that write is undone')]);
      const undone = await value(host.ask('values.text', { ...RUN, source: copy.source, sequence: 300, reading: 'replay', pointer: '' }));
      expect(undone.text).toBe(naiveText(written('a', 300), 300));
      await host.sources.close(copy.source);
      expect(contents(dirname(path))).toEqual(before);
      const again = await startWriter(path, 'a', 'DELETE');
      const { source } = await value(host.open({ kind: 'sqlite', path }));
      const shown = await value(host.ask('values.text', { ...RUN, source, sequence: 300, reading: 'replay', pointer: '' }));
      expect(shown.text).toBe(naiveText(written('a', 300), 300));
      await again.end();
      await host.sources.close(source);
    });
  },
  3 * MINUTES,
);

it.for(['no log', 'a log alone', 'a log and its shared memory'] as const)(
  'F13: a log database in a folder that cannot be written to, beside which there is %s, is read from a private copy, and whole',
  { timeout: MINUTES },
  async (beside) => {
    const folder = temporaryFolder();
    const { path, order, end } = await writing('WAL', 100);
    await order({ run: beside === 'no log' ? 'PRAGMA wal_checkpoint(TRUNCATE)' : 'PRAGMA wal_autocheckpoint = 0' });
    await order({ append: beside === 'no log' ? 0 : 20 });
    if (beside === 'no log') await end();
    for (const name of readdirSync(dirname(path)))
      if (beside !== 'a log alone' || !name.endsWith('-shm')) copyFileSync(join(dirname(path), name), join(folder, name));
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
    chmodSync(folder, 0o555);
    onTestFinished(() => chmodSync(folder, 0o755));
    if (process.getuid?.() === 0) chownSync(folder, 65534, 65534);
    const before = contents(folder);
    const source = join(ROOT, 'core', 'source');
    const program = `process.getuid() === 0 && (process.setgid(65534), process.setuid(65534));
      const { prepareSqlite, discard } = await import(${JSON.stringify(join(source, 'sqlite', 'prepare.ts'))});
      const { SqliteSource } = await import(${JSON.stringify(join(source, 'sqlite', 'source.ts'))});
      const file = await prepareSqlite(${JSON.stringify(join(folder, basename(path)))});
      const source = await SqliteSource.open(file);
      console.log(file.access, await source.head('run'));
      source.close();
      await discard(file);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual([`copy ${beside === 'no log' ? 100 : 120}`, '']);
    expect(contents(folder)).toEqual(before);
  },
);

it(
  'F14: every event that a writer appends to a log database arrives once and in order, while it writes, checkpoints and starts again',
  async ({ task }) => {
    const [rounds, perRound] = [amount(2, 8), amount(60, 500)];
    task.meta.size = `${rounds * perRound} events, 200 a second`;
    const path = join(temporaryFolder(), 'run.db');
    let writer = await startWriter(path, 'a');
    onTestFinished(() => writer.end());
    await writer.order({ append: 10 });
    const host = startHost();
    const { source } = await value(host.open({ kind: 'sqlite', path }));
    const run = { ...RUN, source };
    await value(host.ask('executions.open', run));
    let sequence = 10;
    await tries(task, rounds, async (round) => {
      let isWriting = true;
      const order = writer.order({ append: perRound, every: 5 }).finally(() => {
        isWriting = false;
      });
      const random = new Random(SEED + round);
      while (isWriting) {
        const at = random.between(0, sequence);
        const { text } = await value(host.ask('values.text', { ...run, sequence: at, reading: 'replay', pointer: '' }));
        expect(text).toBe(naiveText(written('a', at), at));
        const { rows } = await value(host.ask('events.page', { ...run, from: Math.max(0, sequence - 50), count: 100, filter: '' }));
        expect(rows.map((row) => row.sequence)).toEqual(rows.map((_, i) => Math.max(0, sequence - 50) + i + 1));
      }
      const answer = await order;
      expect(answer).toMatchObject({ sequence: sequence + perRound, refused: 0 });
      expect(answer.log).toBeLessThan(8 * 1024 * 1024);
      sequence = answer.sequence;
      await until(() => host.changes.some(({ execution }) => execution?.lastSequence === sequence));
      await writer.order({ run: 'PRAGMA wal_checkpoint(TRUNCATE)' });
      if (round % 2 === 0) {
        // The log stays beside the file while the engine has it open.
        await writer.end();
        writer = await startWriter(path, 'a');
      }
    });
    const all: number[] = [];
    for (let from = 0; from < sequence; from += 500)
      all.push(...(await value(host.ask('events.page', { ...run, from, count: 500, filter: '' }))).rows.map((row) => row.sequence));
    expect(all).toEqual(Array.from({ length: sequence }, (_, i) => i + 1));
    expect((await value(host.ask('values.text', { ...run, sequence, reading: 'replay', pointer: '' }))).text).toBe(naiveText(written('a', sequence), sequence));
  },
  3 * MINUTES,
);

it(
  'F15: what is asked while the writer has the file locked is answered once it is unlocked, and is busy while that takes too long',
  async ({ task }) => {
    const host = startHost();
    const { path, order } = await writing('DELETE', 30);
    const { source } = await value(host.open({ kind: 'sqlite', path }));
    await tries(task, amount(2, 10), async () => {
      await order({ hold: true });
      const waiting = askAll(host, source);
      await order({ hold: false });
      for (const [name, answer] of await waiting) expect([name, answer.ok || answer.fault.kind === 'cancelled']).toEqual([name, true]);
    });
    // It takes five seconds to be busy; opening.test.ts is so in every run.
    if (amount(0, 1) === 0) return;
    const exclusive = await writing('exclusive', 5);
    expect(await host.open({ kind: 'sqlite', path: exclusive.path })).toMatchObject({ ok: false, fault: { kind: 'busy' } });
    expect(await exclusive.order({ append: 1 })).toMatchObject({ sequence: 6, refused: 0 });
    await exclusive.end();
    expect(await host.open({ kind: 'sqlite', path: exclusive.path })).toMatchObject({ ok: true });
  },
  2 * MINUTES,
);

it(
  'F16: a writer without a log, which waits no more than 100 ms, is never refused while the run is paged, scrubbed and read whole',
  async ({ task }) => {
    const host = startHost();
    const { path, order } = await writing('DELETE', 100);
    const { source } = await value(host.open({ kind: 'sqlite', path }));
    await tries(task, amount(2, 10), async (number) => {
      let isWriting = true;
      const order1 = order({ append: 150 }).finally(() => {
        isWriting = false;
      });
      while (isWriting)
        for (const [name, answer] of await askAll(host, source))
          if (!answer.ok) expect([name, answer.fault.kind]).toEqual([name, expect.toBeOneOf(['busy', 'cancelled'])]);
      expect(await order1).toMatchObject({ sequence: 100 + 150 * number, refused: 0 });
    });
  },
  3 * MINUTES,
);

/** Puts a database with other events in the place of one, in a way that SQLite does not notice or notices too late. */
const REPLACEMENTS: Readonly<Record<string, (path: string, other: string) => void>> = {
  'renamed over it': (path, other) => renameSync(other, path),
  'copied over it': (path, other) => copyFileSync(other, path),
  'copied over it, with the same change counter': (path, other) => {
    const [old, bytes] = [readFileSync(path), readFileSync(other)];
    for (const at of [24, 92]) old.copy(bytes, at, at, at + 4);
    writeFileSync(path, bytes);
  },
  'written after it was cut to nothing': (path, other) => {
    truncateSync(path, 0);
    writeFileSync(path, readFileSync(other));
  },
  'moved there after it was deleted': (path, other) => {
    rmSync(path);
    renameSync(other, path);
  },
};

it.for(Object.keys(REPLACEMENTS))('F17: nothing of a file is shown that is %s, before it is opened again', { timeout: 2 * MINUTES }, async (how, { task }) => {
  const host = startHost();
  await tries(task, amount(1, 6), async (number) => {
    const folder = temporaryFolder();
    const [path, other] = [join(folder, 'run.db'), join(folder, 'other.db')];
    makeFile(path, { events: written('old', 900) });
    makeFile(other, { events: written('new', 900) });
    const { source } = await value(host.open({ kind: 'sqlite', path }));
    if (number % 2 === 0) await value(host.ask('executions.open', { ...RUN, source }));
    const during = askAll(host, source);
    REPLACEMENTS[how]?.(path, other);
    const after = await askAll(host, source);
    for (const [name, answer] of [...(await during), ...after]) {
      expect(JSON.stringify([name, answer])).not.toContain('new ');
      if (!answer.ok) expect([name, answer.fault.kind]).toEqual([name, expect.toBeOneOf(['file-replaced', 'file-missing', 'cancelled', 'damaged'])]);
    }
    expect(await host.ask('executions.facets', { source })).toMatchObject({ ok: false, fault: { kind: 'file-replaced' } });
    await value(host.sources.reload(source));
    const { text } = await value(host.ask('values.text', { ...RUN, source, sequence: 900, reading: 'replay', pointer: '' }));
    expect(text).toBe(naiveText(written('new', 900), 900));
    await host.sources.close(source);
  });
});

it('F41: a database that is replaced while it is replayed, and whose new writer is killed, is still refused', async () => {
  const host = startHost();
  const { path } = await writing('DELETE', 200);
  const { source } = await value(host.open({ kind: 'sqlite', path }));
  const other = await writing('DELETE', 10);
  await other.order({ run: `PRAGMA cache_size = 1; BEGIN; UPDATE events SET kind_json = kind_json || ' '` });
  other.child.kill('SIGKILL');
  await until(() => other.child.signalCode !== null);
  const opening = host.ask('executions.open', { ...RUN, source });
  renameSync(other.path, path);
  await opening;
  expect(await host.ask('executions.facets', { source })).toMatchObject({ ok: false, fault: { kind: 'file-replaced' } });
  new Database(path).close();
});

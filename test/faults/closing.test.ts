import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { Random } from '../../scripts/sample/random.ts';
import { until, value } from '../support/engine.ts';
import { askAll } from '../support/every-request.ts';
import { startHost } from '../support/host-engine.ts';
import { SEED } from '../support/hostile.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { childrenOf } from '../support/processes.ts';
import { temporaryFolder } from '../support/temp.ts';
import { amount, tries } from '../support/tries.ts';
import { startWriter } from '../support/writer.ts';

const MINUTES = 60_000;
const EVENTS = Array.from({ length: 50 }, (_, i) => sets(i + 1, `k${i % 7}`, `value ${i}`));

function madeFile(before = ''): string {
  const path = join(temporaryFolder(), 'made.db');
  makeFile(path, { events: EVENTS, before });
  return path;
}

const filesOpenIn = (pid: number | 'self'): number => readdirSync(`/proc/${pid}/fd`).length;

it(
  'F40: each request before, during and after the opening, the closing and the death of the engine has its answer or its Fault, and nothing stays open',
  async ({ task }) => {
    const host = startHost();
    const allowed = async (answers: ReturnType<typeof askAll>, kinds: readonly string[]): Promise<void> => {
      for (const [name, answer] of await answers) expect([name, answer.ok ? 'ok' : answer.fault.kind]).toEqual([name, expect.toBeOneOf(kinds)]);
    };
    const cycle = async (): Promise<void> => {
      const path = madeFile();
      const next = host.sources.opened.length + 1;
      await allowed(askAll(host, 999), ['no-source', 'ok']);
      const opening = host.open({ kind: 'sqlite', path });
      await allowed(askAll(host, next), ['ok', 'no-source', 'cancelled']);
      const { source } = await value(opening);
      await allowed(askAll(host, source), ['ok', 'cancelled']);
      // Another one is opened under the same id, and the first one while it is still being opened.
      await Promise.all([
        host.sources.reload(source),
        host.sources.reload(source),
        host.open({ kind: 'sqlite', path }).then(async (other) => host.sources.close((await value(Promise.resolve(other))).source)),
      ]);
      await allowed(askAll(host, source), ['ok', 'cancelled']);
      const during = askAll(host, source);
      await Promise.all([host.sources.close(source), host.sources.close(source), allowed(during, ['ok', 'no-source', 'cancelled'])]);
      await allowed(askAll(host, source), ['no-source', 'ok']);
    };
    await cycle();
    const [engine = 0] = host.pids();
    const before = [filesOpenIn(engine), childrenOf(process.pid).length];
    await tries(task, amount(3, 30), async () => {
      await cycle();
      expect([filesOpenIn(engine), childrenOf(process.pid).length]).toEqual(before);
    });
    await value(host.open({ kind: 'sqlite', path: madeFile() }));
    const during = askAll(host, host.sources.opened[0]?.source ?? 0);
    host.kill();
    await allowed(during, ['engine-gone', 'ok']);
    await until(() => host.restored.length === 1);
    expect(host.pids()).toHaveLength(1);
    host.engine.close();
    await until(() => host.pids().length === 0);
    await allowed(askAll(host, 1), ['engine-gone']);
  },
  5 * MINUTES,
);

it(
  'F40: a source that is closed while it waits for a lock of its writer answers that it is closed',
  async ({ task }) => {
    const path = join(temporaryFolder(), 'run.db');
    const writer = await startWriter(path, 'a', 'DELETE');
    onTestFinished(() => writer.end());
    await writer.order({ append: 40 });
    const host = startHost();
    await tries(task, amount(2, 10), async () => {
      const { source } = await value(host.open({ kind: 'sqlite', path }));
      await writer.order({ hold: true });
      const waiting = askAll(host, source);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      await host.sources.close(source);
      for (const [name, answer] of await waiting)
        if (!answer.ok) expect([name, answer.fault.kind]).toEqual([name, expect.toBeOneOf(['no-source', 'cancelled', 'busy'])]);
      await writer.order({ hold: false });
    });
  },
  2 * MINUTES,
);

it(
  'F41: an engine that is killed while a private copy is made or opened leaves no copy behind',
  async ({ task }) => {
    const random = new Random(SEED);
    const path = madeFile('PRAGMA journal_mode = WAL');
    const folder = join(temporaryFolder(), 'copies');
    mkdirSync(folder);
    const before = process.env['TMPDIR'];
    const host = startHost();
    process.env['TMPDIR'] = folder;
    onTestFinished(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    await tries(task, amount(3, 20), async () => {
      host.engine.restart();
      await until(() => host.pids().length === 1);
      const opening = host.open({ kind: 'sqlite', path });
      for (let turn = random.between(0, 400); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
      host.kill();
      const opened = await opening;
      if (opened.ok) await host.sources.close(opened.value.source);
      else expect(opened.fault.kind).toBe('engine-gone');
      expect(readdirSync(folder)).toEqual([]);
    });
  },
  5 * MINUTES,
);

it(
  'F41: a file that is replaced while its writer has it locked shows nothing of the new file',
  async ({ task }) => {
    await tries(task, amount(2, 10), async () => {
      const [path, other] = [join(temporaryFolder(), 'run.db'), join(temporaryFolder(), 'other.db')];
      const writer = await startWriter(path, 'old', 'DELETE');
      onTestFinished(() => writer.end());
      await writer.order({ append: 40 });
      makeFile(other, { events: Array.from({ length: 90 }, (_, i) => sets(i + 1, 'k', `new ${i}`)) });
      const host = startHost();
      const { source } = await value(host.open({ kind: 'sqlite', path }));
      await writer.order({ hold: true });
      const waiting = askAll(host, source);
      renameSync(other, path);
      await writer.order({ hold: false });
      for (const [name, answer] of await waiting) {
        expect(JSON.stringify([name, answer], (_, field: unknown) => (typeof field === 'bigint' ? String(field) : field))).not.toContain('new ');
        if (!answer.ok) expect(['busy', 'file-replaced', 'cancelled']).toContain(answer.fault.kind);
      }
      expect(await host.ask('executions.facets', { source })).toMatchObject({ ok: false, fault: { kind: 'file-replaced' } });
      expect(await host.sources.reload(source)).toMatchObject({ ok: true });
      expect(await host.ask('executions.open', { source, execution: 'run' })).toMatchObject({ ok: true, value: { lastSequence: 90 } });
      host.engine.close();
      await writer.end();
    });
  },
  5 * MINUTES,
);

it(
  'F18: the engine never opens the file of a database itself, which would drop the locks of SQLite, and a lock of the writer outlasts its reading',
  async ({ task }) => {
    await tries(task, amount(1, 5), async () => {
      const [path, folder] = [join(temporaryFolder(), 'run.db'), temporaryFolder()];
      const writer = await startWriter(path, 'a', 'DELETE');
      await writer.order({ append: 40 });
      const opened = join(folder, 'opened');
      const host = startHost({ opened });
      const { source } = await value(host.open({ kind: 'sqlite', path }));
      await writer.order({ run: 'BEGIN IMMEDIATE' });
      await askAll(host, source);
      const target = join(folder, 'state.json');
      await value(host.ask('export.write', { source, execution: 'run', sequence: 9, reading: 'replay', kind: 'state', form: 'pretty', path: target }));
      await host.sources.close(source);
      const other = new Database(path, { timeout: 0 });
      expect(() => other.exec('BEGIN IMMEDIATE')).toThrow('locked');
      other.close();
      expect(await writer.order({ run: 'COMMIT', append: 0 })).toMatchObject({ refused: 0 });
      const list = readFileSync(opened, 'utf8');
      // The list works: the engine opens what it writes itself.
      expect(list).toContain(folder);
      expect(list).not.toContain(path);
      host.engine.close();
      await writer.end();
    });
  },
  2 * MINUTES,
);

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { Want } from '../../core/contract/frame.ts';
import { Random } from '../../scripts/sample/random.ts';
import { until, value } from '../support/engine.ts';
import { type HostEngine, startHost } from '../support/host-engine.ts';
import { SEED } from '../support/hostile.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { temporaryFolder } from '../support/temp.ts';
import { amount, tries } from '../support/tries.ts';

const MINUTES = 60_000;
const MEGABYTE = 1_000_000;
const SCREEN: Want = {
  tree: { from: 0, count: 100, opened: [], closed: [], reveal: true },
  text: { from: 0, count: 100 },
  diff: { from: 0, count: 100, against: null },
  changes: {},
  event: {},
};

/** The most memory that the engine has had, in megabytes. */
function peakOf(host: HostEngine): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${host.pids()[0]}/status`, 'utf8'))?.[1]) / 1024;
}

/** A database whose events SQLite makes itself. @param select the columns sequence and kind_json of `n`, from 1 to `count`. */
function generated(count: number, kind: string): string {
  const path = join(temporaryFolder(), 'large.db');
  makeFile(path, { events: [] });
  const database = new Database(path);
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) INSERT INTO events SELECT 'run', i, ${kind}, '2026-06-01T12:00:00+00:00' FROM n`,
  );
  database.close();
  return path;
}

async function openRun(host: HostEngine, path: string): Promise<{ readonly source: number; readonly execution: 'run' }> {
  const { source } = await value(host.open({ kind: 'sqlite', path }));
  const run = { source, execution: 'run' } as const;
  await value(host.ask('executions.open', run));
  return run;
}

it(
  'F26: of a large state only what is on screen crosses to the page, within a gigabyte, and all of it is exported',
  async ({ task }) => {
    const [events, keys] = [amount(10, 100), 1000];
    const path = join(temporaryFolder(), 'large.db');
    const part = (n: number): unknown => Object.fromEntries(Array.from({ length: keys }, (_, i) => [`key ${i}`, `${n} ${'x'.repeat(480)}`]));
    makeFile(path, { events: Array.from({ length: events }, (_, i) => sets(i + 1, `part ${i}`, part(i))) });
    task.meta.size = `a state of ${Math.round(statSync(path).size / MEGABYTE)} MB`;
    const host = startHost();
    const run = await openRun(host, path);
    const random = new Random(SEED);
    await tries(task, 5, async (number) => {
      const sequence = number === 1 ? events : random.between(1, events);
      await until(() => host.updates.some(({ state }) => state === 'done'));
      const answer = await value(host.ask('frame.at', { ...run, sequence, reading: 'replay', want: SCREEN }));
      expect(JSON.stringify(answer).length).toBeLessThan(MEGABYTE);
      expect(answer.slices.text?.all).toBe(sequence * (keys + 2) + 2);
      expect(answer.slices.changes).toMatchObject({ added: 1 });
    });
    const target = join(temporaryFolder(), 'state.json');
    await value(host.ask('export.write', { ...run, sequence: events, reading: 'replay', kind: 'state', form: 'canonical', path: target }));
    const { current_state: state } = JSON.parse(readFileSync(target, 'utf8')) as { current_state: Record<string, unknown> };
    expect(Object.keys(state)).toHaveLength(events);
    expect(peakOf(host)).toBeLessThan(1024);
  },
  5 * MINUTES,
);

it(
  'F27: a run of very many events is opened at once, answers at every moment while it is indexed, and its indexing can be cancelled',
  async ({ task }) => {
    const count = amount(50_000, 1_000_000, 10_000_000);
    task.meta.size = `${count.toLocaleString('en')} events`;
    const path = generated(
      count,
      `'{"type":"node_completed","node_id":"n' || (i % 7) || '","output":null,"state_patch":{"k' || (i % 11) || '":' || i || '},"duration_ms":1}'`,
    );
    const host = startHost();
    const run = await openRun(host, path);
    const random = new Random(SEED);
    /** The last event that set each key. */
    const expected = (at: number): string => {
      const keys = Array.from({ length: 11 }, (_, k) => [`k${k}`, at - ((at - k + 11) % 11)] as const).filter(([, n]) => n > 0);
      return JSON.stringify(Object.fromEntries(keys.sort(([a], [b]) => (a < b ? -1 : 1))), null, 2);
    };
    const [first] = host.updates;
    if (first !== undefined) await host.ask('tasks.cancel', { task: first.task });
    await tries(task, amount(10, 40), async (number) => {
      const sequence = number === 1 ? count : random.between(1, count);
      const { text } = await value(host.ask('values.text', { ...run, sequence, reading: 'replay', pointer: '' }));
      expect(text).toBe(expected(sequence));
      const page = await value(host.ask('events.page', { ...run, from: Math.max(0, sequence - 10), count: 10, filter: '' }));
      expect(page.rows.map((row) => row.sequence)).toEqual(page.rows.map((_, i) => Math.max(0, sequence - 10) + i + 1));
    });
    await until(() => host.updates.at(-1)?.state === 'done');
    expect(host.updates.filter(({ state }) => state === 'running').length).toBeGreaterThan(1);
    expect(await value(host.ask('events.page', { ...run, from: 0, count: 1, filter: '' }))).toMatchObject({ total: count, complete: true });
  },
  30 * MINUTES,
);

it(
  'F28: one huge event, one huge key and one object of very many keys are listed, cut on screen, and end nothing',
  async ({ task }) => {
    const [megabytes, keys] = [amount(5, 60, 200), amount(20_000, 200_000, 1_000_000)];
    task.meta.size = `an event of ${megabytes} MB, a key of 100 kB, ${keys.toLocaleString('en')} keys`;
    const path = join(temporaryFolder(), 'huge.db');
    const many = Object.fromEntries(Array.from({ length: keys }, (_, i) => [`key ${i}`, i]));
    makeFile(path, { events: [sets(1, 'small', 1), sets(2, 'x'.repeat(100_000), 2), sets(3, 'many', many), sets(5, 'last', 5)] });
    const database = new Database(path);
    database.exec(
      `INSERT INTO events SELECT 'run', 4, '{"type":"node_completed","node_id":"huge","output":"' || printf('%.*c', ${megabytes * MEGABYTE}, 'x') || '","state_patch":{"huge":4},"duration_ms":1}', ''`,
    );
    database.close();
    const host = startHost();
    const run = await openRun(host, path);
    await tries(task, 5, async (sequence) => {
      const frame = await value(
        host.ask('frame.at', {
          ...run,
          sequence,
          reading: 'replay',
          want: { ...SCREEN, tree: { from: 0, count: 100, opened: ['/many'], closed: [], reveal: true } },
        }),
      );
      expect(JSON.stringify(frame).length).toBeLessThan(2 * MEGABYTE);
      const page = await value(host.ask('events.page', { ...run, from: 0, count: 50, filter: '' }));
      expect(page.rows.map((row) => row.sequence)).toEqual([1, 2, 3, 4, 5]);
      expect(JSON.stringify(page).length).toBeLessThan(MEGABYTE);
      const text = await host.ask('events.text', { ...run, sequence });
      if (!text.ok) expect([sequence, text.fault.kind]).toEqual([4, 'too-large']);
      const last = await value(host.ask('values.text', { ...run, sequence: 5, reading: 'replay', pointer: '/last' }));
      expect(last.text).toBe('5');
    });
    expect(await value(host.ask('executions.facets', { source: run.source }))).toMatchObject({ total: 1 });
  },
  5 * MINUTES,
);

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canonicalJson } from '../../core/json/print.ts';
import { origin } from '../../core/replay/fold.ts';
import { applyEvents, materialize } from '../../core/store/materialize.ts';
import type { StateBackend } from '../../core/store/port.ts';
import { Random } from '../../scripts/sample/random.ts';
import { SEED } from '../support/hostile.ts';
import { emptySchema } from '../support/postgres.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { storeAt } from '../support/store-at.ts';
import { temporaryFolder } from '../support/temp.ts';

const SUPPORT = join(import.meta.dirname, '..', 'support');
const EXECUTION = '00000000-0000-4000-8000-00000000c0de';
const NOW = '2026-06-01T12:00:00+00:00';
const SHORT = process.env['HINDSIGHT_SHORT'] === '1';
const KILLS = SHORT ? 20 : 200;
const CRASHES = SHORT ? 3 : 10;
const [APPENDERS, APPENDS] = SHORT ? [4, 60] : [8, 500];
const [CLAIMERS, ITEMS] = SHORT ? [4, 150] : [16, 2000];
const MINUTES = 60_000;

async function emptyStore(address: string): Promise<void> {
  const store = await storeAt(address);
  const row = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;
  await store.createExecution({ executionId: EXECUTION, ...row });
  await store.close();
}

/** Every acknowledged event is stored exactly once, there is no gap, and recovery equals replay. */
async function check(address: string, acknowledged: readonly (readonly [sequence: number, id: string])[]): Promise<number> {
  const store = await storeAt(address);
  const events = await store.getEvents(EXECUTION);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const stored = new Map(events.map(({ sequence, id }) => [sequence, id]));
  expect(acknowledged.filter(([sequence, id]) => stored.get(sequence) !== id)).toEqual([]);
  const recovered = await materialize(store, EXECUTION);
  const folded = applyEvents(origin(new Map()), events);
  expect([canonicalJson(recovered.currentState), canonicalJson(recovered.completedNodes), recovered.lastSequence]).toEqual([
    canonicalJson(folded.currentState),
    canonicalJson(folded.completedNodes),
    folded.lastSequence,
  ]);
  await store.close();
  if (!address.startsWith('postgres')) {
    const database = new Database(address);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  }
  return events.length;
}

function linesOf(log: string): string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
}

function acknowledgedIn(log: string): (readonly [number, string])[] {
  return linesOf(log)
    .filter((line) => /^\d+ [0-9a-f-]{36}$/.test(line))
    .map((line) => [Number(line.split(' ')[0]), line.split(' ')[1] as string] as const);
}

function program(name: string, ...args: readonly string[]): { readonly exit: Promise<number | null>; readonly kill: () => void } {
  const child = spawn(process.execPath, [join(SUPPORT, name), ...args], { stdio: 'inherit' });
  return { exit: new Promise((resolve) => child.once('exit', resolve)), kill: () => child.kill('SIGKILL') };
}

/** Starts an appender and returns after this many more events have been acknowledged. */
async function appending(address: string, log: string, more: number) {
  const before = linesOf(log);
  const starts = before.filter((line) => line === 'ready').length;
  const target = acknowledgedIn(log).length + more;
  const appender = program('appender.ts', address, EXECUTION, log, '1000000');
  while (linesOf(log).filter((line) => line === 'ready').length === starts || acknowledgedIn(log).length < target)
    await new Promise((resolve) => setImmediate(resolve));
  return appender;
}

describe('writers that are stopped', () => {
  it(
    `by SIGKILL lose no acknowledged event on SQLite (${KILLS} seeded moments)`,
    async () => {
      const random = new Random(SEED);
      const folder = temporaryFolder();
      const [path, log] = [join(folder, 'store.db'), join(folder, 'log')];
      await emptyStore(path);
      let before = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const appender = await appending(path, log, random.between(0, 60));
        appender.kill();
        await appender.exit;
        const count = await check(path, acknowledgedIn(log));
        expect(count).toBeGreaterThanOrEqual(before);
        before = count;
      }
    },
    10 * MINUTES,
  );

  it(
    `by an immediate stop of the server lose no acknowledged event on Postgres (${CRASHES} times)`,
    async () => {
      const random = new Random(SEED);
      const server = await PostgresServer.start();
      onTestFinished(() => server.stop());
      const log = join(temporaryFolder(), 'log');
      await emptyStore(server.url());
      for (let crash = 0; crash < CRASHES; crash++) {
        const appender = await appending(server.url(), log, random.between(0, 200));
        await server.crash();
        // The code of an append that was rejected; an unhandled error would have another one.
        expect(await appender.exit).toBe(3);
        await check(server.url(), acknowledgedIn(log));
      }
    },
    10 * MINUTES,
  );
});

const BACKENDS: readonly (readonly [name: string, newAddress: () => Promise<string>])[] = [
  ['SQLite', async () => join(temporaryFolder(), 'store.db')],
  ['Postgres', emptySchema],
];

describe.each(BACKENDS)('many programs on one store on %s', (_, newAddress) => {
  it(
    `append to one execution without a gap, a duplicate or a lost event (${APPENDERS} x ${APPENDS})`,
    async () => {
      const address = await newAddress();
      await emptyStore(address);
      const folder = temporaryFolder();
      const logs = Array.from({ length: APPENDERS }, (__, i) => join(folder, `log-${i}`));
      const codes = await Promise.all(logs.map((log) => program('appender.ts', address, EXECUTION, log, String(APPENDS)).exit));
      expect(codes).toEqual(Array(APPENDERS).fill(0));
      const acknowledged = logs.flatMap(acknowledgedIn);
      expect(acknowledged).toHaveLength(APPENDERS * APPENDS);
      expect(await check(address, acknowledged)).toBe(APPENDERS * APPENDS);
    },
    10 * MINUTES,
  );

  it(
    `complete each work item once or make it a dead letter, while workers die and leases expire (${CLAIMERS} on ${ITEMS})`,
    async () => {
      const address = await newAddress();
      await emptyStore(address);
      const store = await storeAt(address);
      onTestFinished(() => store.close());
      await store.transaction((inside) => enqueued(inside, ITEMS));
      const folder = temporaryFolder();
      const stop = join(folder, 'stop');
      const logs = Array.from({ length: CLAIMERS }, (__, i) => join(folder, `log-${i}`));
      const workers = logs.map((log, i) => program('claimer.ts', address, `worker-${i}`, String(SEED + i), '40', stop, log));
      while ((await statuses(address)).some(({ status }) => status === 'pending' || status === 'claimed'))
        await new Promise((resolve) => setTimeout(resolve, 50));
      writeFileSync(stop, '');
      expect(await Promise.all(workers.map(({ exit }) => exit))).toEqual(Array(CLAIMERS).fill(0));

      const items = await statuses(address);
      const completed = logs.flatMap((log) => linesOf(log).filter((line) => line !== ''));
      expect(items).toHaveLength(ITEMS);
      expect(new Set(completed).size).toBe(completed.length);
      expect(new Set(completed)).toEqual(new Set(items.filter(({ status }) => status === 'completed').map(({ id }) => id)));
      expect(items.filter(({ status }) => status === 'completed' || status === 'dead_lettered')).toHaveLength(ITEMS);
      // One claim in eight is dropped, so some items are completed by another worker.
      expect(items.some(({ status, attempt }) => status === 'completed' && attempt > 0)).toBe(true);
    },
    10 * MINUTES,
  );
});

async function enqueued(store: StateBackend, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await store.enqueueWorkItem({
      id: randomUUID(),
      executionId: EXECUTION,
      nodeId: `n${i}`,
      queueType: i % 3 ? 'tool' : 'model',
      payload: { i },
      createdAt: NOW,
    });
  }
}

/** Queries the database itself, not the store. */
async function statuses(address: string): Promise<{ id: string; status: string; attempt: number }[]> {
  const sql = 'SELECT id, status, attempt FROM work_items';
  if (!address.startsWith('postgres')) {
    const database = new Database(address, { readonly: true, timeout: 5000 });
    const rows = database.prepare(sql).all();
    database.close();
    return rows as { id: string; status: string; attempt: number }[];
  }
  const url = new URL(address);
  const client = new pg.Client({ connectionString: address.split('?')[0] });
  await client.connect();
  const { rows } = await client.query(sql.replace('work_items', `"${url.searchParams.get('schema')}".work_items`));
  await client.end();
  return rows.map(({ id, status, attempt }) => ({ id, status, attempt: Number(attempt) }));
}

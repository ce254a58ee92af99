import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../core/json/print.ts';
import { origin } from '../../core/replay/fold.ts';
import { applyEvents, materialize } from '../../core/store/materialize.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { Random } from '../../scripts/sample/random.ts';
import { SEED } from '../support/hostile.ts';
import { temporaryFolder } from '../support/temp.ts';

const APPENDER = join(import.meta.dirname, '..', 'support', 'appender.ts');
const EXECUTION = '00000000-0000-4000-8000-00000000c0de';
const KILLS = Number(process.env['KILLS'] ?? 20);

async function emptyStore(path: string): Promise<void> {
  const store = await SqliteBackend.open(path, { generation: 11 });
  const now = '2026-06-01T12:00:00+00:00';
  await store.createExecution({
    executionId: EXECUTION,
    workflowId: 'w',
    workflowVersion: '1',
    status: 'running',
    initialInput: {},
    currentState: {},
    startedAt: now,
    updatedAt: now,
  });
  await store.close();
}

/** Every acknowledged event is there exactly once, nothing is missing between, and what is recovered is what the log says. */
async function check(path: string, acknowledged: readonly (readonly [sequence: number, id: string])[]): Promise<number> {
  const store = await SqliteBackend.open(path);
  const events = await store.getEvents(EXECUTION);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const stored = new Map(events.map(({ sequence, id }) => [sequence, id]));
  for (const [sequence, id] of acknowledged) expect([sequence, stored.get(sequence)]).toEqual([sequence, id]);
  const recovered = await materialize(store, EXECUTION);
  const folded = applyEvents(origin(new Map()), events);
  expect([canonicalJson(recovered.currentState), canonicalJson(recovered.completedNodes), recovered.lastSequence]).toEqual([
    canonicalJson(folded.currentState),
    canonicalJson(folded.completedNodes),
    folded.lastSequence,
  ]);
  await store.close();
  const database = new Database(path);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
  return events.length;
}

function acknowledgedIn(log: string): (readonly [number, string])[] {
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /^\d+ [0-9a-f-]{36}$/.test(line))
    .map((line) => [Number(line.split(' ')[0]), line.split(' ')[1] as string] as const);
}

describe('writers of one SQLite file', () => {
  it(`that are killed lose nothing that was acknowledged (${KILLS} seeded moments)`, async () => {
    const random = new Random(SEED);
    const folder = temporaryFolder();
    const path = join(folder, 'store.db');
    const log = join(folder, 'log');
    await emptyStore(path);
    let before = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [APPENDER, path, EXECUTION, log, '1000000'], { stdio: 'inherit' });
      const gone = new Promise((resolve) => child.once('exit', resolve));
      const ready = kill + 1;
      const target = acknowledgedIn(log).length + random.between(0, 60);
      // The moment is so many acknowledgements after the start, and then some turns of this loop.
      while ((existsSync(log) ? readFileSync(log, 'utf8').split('ready').length - 1 : 0) < ready || acknowledgedIn(log).length < target)
        await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await gone;
      const count = await check(path, acknowledgedIn(log));
      expect(count).toBeGreaterThanOrEqual(before);
      before = count;
    }
  }, 120_000);

  it('that append to one execution at once never give a gap, a double or a lost event', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'store.db');
    await emptyStore(path);
    const logs = Array.from({ length: 8 }, (_, i) => join(folder, `log-${i}`));
    const codes = await Promise.all(
      logs.map((log) => new Promise((resolve) => spawn(process.execPath, [APPENDER, path, EXECUTION, log, '100'], { stdio: 'inherit' }).once('exit', resolve))),
    );
    expect(codes).toEqual(Array(8).fill(0));
    const acknowledged = logs.flatMap(acknowledgedIn);
    expect(acknowledged).toHaveLength(800);
    expect(await check(path, acknowledged)).toBe(800);
  }, 120_000);
});

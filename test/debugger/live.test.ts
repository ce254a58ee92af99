import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FaultError } from '../../core/fault.ts';
import type { EventKind } from '../../core/jamjet/event-kind.ts';
import { openSource } from '../../core/source/open.ts';
import type { Source } from '../../core/source/port.ts';
import { type PreparedSource, prepareSource, sourceSpec } from '../../core/source/spec.ts';
import type { StateBackend } from '../../core/store/port.ts';
import { startEngine, type TestEngine, until, value } from '../support/engine.ts';
import { emptySchema } from '../support/postgres.ts';
import { storeAt } from '../support/store-at.ts';
import { temporaryFolder } from '../support/temp.ts';

const NOW = '2026-06-01T12:00:00+00:00';
const ADDRESSES: readonly (readonly [string, () => Promise<string>])[] = [
  ['SQLite', async () => join(temporaryFolder(), 'live.db')],
  ['Postgres', () => emptySchema()],
];

/** A run of some events that is open and indexed, in a database that stays open for writing. */
async function followed(
  address: string,
  events: number,
  open?: (prepared: PreparedSource) => Promise<Source>,
): Promise<{ engine: TestEngine; store: StateBackend; run: { source: number; execution: string } }> {
  const store = await storeAt(address);
  onTestFinished(() => store.close());
  const executionId = randomUUID();
  const row = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;
  await store.createExecution({ executionId, ...row });
  for (let i = 1; i <= events; i++) await append(store, executionId, i);
  const engine = startEngine(open === undefined ? {} : { open });
  onTestFinished(async () => void (await engine.client.ask('sources.close', { source: 1 })));
  await value(engine.client.ask('sources.open', { source: 1, prepared: await prepareSource(sourceSpec(address)) }));
  const run = { source: 1, execution: executionId };
  await value(engine.client.ask('executions.open', run));
  if (open === undefined) await until(() => engine.updates.at(-1)?.state === 'done');
  return { engine, store, run };
}

function append(store: StateBackend, executionId: string, i: number): Promise<number> {
  const kind: EventKind = { type: 'node_completed', node_id: `n${i % 3}`, output: i, state_patch: { last: i, [`k${i % 5}`]: i }, duration_ms: i };
  return store.appendEvent({ id: randomUUID(), executionId, kind, createdAt: NOW });
}

const grownTo = (engine: TestEngine, sequence: number) => (): boolean =>
  engine.changes.some(({ execution }) => execution !== null && execution.lastSequence >= sequence);

describe.each(ADDRESSES)('M20: a run that is being written on %s', (_, address) => {
  it('grows without being read again, and every answer has what is new', async () => {
    const { engine, store, run } = await followed(await address(), 300);
    const { client } = engine;
    const costs = await value(client.ask('costs.at', { ...run, sequence: 300 }));
    expect((await value(client.ask('events.page', { ...run, from: 0, count: 1, filter: 'node:n1' }))).total).toBe(100);
    for (let i = 301; i <= 360; i++) await append(store, run.execution, i);
    await until(grownTo(engine, 360));
    const page = await value(client.ask('events.page', { ...run, from: 0, count: 500, filter: '' }));
    expect(page.rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 360 }, (_, i) => i + 1));
    expect((await value(client.ask('events.page', { ...run, from: 0, count: 1, filter: 'node:n1' }))).total).toBe(120);
    const { text } = await value(client.ask('values.text', { ...run, sequence: 360, reading: 'replay', pointer: '/last' }));
    expect(text).toBe('360');
    const recovered = await value(client.ask('values.text', { ...run, sequence: 360, reading: 'recovery', pointer: '/k4' }));
    expect(recovered.text).toBe('359');
    const after = await value(client.ask('costs.at', { ...run, sequence: 360 }));
    expect(JSON.stringify(after)).not.toBe(JSON.stringify(costs));
    expect(await value(client.ask('explain.changes', { ...run, pointer: '/last' }))).toMatchObject({ total: 360 });
  });

  it('is searched on from where a search of it was stopped, which finds what one without a stop finds', async () => {
    const { engine, run } = await followed(await address(), 400);
    const query = { text: 'n1', regex: false, matchCase: false, wholeWord: false, artifacts: false };
    const page = (upTo: number) => value(engine.client.ask('search.page', { ...run, from: 0, count: 500, query, upTo }));
    const whole = engine.client.ask('search.page', { ...run, from: 0, count: 500, query, upTo: 0 });
    await value(engine.client.ask('search.stop', run));
    await value(whole);
    let found = await page(0);
    while (!found.complete && !found.stopped) found = await page(0);
    // It may have been faster than the stop.
    while (!found.complete) found = await page(400);
    expect(found).toMatchObject({ events: found.hits.length, searched: 400, stopped: false });
    expect(found.hits.map(({ sequence }) => sequence)).toEqual(Array.from({ length: found.total }, (_, i) => 1 + 3 * i));
  });

  it('is searched on from where a search of it ended', async () => {
    const { engine, store, run } = await followed(await address(), 30);
    const query = { text: 'n1', regex: false, matchCase: false, wholeWord: false, artifacts: false };
    const page = (upTo: number) => value(engine.client.ask('search.page', { ...run, from: 0, count: 100, query, upTo }));
    const ended = async (upTo: number) => {
      let found = await page(upTo);
      while (!found.complete) found = await page(upTo);
      return found;
    };
    expect(await ended(0)).toMatchObject({ total: 10, events: 10, searched: 30 });
    for (let i = 31; i <= 60; i++) await append(store, run.execution, i);
    await until(grownTo(engine, 60));
    expect(await ended(30)).toMatchObject({ total: 10, searched: 30 });
    const grown = await ended(60);
    expect(grown).toMatchObject({ total: 20, events: 20, searched: 60 });
    expect(grown.hits.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => 1 + 3 * i));
  });

  it('tells of the status in its row, and of nothing when nothing is written', async () => {
    const { engine, store, run } = await followed(await address(), 3);
    const before = await value(engine.client.ask('explain.why', run));
    await store.updateExecutionStatus(run.execution, 'cancelled');
    await until(() => engine.changes.some(({ execution }) => execution?.status === 'cancelled'));
    expect(engine.changes.filter(({ execution }) => execution !== null)).toMatchObject([{ execution: { lastSequence: 3, isAnew: false } }]);
    // What is explained of it is of the status that it has now.
    const after = await value(engine.client.ask('explain.why', run));
    expect([before.kind, after.kind]).toEqual(['no-definition', 'row-only']);
  });
});

describe('M20: on SQLite', () => {
  it('F39: an event that comes late, before the last one that is known, is not missed', async () => {
    const path = join(temporaryFolder(), 'live.db');
    const { engine, run } = await followed(path, 5);
    const writer = new Database(path);
    onTestFinished(() => void writer.close());
    const insert = writer.prepare(
      `INSERT INTO events (id, execution_id, sequence, kind_json, created_at) SELECT ?, execution_id, ?, kind_json, created_at FROM events WHERE sequence = 1`,
    );
    insert.run(randomUUID(), 8);
    await until(grownTo(engine, 8));
    insert.run(randomUUID(), 7);
    await until(() => engine.changes.some(({ execution }) => execution?.isAnew === true));
    const { rows } = await value(engine.client.ask('events.page', { ...run, from: 0, count: 100, filter: '' }));
    expect(rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 7, 8]);
  });

  it('what comes while a run is still being checked, and after a moment in which nothing could be read, is told', async () => {
    let [release, failures, isChecking] = [(): void => {}, 0, false];
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const open = async (prepared: PreparedSource): Promise<Source> => {
      const source = await openSource(prepared);
      const check: Source['check'] = async (...args) => {
        isChecking = true;
        await gate;
        return source.check(...args);
      };
      const snapshotCount: Source['snapshotCount'] = async (...args) => {
        if (failures-- > 0) throw new FaultError('busy');
        return source.snapshotCount(...args);
      };
      const changed: Partial<Source> = { check, snapshotCount };
      return new Proxy(source, {
        get: (target, name) => {
          const member = changed[name as 'check'] ?? Reflect.get(target, name, target);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      });
    };
    const { engine, store, run } = await followed(join(temporaryFolder(), 'live.db'), 5, open);
    await until(() => isChecking);
    await append(store, run.execution, 6);
    await until(() => engine.changes.some(({ execution }) => execution === null));
    expect(engine.changes.some(({ execution }) => execution !== null)).toBe(false);
    failures = 2;
    release();
    await until(grownTo(engine, 6));
    expect(failures).toBeLessThan(0);
    expect((await value(engine.client.ask('events.page', { ...run, from: 0, count: 100, filter: '' }))).rows).toHaveLength(6);
  });

  it('a file that was closed when it was opened here says so when somebody writes to it', async () => {
    const path = join(temporaryFolder(), 'closed.db');
    const store = await storeAt(path);
    await store.createExecution({
      executionId: randomUUID(),
      workflowId: 'w',
      workflowVersion: '1',
      status: 'running',
      initialInput: {},
      currentState: {},
      startedAt: NOW,
      updatedAt: NOW,
    });
    await store.close();
    const engine = startEngine();
    onTestFinished(async () => void (await engine.client.ask('sources.close', { source: 1 })));
    await value(engine.client.ask('sources.open', { source: 1, prepared: await prepareSource(sourceSpec(path)) }));
    const writer = await storeAt(path);
    onTestFinished(() => writer.close());
    await until(() => engine.changes.some(({ isOutdated }) => isOutdated));
    expect(engine.changes.every(({ execution }) => execution === null)).toBe(true);
  });
});

import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../core/debugger/memory-budget.ts';
import { FaultError } from '../../core/fault.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import { startEngine, type TestEngine, until, value } from '../support/engine.ts';
import { longRun } from '../support/made-sources.ts';
import { gated, openSqlite } from '../support/sources.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const LONG = { source: 1, execution: 'long' };
const AT_END = { ...LONG, sequence: 5000, reading: 'replay', pointer: '' } as const;

async function opened(engine: TestEngine, source = 1): Promise<TestEngine> {
  await value(engine.client.ask('sources.open', { source, prepared: { kind: 'example' } }));
  return engine;
}

/** Background work would call `pause` repeatedly. */
async function expectQuiet({ client, pauses }: TestEngine): Promise<void> {
  const before = pauses();
  for (let i = 0; i < 30; i++) await client.ask('tasks.cancel', { task: 0 });
  expect(pauses() - before).toBeLessThan(2);
}

describe('a request that waits for the index', () => {
  it('E1: is answered when the source is closed, and no work continues', async () => {
    const engine = await opened(startEngine({ open: async () => gated(longRun(5000)).source }));
    const waiting = engine.client.ask('values.text', AT_END);
    const nearest = engine.client.ask('events.nearest', { ...LONG, sequence: 5000, what: 'change', direction: 'previous' });
    for (let i = 0; i < 10; i++) await setImmediate();
    await engine.client.ask('sources.close', { source: 1 });
    expect([await waiting, await nearest]).toMatchObject([{ fault: { kind: 'no-source' } }, { fault: { kind: 'no-source' } }]);
    await expectQuiet(engine);
  });

  it('E1: is answered when the indexing is cancelled, and the next request starts it again', async () => {
    const { source, release } = gated(longRun(5000));
    const engine = await opened(startEngine({ open: async () => source }));
    const waiting = engine.client.ask('values.text', AT_END);
    await value(engine.client.ask('executions.open', LONG));
    // The number of the first task.
    await engine.client.ask('tasks.cancel', { task: 1 });
    release();
    expect(await waiting).toMatchObject({ fault: { kind: 'cancelled' } });
    expect(await engine.client.ask('values.text', AT_END)).toMatchObject({ ok: true });
  });

  it('E1: is answered when it is cancelled', async () => {
    const engine = await opened(startEngine({ open: async () => gated(longRun(5000)).source }));
    const stop = new AbortController();
    const waiting = engine.client.ask('values.text', AT_END, stop.signal);
    stop.abort();
    expect(await waiting).toMatchObject({ fault: { kind: 'cancelled' } });
  });

  it('E7: does not keep a closed execution alive, whose indexing ends', async () => {
    const engine = await opened(startEngine({ open: async () => longRun(20_000) }));
    await value(engine.client.ask('executions.open', LONG));
    await until(() => engine.updates.length > 0);
    await engine.client.ask('executions.close', LONG);
    await until(() => engine.updates.at(-1)?.state === 'cancelled');
    await expectQuiet(engine);
    // The next request reads it again.
    expect(await engine.client.ask('values.text', { ...AT_END, sequence: 20_000 })).toMatchObject({ ok: true });
  });

  it('E7: gets the same answer after histories were dropped in the order of use, keyframes first', async () => {
    const budget = new MemoryBudget({ estimated: 4_000_000, measured: Number.POSITIVE_INFINITY });
    const engine = startEngine({ open: async () => longRun(20_000), budget });
    const texts: string[] = [];
    const read = async (source: number): Promise<string> => (await value(engine.client.ask('values.text', { ...AT_END, source, sequence: 15_000 }))).text;
    for (const source of [1, 2, 3, 4]) {
      await opened(engine, source);
      texts.push(await read(source));
    }
    await until(() => engine.updates.filter(({ state }) => state === 'done').length >= 1);
    expect(budget.used).toBeLessThan(8_000_000);
    for (const source of [1, 2, 3, 4, 1]) expect(await read(source)).toBe(texts[0]);
  });
});

describe('before the log is indexed', () => {
  it('E4: a filter returns only events that match, reports that there may be more, and returns all of them later', async () => {
    const { source, release } = gated(longRun(5000), 2);
    const engine = await opened(startEngine({ open: async () => source }));
    await value(engine.client.ask('executions.open', LONG));
    await until(() => engine.pauses() >= 2);
    const page = (filter: string) => value(engine.client.ask('events.page', { ...LONG, from: 0, count: 50, filter }));
    expect(await page('type:failed')).toMatchObject({ total: 0, all: 5000, rows: [], complete: false });
    const some = await page('type:completed');
    expect(some.complete).toBe(false);
    expect(some.total).toBeGreaterThan(0);
    expect(some.total).toBeLessThan(5000);
    expect(some.rows.every(({ type }) => type === 'node_completed')).toBe(true);
    release();
    await until(() => engine.updates.some(({ state }) => state === 'done'));
    expect(await page('type:completed')).toMatchObject({ total: 5000, complete: true });
    expect(await page('type:failed')).toMatchObject({ total: 0, complete: true });
  });

  it('E14: a database is opened without counting its contents', async () => {
    const source = Object.assign(new MemorySource(WORKED_EXAMPLE), {
      count: () => {
        throw new FaultError('internal', { detail: 'it was counted' });
      },
    });
    const engine = startEngine({ open: async () => source });
    expect(await engine.client.ask('sources.open', { source: 1, prepared: { kind: 'example' } })).toMatchObject({ ok: true });
    expect(await engine.client.ask('executions.open', { source: 1, execution: '00000000' })).toMatchObject({ ok: true });
    expect(await engine.client.ask('sources.count', { source: 1 })).toMatchObject({ fault: { detail: 'it was counted' } });
  });

  it('E16: readings other than replay wait for the index instead of showing replay', async () => {
    const { source, release } = gated(await openSqlite(SAMPLE));
    const engine = await opened(startEngine({ open: async () => source }));
    const { id } = await value(engine.client.ask('executions.open', { source: 1, execution: '77b0' }));
    const want = { tree: { from: 0, count: 100, opened: [], closed: [], reveal: true }, changes: {} };
    const frame = (reading: 'replay' | 'recovery' | 'given') => value(engine.client.ask('frame.at', { source: 1, execution: id, sequence: 8, reading, want }));
    expect(await frame('replay')).toMatchObject({ basis: 'snapshot' });
    for (const reading of ['recovery', 'given'] as const) {
      const early = await frame(reading);
      expect(early).toMatchObject({ basis: 'waiting', status: null, slices: { changes: null } });
      expect(early.slices.tree).toBeUndefined();
    }
    release();
    await until(() => engine.updates.some(({ state }) => state === 'done'));
    expect((await frame('recovery')).slices.tree?.rows.find(({ key }) => key === 'total')?.text).toBe('1024.9');
  });

  it('E16: at a snapshot, the changes of its event are known or null, never zero', async () => {
    const { source } = gated(await openSqlite(SAMPLE));
    const engine = await opened(startEngine({ open: async () => source }));
    const { id } = await value(engine.client.ask('executions.open', { source: 1, execution: '9f31' }));
    const [first, second] = (await source.snapshots(id)).map(({ atSequence }) => atSequence);
    const changes = async (sequence = 0) =>
      (await value(engine.client.ask('frame.at', { source: 1, execution: id, sequence, reading: 'replay', want: { changes: {} } }))).slices.changes;
    expect(await changes(first)).toBeNull();
    const { added = 0, changed = 0, removed = 0 } = (await changes(second)) ?? {};
    expect(added + changed + removed).toBeGreaterThan(0);
  });
});

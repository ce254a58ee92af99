import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryBackend } from '../../core/store/memory.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { goldenDatabase } from '../support/golden.ts';
import { temporaryFolder } from '../support/temp.ts';

const NOW = '2026-06-01T12:00:00+00:00';
const ROW = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;

async function opened(path: string, options = {}): Promise<SqliteBackend> {
  const store = await SqliteBackend.open(path, options);
  onTestFinished(() => store.close());
  return store;
}

/** The longest time for which the event loop stood still during the work, in milliseconds. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  let [longest, last] = [0, performance.now()];
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work();
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

describe('two stores of one process on one SQLite file', () => {
  it('D1: take turns to write, whatever the file is called, while the process goes on', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'store.db');
    const first = await opened(path);
    symlinkSync(path, join(folder, 'symbolic.db'));
    linkSync(path, join(folder, 'hard.db'));
    const stores = [first, await opened(path), await opened(join(folder, 'symbolic.db'))];
    const executionId = randomUUID();
    await first.createExecution({ executionId, ...ROW });
    const event = () => ({ id: randomUUID(), executionId, kind: { type: 'node_cancelled', node_id: 'n' }, createdAt: NOW }) as const;
    const pause = await longestPause(() =>
      Promise.all(
        Array.from({ length: 30 }, (_, i) => {
          const store = stores[i % stores.length] ?? first;
          if (i % 3 === 0) return store.appendEvent(event());
          return store.transaction(async (inside) => {
            await inside.appendEvent(event());
            await setTimeout(10);
            await inside.appendEvent(event());
          });
        }),
      ),
    );
    expect(pause).toBeLessThan(500);
    expect((await first.getEvents(executionId)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  it('D1: wait for a transaction of another store longer than for another program, in the order in which they came', async () => {
    const path = join(temporaryFolder(), 'store.db');
    const [a, b] = [await opened(path), await opened(path)];
    const order: string[] = [];
    const long = a.transaction(async (inside) => {
      await inside.createTenant({ id: 'a', name: 'a' });
      expect((await b.listTenants()).map(({ id }) => id)).toEqual(['default']);
      await setTimeout(5500);
      order.push('a');
    });
    const second = b.createTenant({ id: 'b', name: 'b' }).then(() => order.push('b'));
    const third = a.createTenant({ id: 'c', name: 'c' }).then(() => order.push('c'));
    await Promise.all([long, second, third]);
    expect([order, (await b.listTenants()).length]).toEqual([['a', 'b', 'c'], 4]);
  });

  it('D1: a lock of another program is waited for while the process goes on, and later writes wait behind', async () => {
    const path = join(temporaryFolder(), 'store.db');
    const store = await opened(path);
    const other = new Database(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const pause = await longestPause(async () => {
      const written = ['a', 'b', 'c'].map((id) => store.createTenant({ id, name: id }));
      await setTimeout(300);
      other.exec('COMMIT');
      await Promise.all(written);
    });
    expect([pause < 150, (await store.listTenants()).map(({ id }) => id)]).toEqual([true, ['default', 'a', 'b', 'c']]);
  });
});

describe('an SQLite store', () => {
  it.each([2 ** 21, 2 ** 31 - 1])('D2: of the term %d hands out fences with which the holder can settle the claim', async (term) => {
    const path = join(temporaryFolder(), 'store.db');
    const store = await opened(path, { generation: 11 });
    new Database(path).exec(`UPDATE store_identity SET term = ${term}`).close();
    const executionId = randomUUID();
    await store.createExecution({ executionId, ...ROW });
    const enqueue = (nodeId: string) => store.enqueueWorkItem({ id: randomUUID(), executionId, nodeId, queueType: 'q', payload: 1, createdAt: NOW });
    for (const node of ['a', 'b', 'c', 'd']) await enqueue(node);
    const claims = await Promise.all([1, 2, 3, 4].map(() => store.claimWorkItem('w', ['q'])));
    const [a, b, c, d] = claims.map((claim) => ({ id: claim?.id ?? '', fence: claim?.fence ?? 0 })) as [never, never, never, never] as {
      id: string;
      fence: number | bigint;
    }[];
    const expected = BigInt(term) * 2n ** 32n + 1n;
    expect(claims.map((claim) => claim?.fence)).toEqual(Array(4).fill(expected));
    const kind = { type: 'node_completed', node_id: 'a', output: 1, state_patch: {}, duration_ms: 1 } as const;
    const event = { id: randomUUID(), executionId, kind, createdAt: NOW };
    await expect(store.commitTurn({ itemId: a?.id ?? '', fence: expected + 1n, event })).rejects.toMatchObject({ kind: 'FenceLost' });
    expect(await store.commitTurn({ itemId: a?.id ?? '', fence: a?.fence ?? 0, event })).toBe(1);
    await store.renewLease(b?.id ?? '', 'w', b?.fence);
    expect(await store.completeWorkItemFenced(b?.id ?? '', b?.fence ?? 0)).toBe(true);
    expect(await store.parkWorkItem(c?.id ?? '', c?.fence ?? 0, NOW, 1)).toBe(true);
    expect(await store.failWorkItemFenced(d?.id ?? '', d?.fence ?? 0, 'e')).toMatchObject({ outcome: 'retryable' });
    const reservation = { idempotencyKey: 'k', executionId, nodeId: 'n', owner: 'o', fence: expected, timeToLive: 1000 };
    await store.reserveToolEffect(reservation);
    await store.releaseToolReservation('k', 'o', expected);
    expect(await store.reserveToolEffect({ ...reservation, owner: 'p' })).toEqual({ outcome: 'acquired' });
  });

  it('D2: of a term whose fences are no integers refuses to claim, and writes nothing', async () => {
    const path = join(temporaryFolder(), 'store.db');
    const store = await opened(path, { generation: 11 });
    const executionId = randomUUID();
    await store.createExecution({ executionId, ...ROW });
    const id = await store.enqueueWorkItem({ id: randomUUID(), executionId, nodeId: 'n', queueType: 'q', payload: 1, createdAt: NOW });
    const database = new Database(path);
    onTestFinished(() => void database.close());
    database.exec(`UPDATE store_identity SET term = ${2 ** 31}`);
    await expect(store.claimWorkItem('w', ['q'])).rejects.toMatchObject({ kind: 'Serialization', message: expect.stringContaining(id) });
    expect(database.prepare('SELECT status, lease_fence FROM work_items').get()).toEqual({ status: 'pending', lease_fence: 0 });
    await expect(store.completeWorkItemFenced(id, 2n ** 63n)).rejects.toMatchObject({ kind: 'Database' });
  });

  it('D10: of the runtime tells the times of its default tenant in RFC 3339, and leaves the file as it is', async () => {
    const path = goldenDatabase('runtime-0.3.2');
    const store = await opened(path);
    expect((await store.getTenant('default'))?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    const database = new Database(path, { readonly: true });
    onTestFinished(() => void database.close());
    expect(database.prepare("SELECT created_at FROM tenants WHERE id = 'default'").pluck().get()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  it('D12: with a row that has an unknown status or a sequence beyond all integers gives an error that names the row', async () => {
    const path = join(temporaryFolder(), 'store.db');
    const store = await opened(path);
    const executionId = randomUUID();
    await store.createExecution({ executionId, ...ROW });
    const id = randomUUID();
    await store.appendEvent({ id, executionId, kind: { type: 'node_cancelled', node_id: 'n' }, createdAt: NOW });
    new Database(path).exec("UPDATE workflow_executions SET status = 'odd'; UPDATE events SET sequence = 9007199254740993").close();
    await expect(store.getExecution(executionId)).rejects.toMatchObject({
      kind: 'Database',
      message: expect.stringContaining(`execution ${executionId} is "odd"`),
    });
    await expect(store.getEvents(executionId)).rejects.toMatchObject({ kind: 'Serialization', message: expect.stringContaining(id) });
  });

  it('D13: of one generation is not opened as one of another', async () => {
    const path = join(temporaryFolder(), 'store.db');
    await (await SqliteBackend.open(path)).close();
    await expect(SqliteBackend.open(path, { generation: 11 })).rejects.toMatchObject({
      kind: 'Database',
      message: expect.stringContaining(`${path} is of generation 3, not 11`),
    });
    for (const generation of [3, undefined] as const) expect((await opened(path, { generation })).generation).toBe(3);
    expect(new MemoryBackend().generation).toBe(11);
  });

  it('D12: of a name that no file can have is refused, and nothing is created', async () => {
    const folder = temporaryFolder();
    for (const path of [`${join(folder, 'other.db')}\0suffix`, '', ' ', undefined as unknown as string]) {
      await expect(SqliteBackend.open(path)).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/^The path of the database /) });
    }
    expect(readdirSync(folder)).toEqual([]);
    await (await SqliteBackend.open(join(folder, 'store.db'), null)).close();
  });
});

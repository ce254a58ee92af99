import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Gaps } from '../../core/cli/gaps.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { emptySchema } from '../support/postgres.ts';
import { connected } from '../support/postgres-copy.ts';
import { temporaryFolder } from '../support/temp.ts';

const NOW = '2026-06-01T12:00:00+00:00';

/** A tail that runs until the test ends. `next` gives the sequences of the next lines. */
function tailOf(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../core/cli/main.ts'), 'tail', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const gone = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (count: number): Promise<number[]> => {
    const sequences: number[] = [];
    while (sequences.length < count) sequences.push((JSON.parse(String((await lines.next()).value)) as { sequence: number }).sequence);
    return sequences;
  };
  return { child, gone, next };
}

it('tail prints the last events, then each new event once, whether the writer was there before or not, and ends when interrupted', async () => {
  const path = join(temporaryFolder(), 'live.db');
  const executionId = randomUUID();
  let store = await SqliteBackend.open(path, { generation: 11 });
  const row = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;
  await store.createExecution({ executionId, ...row });
  const append = () => store.appendEvent({ id: randomUUID(), executionId, kind: { type: 'node_cancelled', node_id: 'a' }, createdAt: NOW });
  for (let i = 0; i < 25; i++) await append();
  await store.close();

  const { child, gone, next } = tailOf(path, executionId.slice(0, 8));
  expect(await next(10)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
  // The database was closed and read from a copy. Now a writer opens it and keeps it open.
  store = await SqliteBackend.open(path);
  onTestFinished(() => store.close());
  for (let i = 0; i < 3; i++) await append();
  expect(await next(3)).toEqual([26, 27, 28]);
  for (let i = 0; i < 40; i++) await append();
  expect(await next(40)).toEqual(Array.from({ length: 40 }, (_, i) => 29 + i));
  child.kill('SIGINT');
  // A shell shows this as exit code 130.
  expect(await gone).toBe('SIGINT');
});

it('F39: tail on Postgres prints an event that is committed after one with a higher sequence, when it comes, and once', async () => {
  const url = await emptySchema();
  const executionId = randomUUID();
  const store = await PostgresBackend.open(url);
  onTestFinished(() => store.close());
  await store.createExecution({
    executionId,
    workflowId: 'w',
    workflowVersion: '1',
    status: 'running',
    initialInput: {},
    currentState: {},
    startedAt: NOW,
    updatedAt: NOW,
  });
  const append = (client: Awaited<ReturnType<typeof connected>>, sequence: number) =>
    client.query(
      `INSERT INTO events (id, execution_id, sequence, kind_json, created_at) VALUES ($1, $2, $3, '{"type":"node_cancelled","node_id":"a"}', '${NOW}')`,
      [randomUUID(), executionId, sequence],
    );
  const [late, client] = [await connected(url), await connected(url)];
  for (const sequence of [1, 2, 500]) await append(client, sequence);
  const { next } = tailOf(url, executionId, '--from', '1');
  expect(await next(3)).toEqual([1, 2, 500]);
  await late.query('BEGIN');
  for (const sequence of [501, 503, 505]) await append(late, sequence);
  for (const sequence of [502, 504, 507]) await append(client, sequence);
  expect(await next(3)).toEqual([502, 504, 507]);
  await late.query('COMMIT');
  expect((await next(3)).sort((a, b) => a - b)).toEqual([501, 503, 505]);
  await append(client, 499);
  expect(await next(1)).toEqual([499]);
  await append(client, 508);
  expect(await next(1)).toEqual([508]);
  await append(client, 506);
  expect(await next(1)).toEqual([506]);
});

describe('the gaps behind what was printed', () => {
  it('are the last hundred missing sequences, which come in turns', () => {
    const gaps = new Gaps();
    gaps.add(0, [1, 2, 5, 9_007_199_254_740_000, 9_007_199_254_740_002]);
    expect(gaps.next(9)).toEqual([
      { from: 9_007_199_254_739_901, to: 9_007_199_254_739_999 },
      { from: 9_007_199_254_740_001, to: 9_007_199_254_740_001 },
    ]);
    const single = new Gaps();
    single.add(0, [2, 4, 6, 7]);
    const turn = (): number[] => single.next(2).map(({ from }) => from);
    expect([turn(), turn(), turn()]).toEqual([[1, 3], [5], [1, 3]]);
    single.fill([3, 5]);
    expect([turn(), turn()]).toEqual([[1], [1]]);
  });
});

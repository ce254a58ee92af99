import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { temporaryFolder } from '../support/temp.ts';

const NOW = '2026-06-01T12:00:00+00:00';

it('tail prints the last events, then each new event once, whether the writer was there before or not, and ends when interrupted', async () => {
  const path = join(temporaryFolder(), 'live.db');
  const executionId = randomUUID();
  let store = await SqliteBackend.open(path, { generation: 11 });
  const row = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;
  await store.createExecution({ executionId, ...row });
  const append = () => store.appendEvent({ id: randomUUID(), executionId, kind: { type: 'node_cancelled', node_id: 'a' }, createdAt: NOW });
  for (let i = 0; i < 25; i++) await append();
  await store.close();

  const child = spawn(process.execPath, [join(import.meta.dirname, '../../core/cli/main.ts'), 'tail', path, executionId.slice(0, 8)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const gone = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (count: number): Promise<number[]> => {
    const sequences: number[] = [];
    while (sequences.length < count) sequences.push((JSON.parse(String((await lines.next()).value)) as { sequence: number }).sequence);
    return sequences;
  };
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

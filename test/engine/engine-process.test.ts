import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FromEngine } from '../../electron/engine-host.ts';
import { buildIfStale } from '../../scripts/build.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The engine as it runs beside the window: the built bundle in its own process. */
function startEngine(): { child: ChildProcess; ask: (name: string, params: unknown) => Promise<unknown> } {
  const child = fork(join(ROOT, 'out', 'electron', 'engine.cjs'), [], { serialization: 'advanced', env: {} });
  onTestFinished(() => void child.kill('SIGKILL'));
  const waiting = new Map<number, (result: unknown) => void>();
  child.on('message', (message: FromEngine) => {
    if ('id' in message) waiting.get(message.id)?.(message.result);
  });
  let last = 0;
  return {
    child,
    ask: (name, params) =>
      new Promise((resolve) => {
        const id = ++last;
        waiting.set(id, resolve);
        child.send({ id, name, params });
      }),
  };
}

describe('the engine process', () => {
  beforeAll(() => buildIfStale());

  it('opens a database and answers about it', async () => {
    const { ask } = startEngine();
    const path = join(ROOT, 'samples', 'generation-3.db');
    const opened = await ask('source.open', { file: { original: path, path, access: 'immutable' } });
    expect(opened).toMatchObject({ ok: true, value: { generation: 3, executions: 6 } });
    expect(await ask('executions.facets', {})).toMatchObject({ ok: true, value: { total: 6 } });
  });

  it('runs on the memory source without any database driver', async () => {
    const { ask } = startEngine();
    expect(await ask('source.open', { memory: 'example' })).toMatchObject({ ok: true, value: { kind: 'memory', events: 12 } });
    const view = await ask('execution.open', { execution: '00000000' });
    expect(view).toMatchObject({ ok: true, value: { lastSequence: 12 } });
  });

  it('answers requests that come while it indexes', async () => {
    const { ask } = startEngine();
    const path = join(ROOT, 'samples', 'runtime.db');
    await ask('source.open', { file: { original: path, path, access: 'immutable' } });
    const opened = ask('execution.open', { execution: '9f31' });
    const answers = await Promise.all([opened, ...Array.from({ length: 50 }, () => ask('executions.facets', {}))]);
    expect(answers.every((answer) => (answer as { ok: boolean }).ok)).toBe(true);
  });

  it('ends when nobody can ask any more', async () => {
    const { child } = startEngine();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    expect(await ended).toBe(0);
  });
});

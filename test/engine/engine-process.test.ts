import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preparedFile, startEngineProcess, value } from '../support/engine.ts';

const SAMPLES = join(import.meta.dirname, '..', '..', 'samples');

describe('the engine process', () => {
  it('opens a database and answers about it', async () => {
    const { client } = startEngineProcess();
    const opened = await client.ask('sources.open', { source: 1, prepared: await preparedFile(join(SAMPLES, 'generation-3.db')) });
    expect(opened).toMatchObject({ ok: true, value: { generation: 3 } });
    expect(await client.ask('executions.facets', { source: 1 })).toMatchObject({ ok: true, value: { total: 6 } });
  });

  it('runs on the memory source without any database driver', async () => {
    const { client } = startEngineProcess();
    expect(await client.ask('sources.open', { source: 1, prepared: { kind: 'example' } })).toMatchObject({ ok: true, value: { kind: 'memory' } });
    expect(await client.ask('sources.count', { source: 1 })).toMatchObject({ ok: true, value: { events: 12 } });
    expect(await client.ask('executions.open', { source: 1, execution: '00000000' })).toMatchObject({ ok: true, value: { lastSequence: 12 } });
  });

  it('answers requests while it indexes', async () => {
    const { client } = startEngineProcess();
    await value(client.ask('sources.open', { source: 1, prepared: await preparedFile(join(SAMPLES, 'runtime.db')) }));
    const opened = client.ask('executions.open', { source: 1, execution: '9f31' });
    const answers = await Promise.all([opened, ...Array.from({ length: 50 }, () => client.ask('executions.facets', { source: 1 }))]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
  });

  it('F1: answers pending requests with a Fault when it is killed', async () => {
    const { client, child } = startEngineProcess();
    await value(client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
    const asked = client.ask('executions.facets', { source: 1 });
    child.kill('SIGKILL');
    expect(await asked).toMatchObject({ ok: false, fault: { kind: 'engine-gone' } });
    expect(await client.ask('executions.facets', { source: 1 })).toMatchObject({ ok: false, fault: { kind: 'engine-gone' } });
  });

  it('F40: exits when the connection is closed', async () => {
    const { child } = startEngineProcess();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    expect(await ended).toBe(0);
  });
});

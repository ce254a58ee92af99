import { expect, it } from 'vitest';
import type { PreparedSource } from '../../core/source/spec.ts';
import { discardSource, prepareSource } from '../../core/source/spec.ts';
import { type EngineClient, startEngine, startEngineProcess, until, value } from '../support/engine.ts';
import { SEED } from '../support/hostile.ts';
import { type EnginePlace, type Outcome, scrubManyAtOnce } from '../support/many-sources.ts';
import { temporaryFolder } from '../support/temp.ts';

/** Prepares sources for the engine, as a host does. */
function locate({ client, updates }: { readonly client: EngineClient; readonly updates: EnginePlace['updates'] }): EnginePlace {
  const open = new Map<number, PreparedSource>();
  return {
    ask: client.ask.bind(client),
    updates,
    open: async (spec) => {
      const source = open.size + 1;
      const file = await prepareSource(spec);
      open.set(source, file);
      await value(client.ask('sources.open', { source, prepared: file }));
      return source;
    },
    close: async (source) => {
      await client.ask('sources.close', { source });
      await discardSource(open.get(source) as PreparedSource);
    },
  };
}

/** Every request got its own answer. Only the closed source and the damaged one have Faults, and only the expected ones. */
function expectRight({ frames, faults, wrong, stillRunning }: Outcome): void {
  expect(wrong).toEqual([]);
  expect(stillRunning).toEqual([]);
  for (const whole of ['9f31', '6a90', '77b0', 'long']) expect(frames[`${whole} index`], whole).toBeGreaterThan(0);
  expect(Object.keys(faults).filter((key) => !/^(0000 no-source|run damaged)$/.test(key))).toEqual([]);
  expect(faults['0000 no-source']).toBeGreaterThan(0);
  expect(faults['run damaged']).toBeGreaterThan(0);
}

it('three sources and six executions are scrubbed at once over a connection in memory, while one is closed, one is indexed and one is damaged', async () => {
  const engine = startEngine();
  expectRight(await scrubManyAtOnce(locate(engine), temporaryFolder(), SEED));
  // No work continues afterwards: it would call `pause`.
  const before = engine.pauses();
  for (let i = 0; i < 20; i++) await engine.client.ask('tasks.cancel', { task: 0 });
  expect(engine.pauses()).toBe(before);
}, 120_000);

it('the same in a process of its own', async () => {
  expectRight(await scrubManyAtOnce(locate(startEngineProcess()), temporaryFolder(), SEED));
}, 120_000);

it('F40: a source that is closed while its executions are opened leaves no running task', async () => {
  const { client, updates } = startEngine();
  const { open, close } = locate({ client, updates });
  for (let round = 0; round < 20; round++) {
    const source = await open({ kind: 'example' });
    const opened = client.ask('executions.open', { source, execution: '00000000' });
    await close(source);
    const result = await opened;
    if (!result.ok) expect(result.fault.kind).toBe('no-source');
  }
  await until(() => [...new Map(updates.map((update) => [update.task, update])).values()].every(({ state }) => state !== 'running'));
});

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { EngineProcess } from '../../electron/engine-process.ts';
import { Sources } from '../../electron/sources.ts';
import { startEngine, value } from '../support/engine.ts';
import { temporaryFolder } from '../support/temp.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');

/** The host's sources, over an engine that can be replaced as after a crash. */
function openSources() {
  let { client } = startEngine();
  const engine = { isRunning: true, ask: (...asked: Parameters<typeof client.ask>) => client.ask(...asked) } as unknown as EngineProcess;
  const sources = new Sources(() => engine, SAMPLE);
  onTestFinished(() => sources.discardAll());
  return {
    sources,
    crash: (): void => {
      client = startEngine().client;
    },
    ask: (source: number) => client.ask('executions.facets', { source }),
  };
}

it('E11: sources are marked as the sample or not, also after the engine was restarted', async () => {
  const { sources, crash, ask } = openSources();
  const other = join(temporaryFolder(), 'other.db');
  copyFileSync(SAMPLE, other);
  const example = await value(sources.open({ kind: 'example' }));
  const sample = await value(sources.open({ kind: 'sqlite', path: SAMPLE }));
  const file = await value(sources.open({ kind: 'sqlite', path: other }));
  expect([example, sample, file].map(({ source, isSample }) => [source, isSample])).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
  await sources.close(2);
  crash();
  const again = await sources.reopenAll();
  expect(again.map((result) => result.ok && [result.value.source, result.value.isSample])).toEqual([
    [1, true],
    [3, false],
  ]);
  expect(await ask(1)).toMatchObject({ value: { total: 1 } });
  expect(await ask(2)).toMatchObject({ fault: { kind: 'no-source' } });
  expect(await ask(3)).toMatchObject({ value: { total: 60 } });
});

it('F17: a reloaded database keeps its id, and stays open when reloading fails', async () => {
  const { sources, ask } = openSources();
  const path = join(temporaryFolder(), 'runtime.db');
  copyFileSync(SAMPLE, path);
  const opened = await value(sources.open({ kind: 'sqlite', path }, { execution: '9f31', sequence: null }));
  copyFileSync(join(SAMPLE, '..', 'generation-3.db'), path);
  const again = await value(sources.reload(opened.source));
  expect([again.source, again.generation]).toEqual([opened.source, 3]);
  copyFileSync('/dev/null', path);
  expect(await sources.reload(opened.source)).toMatchObject({ ok: false, fault: { kind: 'empty-database' } });
  expect(await ask(opened.source)).toMatchObject({ value: { total: 6 } });
});

it('F40: closes a source that is being reloaded, and one that is waiting to be opened again after a crash', async () => {
  const { sources, crash, ask } = openSources();
  await value(sources.open({ kind: 'example' }));
  await value(sources.open({ kind: 'example' }));
  const reloading = sources.reload(1);
  await sources.close(1);
  await reloading;
  expect(sources.opened.map(({ source }) => source)).toEqual([2]);
  expect(await ask(1)).toMatchObject({ fault: { kind: 'no-source' } });

  await value(sources.open({ kind: 'example' }));
  crash();
  const reopening = sources.reopenAll();
  await sources.close(3);
  await reopening;
  expect(sources.opened.map(({ source }) => source)).toEqual([2]);
  expect(await ask(2)).toMatchObject({ ok: true });
  expect(await ask(3)).toMatchObject({ fault: { kind: 'no-source' } });
});

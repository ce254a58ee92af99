// @vitest-environment jsdom
import './browser.ts';
import { join } from 'node:path';
import { render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Providers } from '../../renderer/app-view.tsx';
import { RunContext } from '../../renderer/state/context.ts';
import { wantOf } from '../../renderer/state/panel.ts';
import { createRun, type Run } from '../../renderer/state/run.ts';
import { FIRST_CHOICES } from '../../renderer/state/run-state.ts';
import { ExecutionScreen } from '../../renderer/views/execution/execution-screen.tsx';
import { panels } from '../../renderer/views/panels.ts';
import { preparedFile, startEngineProcess, until, value } from '../support/engine.ts';
import { openPage, type TestPage } from '../support/page.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');

async function runOf({ client }: TestPage, source: number, execution: string): Promise<Run> {
  const view = await value(client.ask('executions.open', { source, execution }));
  return createRun({
    client,
    source,
    view,
    sequence: undefined,
    choices: FIRST_CHOICES,
    want: (state) => wantOf(panels, state),
    onFault: (fault) => expect(fault).toBeUndefined(),
    onLook: () => {},
    onIndexed: () => {},
  });
}

it('two executions on one page move, play and change their reading independently', async () => {
  // jsdom has its own typed arrays, so the engine must run in another process.
  const { client: engine, onUpdate } = startEngineProcess();
  const page = openPage(engine, { panels });
  await value(engine.ask('sources.open', { source: 1, prepared: await preparedFile(SAMPLE) }));
  await value(engine.ask('sources.open', { source: 2, prepared: { kind: 'example' } }));
  const [left, right] = [await runOf(page, 1, '9f31'), await runOf(page, 2, '00000000')];
  onUpdate((update) => {
    left.onTask(update);
    right.onTask(update);
  });
  render(
    <Providers app={page.app}>
      {[left, right].map((run) => (
        <RunContext key={run.source} value={run}>
          <main aria-label={`source ${run.source}`}>
            <ExecutionScreen />
          </main>
        </RunContext>
      ))}
    </Providers>,
  );
  const screens = [left, right].map((run) => within(screen.getByRole('main', { name: `source ${run.source}` })));
  const cursors = (): (string | null)[] => screens.map((each) => each.getByRole('status', { name: 'Cursor' }).textContent);
  const sliders = (): (string | null)[] => screens.map((each) => each.getByRole('slider', { name: 'Sequence' }).getAttribute('aria-valuenow'));
  const settled = async (): Promise<void> => {
    await until(() => [left, right].every(({ store }) => store.getState().frame?.basis === 'index' && store.getState().task === undefined));
    await page.client.idle();
  };

  await settled();
  expect(cursors()).toEqual(['#409 of 409 · running → completed', '#12 of 12 · running → completed']);
  left.moveTo(402);
  await settled();
  expect(cursors()).toEqual(['#402 of 409 · running', '#12 of 12 · running → completed']);
  right.moveTo(9);
  left.step(-1);
  await settled();
  expect(sliders()).toEqual(['401', '9']);
  right.setTab('json');
  left.setReading('given');
  await settled();
  expect(screens[1]?.getByRole('region', { name: 'JSON' }).textContent).toContain('9007199254740993');
  expect(screens[0]?.getByRole('tree', { name: 'State' }).getAttribute('data-reading')).toBe('given');
  expect([left, right].map(({ store }) => store.getState().reading)).toEqual(['given', 'replay']);
  right.back();
  await settled();
  expect(sliders()).toEqual(['401', '9']);
  left.close();
  right.close();
});

it('what is watched in one of two runs of a workflow is kept beside what is watched in the other', async () => {
  const { client: engine } = startEngineProcess();
  const { app, client } = openPage(engine, { panels });
  await value(engine.ask('sources.open', { source: 1, prepared: await preparedFile(SAMPLE) }));
  const view = await value(client.ask('executions.open', { source: 1, execution: '9f31' }));
  const run = (): Run =>
    createRun({
      client,
      source: 1,
      view,
      sequence: undefined,
      choices: { ...FIRST_CHOICES, ...app.settings.choicesOf(view.workflowId) },
      want: (state) => wantOf(panels, state),
      onFault: (fault) => expect(fault).toBeUndefined(),
      onLook: () => {},
      onKeep: app.settings.keepChoices(view.workflowId),
      onIndexed: () => {},
    });
  const [left, right] = [run(), run()];
  left.watch('/a');
  right.watch('/b');
  left.showTrack('/a');
  right.showTrack('retries');
  left.watchCondition('status == "failed"');
  right.watchCondition('true');
  right.unwatch('/a');
  left.unwatch('/nobody');
  expect(left.store.getState()).toMatchObject({ watches: ['/a'], conditions: ['status == "failed"'] });
  right.unwatchCondition('true');
  const kept = app.settings.choicesOf(view.workflowId);
  expect(kept).toMatchObject({ watches: ['/b'], conditions: ['status == "failed"'] });
  expect(kept.tracks).toEqual(expect.arrayContaining(['/a', 'retries']));
  const next = run();
  expect(next.store.getState()).toMatchObject(kept);
  for (const each of [left, right, next]) each.close();
});

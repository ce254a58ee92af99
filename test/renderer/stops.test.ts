// @vitest-environment jsdom
import './browser.ts';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Played } from '../../renderer/state/run-state.ts';
import { createStops } from '../../renderer/state/stops.ts';
import { preparedFile, startEngineProcess, value } from '../support/engine.ts';
import { openPage } from '../support/page.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');

it('S13: playing stops at all events, at those that change the state, or at those that the filter matches', async () => {
  const { client: engine } = startEngineProcess();
  const { client } = openPage(engine, { panels: [] });
  await value(engine.ask('sources.open', { source: 1, prepared: await preparedFile(SAMPLE) }));
  const { id: execution } = await value(client.ask('executions.open', { source: 1, execution: '9f31' }));
  const stopsAfter = createStops(client, 1, execution);
  const stops = (sequence: number, played: Played, timed = true) => stopsAfter({ sequence, played, filter: 'type:node_failed', timed });
  // The whole log is indexed when the last change is known.
  await value(client.ask('events.nearest', { source: 1, execution, sequence: 409, what: 'change', direction: 'next' }));

  expect((await stops(399, 'all')).map(({ sequence }) => sequence)).toEqual([400, 401, 402, 403, 404, 405, 406, 407, 408, 409]);
  expect((await stops(401, 'all'))[0]?.pause).toBeGreaterThan(3 * 3_600_000);
  const failed = await value(client.ask('events.page', { source: 1, execution, from: 0, count: 100, filter: 'type:node_failed' }));
  expect((await stops(0, 'matches')).map(({ sequence }) => sequence)).toEqual(failed.rows.map(({ sequence }) => sequence));
  expect(await stops(409, 'all')).toEqual([]);

  const changes = await stops(399, 'changes');
  expect(changes[0]).toMatchObject({ sequence: 402, pause: expect.any(Number) });
  expect(changes[0]?.pause).toBeGreaterThan(3 * 3_600_000);
  const untimed = await stops(399, 'changes', false);
  expect(untimed).toEqual(changes.map(({ sequence }) => ({ sequence, pause: 0 })));
});

import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { CausesView } from '../../core/contract/executions.ts';
import { middleOf } from '../../core/debugger/usual-run.ts';
import { isOutlier } from '../../renderer/views/executions/outlier.ts';
import { type EngineClient, startEngine, until, value } from '../support/engine.ts';
import { makeManyRuns } from '../support/many-runs.ts';
import { gated, openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const source = 1;
const LIST = { source, sort: 'started', descending: true } as const;
const PAGE = { ...LIST, offset: 0, limit: 500 } as const;

type Ask = EngineClient['ask'];

async function engineOn(path: string): Promise<Ask> {
  const { client } = startEngine({ open: () => openSqlite(path) });
  await value(client.ask('sources.open', { source, prepared: { kind: 'example' } }));
  return client.ask.bind(client);
}

/** The causes once all runs are read. */
async function wholeCauses(ask: Ask): Promise<CausesView> {
  for (;;) {
    const causes = await value(ask('executions.causes', { source }));
    if (causes.state !== 'reading') return causes;
    await setImmediate();
  }
}

describe('B22: the causes of the runs of a database', () => {
  it('are counted with the first and the last run, and each lists exactly its runs', async () => {
    const ask = await engineOn(SAMPLE);
    const causes = await wholeCauses(ask);
    expect(causes).toMatchObject({ state: 'whole', read: 60, of: 60, completed: 35, unreadable: 0, others: 0 });
    expect(causes.groups.reduce((sum, { runs }) => sum + runs, 0)).toBe(25);
    const seen = new Set<string>();
    for (const { kind, cause, runs, first, last, starts, examples } of causes.groups) {
      const { rows, total } = await value(ask('executions.page', { ...PAGE, cause: { kind, cause } }));
      expect([cause, total, rows.at(-1)?.startedAt, rows[0]?.startedAt]).toEqual([cause, runs, first, last]);
      expect(starts.counts.reduce((sum, count) => sum + count, 0)).toBe(runs);
      expect(examples.map(({ execution }) => execution)).toEqual(rows.slice(0, 5).map(({ id }) => id));
      for (const { id } of rows) seen.add(id);
    }
    expect(seen.size).toBe(25);
  });

  it('limit every answer about the list: counts of the filters, ids, and what is found in events', async () => {
    const ask = await engineOn(SAMPLE);
    const cause = { kind: 'rate-limited', cause: 'read rate limited: HTTP N: rate limit of N tokens a minute reached' };
    expect(await value(ask('executions.facets', { source, cause }))).toMatchObject({
      total: 60,
      matching: 3,
      statuses: [{ name: 'failed', count: 3 }],
      workflows: [{ name: 'triage', count: 3 }],
    });
    const ids = await value(ask('executions.ids', { ...LIST, cause, ranges: [[0, 99]], limit: 100 }));
    expect(ids).toHaveLength(3);
    const found = () => value(ask('executions.found', { ...LIST, cause, text: 'route', from: 0, count: 10 }));
    while (!(await found()).complete) await setImmediate();
    expect(await found()).toMatchObject({ of: 3, total: 0 });
    expect(await value(ask('executions.page', { ...PAGE, cause: { kind: 'limit', cause: 'of no run' } }))).toEqual({ rows: [], total: 0 });
  });

  it('say in the list why each run ended, and nothing of those that completed', async () => {
    const ask = await engineOn(SAMPLE);
    const { rows } = await value(ask('executions.page', PAGE));
    for (const { id: execution, status, workflowId, workflowVersion } of rows) {
      const digest = await value(ask('executions.digest', { source, execution, row: { status, workflowId, workflowVersion } }));
      expect([execution, digest?.reason === null]).toEqual([execution, status === 'completed']);
    }
  });

  it('can be stopped, keep what was read until then, and begin anew when they are forgotten', async () => {
    const path = `${temporaryFolder()}/many.db`;
    makeManyRuns(path, 3000);
    const { source: slow, release } = gated(await openSqlite(path));
    const { client, updates } = startEngine({ open: async () => slow });
    await value(client.ask('sources.open', { source, prepared: { kind: 'example' } }));
    const ask: Ask = client.ask.bind(client);
    expect(await value(ask('executions.causes', { source }))).toMatchObject({ state: 'reading', groups: [] });
    await value(ask('executions.stop', { source, what: 'causes' }));
    release();
    await until(() => updates.some(({ kind, state }) => kind === 'causes' && state === 'cancelled'));
    expect(await wholeCauses(ask)).toMatchObject({ state: 'stopped' });
    await value(ask('executions.forget', { source }));
    expect(await wholeCauses(ask)).toMatchObject({ state: 'whole', read: 3000 });
  });

  it('of 10,000 failed runs are grouped from their events, and it says how long that takes', async () => {
    const path = `${temporaryFolder()}/many.db`;
    makeManyRuns(path, 10_000);
    const database = new Database(path);
    database.exec(`UPDATE workflow_executions SET status = 'failed';
      INSERT INTO events SELECT execution_id, 3, json_object('type', 'node_failed', 'node_id', 'node_' || char(118 + rowid % 5), 'error', 'error of ' || execution_id,
        'attempt', 0, 'retryable', json('false')), started_at FROM workflow_executions;
      INSERT INTO events SELECT execution_id, 4, json_object('type', 'workflow_failed', 'error', 'node(s) failed terminally'), started_at FROM workflow_executions`);
    database.close();
    const ask = await engineOn(path);
    const { groups, milliseconds } = await wholeCauses(ask);
    console.log(`10,000 runs grouped in ${Math.round(milliseconds)} ms`);
    expect(groups.map(({ cause, runs }) => [cause, runs])).toEqual(Array.from({ length: 5 }, (_, i) => [`node_${'vwxyz'[i]} failed: error of ‹id›`, 2000]));
  });
});

describe('B22: outliers of a workflow', () => {
  it('are far above the median in spreads, and at least twice it', () => {
    const middle = middleOf([10, 11, 12, 13, 14, 15, 16]);
    expect(middle).toEqual({ median: 13, spread: expect.closeTo(2.9652, 4) });
    expect([20, 24, 26, 40].map((value) => isOutlier(value, middle as NonNullable<typeof middle>))).toEqual([false, false, true, true]);
  });

  it('are not guessed from a few runs, and retries that are usual are none', () => {
    expect(middleOf([1, 2, 3, 4])).toBeNull();
    const retries = middleOf([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(isOutlier(1, retries as NonNullable<typeof retries>)).toBe(false);
    expect(isOutlier(9, retries as NonNullable<typeof retries>)).toBe(true);
  });

  it('are measured by the newest runs that completed', async () => {
    const ask = await engineOn(SAMPLE);
    const usual = await value(ask('executions.usual', { source, workflow: 'invoice-intake' }));
    expect(usual).toMatchObject({ runs: 14, events: { median: 13 }, retries: { median: 0, spread: 0 } });
    expect(await value(ask('executions.usual', { source, workflow: 'contract-review' }))).toEqual({
      runs: 1,
      duration: null,
      events: null,
      tokens: null,
      retries: null,
    });
  });
});

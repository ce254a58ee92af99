import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventsPage } from '../../core/contract/events.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { RunningFilter } from '../../core/debugger/running-filter.ts';
import { startEngine, type TestEngine, until, value } from '../support/engine.ts';
import { longRun } from '../support/made-sources.ts';
import { gated, openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const LONG = { source: 1, execution: 'long' };
const EVENTS = 5000;
const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');

/** A long run that is indexed, and whose further scans stop after some chunks until they are released. */
async function indexed(chunks: number): Promise<{ engine: TestEngine; release: () => void; scans: () => number }> {
  let [isIndexed, scans] = [false, 0];
  const { source, release } = gated(longRun(EVENTS), chunks, () => {
    scans++;
    return isIndexed;
  });
  const engine = startEngine({ open: async () => source });
  await value(engine.client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
  await value(engine.client.ask('executions.open', LONG));
  await until(() => engine.updates.at(-1)?.state === 'done');
  [isIndexed, scans] = [true, 0];
  return { engine, release, scans: () => scans };
}

function page({ client }: TestEngine, filter: string): Promise<EventsPage> {
  return value(client.ask('events.page', { ...LONG, from: 0, count: 100, filter }));
}

describe('a filter for which events must be read', () => {
  it('is answered with the first matches while it goes on, and says so', async () => {
    const { engine, release } = await indexed(1);
    const first = await page(engine, 'text:xxx');
    expect([first.rows.length, first.complete, first.all]).toEqual([100, false, EVENTS]);
    expect(first.total).toBeLessThan(EVENTS);
    const { next, index } = await value(engine.client.ask('events.matches', { ...LONG, sequence: 10, filter: 'text:xxx' }));
    expect([next, index]).toEqual([11, 9]);
    const counts = await value(engine.client.ask('timeline.matches', { ...LONG, filter: 'text:xxx', from: 1, to: EVENTS, columns: 1, axis: 'sequence' }));
    expect(counts[0]).toBe(first.total);
    release();
    await until(() => engine.updates.at(-1)?.kind === 'filter' && engine.updates.at(-1)?.state === 'done');
    expect(await page(engine, 'text:xxx')).toMatchObject({ total: EVENTS, complete: true });
  });

  it('reads the log once for all who ask', async () => {
    const { engine, release, scans } = await indexed(0);
    const asked = [
      page(engine, 'text:nowhere'),
      page(engine, 'text:nowhere'),
      engine.client.ask('events.matches', { ...LONG, sequence: 1, filter: 'text:nowhere' }),
    ];
    release();
    expect(await Promise.all(asked)).toMatchObject([{ total: 0 }, { total: 0 }, { value: { next: null } }]);
    expect(scans()).toBe(1);
  });

  it('ends when another one begins for which nobody waits', async () => {
    const { engine, release } = await indexed(1);
    expect(await page(engine, 'text:xxx')).toMatchObject({ complete: false });
    expect(await page(engine, 'type:node_completed')).toMatchObject({ total: EVENTS, complete: true });
    release();
    await until(() => engine.updates.at(-1)?.kind === 'filter' && engine.updates.at(-1)?.state === 'cancelled');
    // It begins again when it is asked for again.
    await value(engine.client.ask('events.matches', { ...LONG, sequence: EVENTS, filter: 'text:xxx' }));
    expect(await page(engine, 'text:xxx')).toMatchObject({ total: EVENTS, complete: true });
  });

  it('is answered when a request about another one comes late', async () => {
    const { engine, release } = await indexed(0);
    const asked = ['text:nowhere', 'text:xxx', 'text:nowhere'].map((filter) => value(engine.client.ask('events.matches', { ...LONG, sequence: 1, filter })));
    release();
    expect(await Promise.all(asked)).toMatchObject([{ next: null }, { next: 2 }, { next: null }]);
  });

  it('F39: lists the events that are known, also when others were written between them since', async () => {
    const path = join(temporaryFolder(), 'late.db');
    copyFileSync(SAMPLE, path);
    const writer = new Database(path);
    onTestFinished(() => void writer.close());
    const where = `WHERE execution_id LIKE '9f31%' AND sequence = 100`;
    const late = writer.prepare(`SELECT * FROM events ${where}`).get() as Record<string, unknown>;
    writer.prepare(`DELETE FROM events ${where}`).run();
    const execution = await OpenExecution.open(await openSqlite(path), late['execution_id'] as string);
    await execution.index();
    const names = Object.keys(late);
    writer.prepare(`INSERT INTO events (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`).run(late);
    const running = new RunningFilter(execution, 'text:node_started after:#95 before:#112');
    running.start((work) => work({ signal: new AbortController().signal, report: () => {} }), new AbortController().signal);
    await running.until(() => false, new AbortController().signal);
    const { history } = execution;
    const all = Array.from({ length: history.count }, (_, position) => position);
    const expected = all.filter((at) => history.sequenceOf(at) > 95 && history.sequenceOf(at) < 112 && history.kindOf(at)?.type === 'node_started');
    expect(expected.length).toBeGreaterThan(1);
    expect([...running.positions]).toEqual(expected);
  });

  it('says what is wrong with a filter that cannot be read', async () => {
    const { engine } = await indexed(0);
    const answers = [1, 2].map(() => engine.client.ask('events.page', { ...LONG, from: 0, count: 100, filter: 'cost>much' }));
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ fault: { kind: 'bad-filter', at: [0, 9] } });
  });
});

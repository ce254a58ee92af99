import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordDiffer } from '../../core/debugger/word-diff.ts';
import { preparedFile, startEngine, type TestEngine, until, value } from '../support/engine.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { temporaryFolder } from '../support/temp.ts';

const RUN = { source: 1, execution: 'run' };

async function opened(events: Parameters<typeof makeFile>[1]['events']): Promise<TestEngine> {
  const path = join(temporaryFolder(), 'made.db');
  makeFile(path, { events });
  const engine = startEngine();
  await value(engine.client.ask('sources.open', { source: 1, prepared: await preparedFile(path) }));
  await value(engine.client.ask('executions.open', RUN));
  return engine;
}

describe('what is explained', () => {
  it('B1: are the last change of each value, and every change of one', async () => {
    const { client } = await opened([sets(1, 'a', 1), sets(2, 'b', { c: 1 }), sets(3, 'a', 1), sets(4, 'a', 2.5), sets(5, 'b', { c: 1, d: null })]);
    const writers = await value(client.ask('explain.writers', { ...RUN, sequence: 5, pointers: ['/a', '/b/c', '/nobody', ''] }));
    expect(writers.map((writer) => writer?.sequence)).toEqual([4, 2, undefined, 4]);
    const changes = await value(client.ask('explain.changes', { ...RUN, pointer: '/a' }));
    expect(changes).toMatchObject({
      total: 2,
      changes: [
        { sequence: 1, old: null, new: '1' },
        { sequence: 4, old: '1', new: '2.5' },
      ],
    });
    expect(changes.points.at(-1)).toEqual({ sequence: 4, value: 2.5 });
    const nearest = (sequence: number, direction: 'next' | 'previous') => value(client.ask('explain.nearest', { ...RUN, sequence, pointer: '/a', direction }));
    expect([await nearest(1, 'next'), await nearest(4, 'next'), await nearest(4, 'previous'), await nearest(1, 'previous')]).toEqual([4, null, 1, null]);
  });

  it('B8: is when a condition becomes true, and why it is none', async () => {
    const { client } = await opened([sets(1, 'a', 1), sets(2, 'a', 5), sets(3, 'b', 1), sets(4, 'a', 2)]);
    const found = await value(client.ask('explain.transitions', { ...RUN, condition: 'has(state.a) && state.a > 3' }));
    expect(found.transitions.map(({ sequence, value: holds }) => [sequence, holds])).toEqual([
      [0, false],
      [2, true],
      [4, false],
    ]);
    expect(found).toMatchObject({ firstTrue: 2, lastTrue: 2, timesTrue: 1 });
    expect(await client.ask('explain.transitions', { ...RUN, condition: 'state.a >' })).toMatchObject({ ok: false, fault: { kind: 'bad-condition' } });
  });

  it('M10: is when a condition next becomes true, also behind the transitions that are listed', async () => {
    const { client } = await opened(Array.from({ length: 10_100 }, (_, i) => sets(i + 1, 'a', i % 2)));
    const condition = 'has(state.a) && state.a == 1';
    const listed = await value(client.ask('explain.transitions', { ...RUN, condition }));
    expect([listed.transitions.length, listed.total, listed.transitions.at(-1)?.sequence]).toEqual([10_000, 10_100, 10_000]);
    const next = (sequence: number) => value(client.ask('explain.nextTrue', { ...RUN, sequence, condition }));
    expect([await next(0), await next(2), await next(3), await next(10_001), await next(10_099), await next(10_100)]).toEqual([2, 4, 4, 10_002, 10_100, null]);
    expect(await client.ask('explain.nextTrue', { ...RUN, sequence: 0, condition: 'state.a >' })).toMatchObject({
      ok: false,
      fault: { kind: 'bad-condition' },
    });
  });

  it('T17: a condition that does not end is stopped, and meanwhile the engine answers', async () => {
    const { client } = await opened([sets(1, 'a', `${'a'.repeat(40)}!`)]);
    let isOver = false;
    const endless = client.ask('explain.transitions', { ...RUN, condition: 'has(state.a) && state.a.matches("^(a+)+$")' }).finally(() => {
      isOver = true;
    });
    for (let i = 0; i < 20; i++) await value(client.ask('findings.list', RUN));
    expect(isOver).toBe(false);
    expect(await endless).toMatchObject({ ok: false, fault: { kind: 'timed-out', subject: 'The condition' } });
  }, 60_000);
});

describe('M14: a search', () => {
  const query = (text: string) => ({ text, regex: false, matchCase: false, wholeWord: false, artifacts: false });

  it('that another one replaces is cancelled, and can be started again', async () => {
    const { client } = await opened(Array.from({ length: 2000 }, (_, i) => sets(i + 1, 'k', `text ${i}`)));
    const page = (text: string) => client.ask('search.page', { ...RUN, from: 0, count: 5, query: query(text) });
    const [first, second] = await Promise.all([page('nothing like it'), page('text 7')]);
    expect([first.ok || first.fault.kind, second.ok]).toEqual(['cancelled', true]);
    expect(await page('nothing like it')).toMatchObject({ ok: true, value: { total: 0, complete: true } });
  });

  it('ends when its execution is closed', async () => {
    const { client, updates } = await opened(Array.from({ length: 5000 }, (_, i) => sets(i + 1, 'k', 'x'.repeat(500))));
    void client.ask('search.page', { ...RUN, from: 0, count: 5, query: query('nothing like it') });
    await until(() => updates.some(({ kind }) => kind === 'search'));
    await value(client.ask('executions.close', RUN));
    await until(() => updates.some(({ kind, state }) => kind === 'search' && state === 'cancelled'));
  });
});

it('S14: a word diff never shows half a character', () => {
  const long = '😀'.repeat(60_000);
  for (const [old, now] of [
    [long, `${long.slice(0, 60_000)}😁${long.slice(60_002)}`],
    [`${long.slice(0, 400)} a`, `${long.slice(0, 400)} b`],
  ] as const) {
    for (const { text } of wordDiffer()(old, now)) expect(text).not.toMatch(/\\ud[89a-f]/);
  }
});

it('M21: what a run has used is exact at every sequence, and drawn at points', async () => {
  const completed = (sequence: number, tokens: number) => ({
    sequence,
    kind: JSON.stringify({
      type: 'node_completed',
      node_id: 'n',
      output: null,
      state_patch: { n: sequence },
      duration_ms: 10,
      input_tokens: tokens,
      output_tokens: 1,
      cost_usd: 0.5,
    }),
  });
  const { client } = await opened([
    completed(1, 10),
    sets(2, 'a', 1),
    completed(3, 20),
    { sequence: 4, kind: '{"type":"retry_scheduled","node_id":"n","attempt":1,"delay_ms":1}' },
  ]);
  const at = (sequence: number) => value(client.ask('costs.at', { ...RUN, sequence }));
  expect([await at(0), await at(2), await at(4)]).toMatchObject([
    { tokens: 0, costUsd: 0 },
    { tokens: 11, costUsd: 0.5, durationMs: 11 },
    { tokens: 32, costUsd: 1, retries: 1 },
  ]);
  const tracks = await value(client.ask('costs.tracks', RUN));
  expect(tracks.map(({ sequence, tokens }) => [sequence, tokens])).toEqual([
    [1, 11],
    [2, 11],
    [3, 32],
    [4, 32],
  ]);
  expect(tracks.at(-1)?.stateBytes).toBe('{"a":1,"n":3}'.length);
});

import { describe, expect, it } from 'vitest';
import { preparedFile, startEngine, type TestEngine, value } from '../support/engine.ts';
import { goldenDatabase } from '../support/golden.ts';

const RUN = { source: 1, execution: 'a379051c-3407-44af-bb2e-be254227b04b' };

async function opened(): Promise<TestEngine> {
  const engine = startEngine();
  await value(engine.client.ask('sources.open', { source: 1, prepared: await preparedFile(goldenDatabase('agents-0.5.0')) }));
  await value(engine.client.ask('executions.open', RUN));
  return engine;
}

describe('the conversation with a model', () => {
  it('is that of the call at or before the cursor: what was sent, who wrote it, what is new, and the answer', async () => {
    const { client } = await opened();
    expect(await value(client.ask('explain.sent', { ...RUN, sequence: 4, count: 50 }))).toBeNull();
    const sent = await value(client.ask('explain.sent', { ...RUN, sequence: 22, count: 50 }));
    expect(sent).toMatchObject({
      node: '__model_1__',
      turn: 1,
      started: 13,
      call: 2,
      calls: 2,
      previous: 5,
      next: null,
      total: 5,
      added: 2,
      model: 'openai/gpt-4o',
    });
    expect(sent?.tools).toEqual(['lookup_order', 'search_docs', 'refund_order']);
    expect(
      sent?.messages.map(({ role, stateRole, from, writer, isNew, toolCalls }) => [role, stateRole, from, writer, isNew, toolCalls.map(({ name }) => name)]),
    ).toEqual([
      ['system', null, 'definition', null, false, []],
      ['system', null, 'state', 1, false, []],
      ['user', null, 'state', 1, false, []],
      ['assistant', null, 'state', 11, true, ['search_docs']],
      ['user', 'tool', 'state', 11, true, []],
    ]);
    expect(sent?.answer).toMatchObject({ sequence: 14, type: 'node_completed', finishReason: 'tool_calls', toolCalls: [{ name: 'refund_order' }] });
    expect(sent?.notSent.map(({ kind }) => kind)).toEqual(['tool_calls', 'roles', 'fields', 'state_keys']);
    const [first, ...others] = sent?.notSent.toReversed() ?? [];
    expect(others.flatMap(({ values }) => values)).toEqual([]);
    const { text } = await value(client.ask('values.text', { ...RUN, sequence: 14, reading: 'replay', pointer: '' }));
    const keys = Object.keys(JSON.parse(text)).filter((key) => key !== 'messages');
    expect(first?.values.map(({ label, pointer }) => [label, pointer]).sort()).toEqual(keys.map((key) => [key, `/${key}`]).sort());
  });

  it('comes in pages, and whole as text', async () => {
    const { client } = await opened();
    const page = await value(client.ask('explain.sent', { ...RUN, sequence: 22, from: 1, count: 2 }));
    expect([page?.total, page?.from, page?.messages.map(({ index }) => index)]).toEqual([5, 1, [1, 2]]);
    const last = await value(client.ask('explain.sent', { ...RUN, sequence: 22, count: 2 }));
    expect(last?.messages.map(({ index }) => index)).toEqual([3, 4]);
    const { text } = await value(client.ask('explain.sentText', { ...RUN, sequence: 22 }));
    expect(JSON.parse(text)).toMatchObject({ model: 'openai/gpt-4o', messages: { length: 5 } });
    expect(await value(client.ask('explain.sentText', { ...RUN, sequence: 22, message: 2 }))).toEqual({ text: 'case 0: <b>x</b>' });
    expect((await client.ask('explain.sentText', { ...RUN, sequence: 1 })).ok).toBe(false);
  });

  it('has its turns, its story and the reason of its end', async () => {
    const { client } = await opened();
    expect(await value(client.ask('explain.turns', { ...RUN, from: 0, count: 1 }))).toMatchObject({
      by: 'labels',
      total: 2,
      turns: [{ turn: 0, from: 4, to: 11, events: 8 }],
    });
    const nearest = (sequence: number, direction: 'next' | 'previous') => value(client.ask('explain.nearestTurn', { ...RUN, sequence, direction }));
    expect([
      await nearest(1, 'next'),
      await nearest(4, 'next'),
      await nearest(22, 'next'),
      await nearest(22, 'previous'),
      await nearest(4, 'previous'),
    ]).toEqual([4, 12, null, 12, null]);
    expect(await value(client.ask('explain.story', { ...RUN, from: 4, count: 5 }))).toEqual({
      total: 5,
      kept: 5,
      lines: [{ title: 'End', text: 'failed: node(s) failed terminally: __tools_1__', from: 22, to: 22, turn: null, node: null, outcome: 'failed' }],
    });
    const why = await value(client.ask('explain.why', RUN));
    expect([why.kind, why.chain.map(({ sequence }) => sequence)]).toEqual(['rejected', [22, 21, 20, 17, 14]]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainedRun } from '../../core/debugger/explained-run.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { alignMessages, MessageWriters } from '../../core/explain/messages.ts';
import { turnsOf } from '../../core/explain/turns.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { isArray } from '../../core/json/value.ts';
import { finish } from '../../core/replay/steps.ts';
import { agentDefinition, agentLog, agentRun, logOf } from '../support/agents.ts';
import { startEngine, value } from '../support/engine.ts';
import { goldenDatabase } from '../support/golden.ts';
import { openSqlite } from '../support/sources.ts';

const IN_LOOP = /"node_id":"__(model|tool_gate|tools)_\d+__"/;

describe('the turns of an agent', () => {
  it('have each event of the loop exactly once, in its own turn', async () => {
    await fc.assert(
      fc.asyncProperty(agentLog, fc.boolean(), async (events, labelled) => {
        const run = await agentRun(events, { definition: agentDefinition(9, {}, labelled) });
        const turns = (await turnsOf(run))?.turns ?? [];
        const sequences = turns.flatMap(({ positions }) => positions.map((position) => run.history.sequenceOf(position)));
        expect(sequences.toSorted((a, b) => a - b)).toEqual(events.filter(({ text }) => IN_LOOP.test(text)).map(({ sequence }) => sequence));
        for (const { turn, positions, from, to } of turns) {
          expect(positions.every((position) => run.history.nodeOf(position)?.endsWith(`_${turn}__`))).toBe(true);
          expect([from, to]).toEqual([run.history.sequenceOf(positions[0] as number), run.history.sequenceOf(positions.at(-1) as number)]);
        }
      }),
      { numRuns: 300, seed: 23 },
    );
  });

  it('tell queue, run and waiting for a person apart, count attempts and sum the tokens', async () => {
    const events = logOf(
      { type: 'node_scheduled', node_id: '__model_0__', queue_type: 'model' },
      { type: 'node_started', node_id: '__model_0__', worker_id: 'w', attempt: 0 },
      { type: 'node_parked', node_id: '__model_0__', attempt: 1, retry_after: '2026-06-01T12:00:00Z' },
      { type: 'timer_fired', node_id: 'other', correlation_key: null },
      { type: 'node_started', node_id: '__model_0__', worker_id: 'w', attempt: 1 },
      { type: 'node_completed', node_id: '__model_0__', output: {}, state_patch: {}, duration_ms: 900, input_tokens: 7, output_tokens: 3 },
      { type: 'node_scheduled', node_id: '__tools_0__', queue_type: 'python_tool' },
      { type: 'tool_approval_required', node_id: '__tools_0__', tool_name: 't', approver: 'human', context: {} },
      { type: 'approval_received', node_id: '__tools_0__', user_id: 'kim', decision: 'approved', comment: null, state_patch: null },
      { type: 'node_completed', node_id: '__tools_0__', output: {}, state_patch: {}, duration_ms: 400 },
      { type: 'node_skipped', node_id: '__model_1__', reason: 'branch not taken' },
    );
    const loop = await turnsOf(await agentRun(events, {}));
    expect(loop?.by).toBe('names');
    expect(loop?.turns.map(({ turn, hasRun, from, to }) => [turn, hasRun, from, to])).toEqual([
      [0, true, 1, 10],
      [1, false, 11, 11],
    ]);
    const [first] = loop?.turns ?? [];
    expect(first?.nodes.map(({ part, queued, delayed, ran, held, attempts }) => [part, queued, delayed, ran, held, attempts])).toEqual([
      ['model', 1000, 2000, 2000, 0, 2],
      ['tools', 1600, 0, 400, 1000, 1],
    ]);
    expect(first?.costs).toMatchObject({ inputTokens: 7, outputTokens: 3, durationMs: 1300 });
  });

  it('are those of the real agents, by their labels', async () => {
    const source = await openSqlite(goldenDatabase('agents-0.5.0'));
    const execution = await OpenExecution.open(source, 'd55a8583-0762-45d0-97f3-62ba3766ce2b');
    await execution.index();
    const loop = await turnsOf(await explainedRun(execution));
    expect([loop?.by, loop?.turns.map(({ turn, hasRun }) => [turn, hasRun])]).toEqual(['labels', [0, 1, 2, 3, 4, 5, 6].map((turn) => [turn, turn < 6])]);
    expect(loop?.turns.at(-1)).toMatchObject({ isFinal: true });
  });
});

describe('messages', () => {
  it('that are written anew each turn are aligned, so that only new ones are new', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'];
    expect(alignMessages([a, b], [a, b, c, d]).items.map(({ before }) => before)).toEqual([0, 1, undefined, undefined]);
    expect(alignMessages([a, b, c], [c])).toEqual({ items: [{ before: 2, isChanged: false }], removed: [0, 1] });
    expect(alignMessages([a, a], [a, a, a]).items.filter(({ before }) => before === undefined)).toHaveLength(1);
  });

  it('belong to the event that wrote them first, at every position of generated runs', async () => {
    await fc.assert(
      fc.asyncProperty(agentLog, fc.array(fc.nat(100), { maxLength: 5 }), async (events, jumps) => {
        const { history } = await agentRun(events, { definition: agentDefinition(9) });
        const given = (position: number) => {
          const messages = history.givenAt(position).get('messages');
          return isArray(messages) ? messages : [];
        };
        const expected: (readonly number[])[] = [];
        let [last, writers] = [given(-1), [] as readonly number[]];
        for (let position = 0; position < history.count; position++) {
          const messages = given(position);
          const before = writers;
          writers = alignMessages(last, messages).items.map((item) =>
            item.before === undefined || item.isChanged ? history.sequenceOf(position) : (before[item.before] as number),
          );
          last = messages;
          expected.push(writers);
        }
        const messageWriters = new MessageWriters(history);
        for (const position of [...jumps.map((jump) => jump % history.count), ...expected.keys()]) {
          expect(finish(messageWriters.at(position))).toEqual(expected[position]);
        }
      }),
      { numRuns: 200, seed: 23 },
    );
  });

  it('keep their texts when they are aligned: applying the alignment gives the list', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', { role: 'user', content: 'x' }));
    fc.assert(
      fc.property(list, list, (before, after) => {
        const { items, removed } = alignMessages(before as never, after as never);
        const matched = items.flatMap((item) => item.before ?? []);
        expect([...matched, ...removed].toSorted((x, y) => x - y)).toEqual(before.map((_, i) => i));
        items.forEach((item, i) => {
          if (item.before !== undefined && !item.isChanged) expect(canonicalJson(before[item.before] as never)).toBe(canonicalJson(after[i] as never));
        });
      }),
    );
  });
});

describe('B21: the diff of a turn', () => {
  it('is that of the states before its first and after its last event, wherever in the turn the cursor is', async () => {
    const { client } = startEngine({ open: () => openSqlite(goldenDatabase('agents-0.5.0')) });
    const [source, execution] = [1, '676c5028-2bc8-4bb7-aa72-9f7e9f52ac16'];
    await value(client.ask('sources.open', { source, prepared: { kind: 'example' } }));
    const { turns } = (await value(client.ask('explain.turns', { source, execution, from: 0, count: 100 }))) ?? { turns: [] };
    const frameAt = (sequence: number, against: number | 'turn') =>
      value(client.ask('frame.at', { source, execution, sequence, reading: 'replay', want: { diff: { from: 0, count: 500, against } } }));
    const ran = turns.filter(({ hasRun }) => hasRun);
    expect(ran.length).toBeGreaterThan(5);
    for (const { turn, from, to } of ran) {
      const expected = (await frameAt(to, from - 1)).slices.diff;
      for (const sequence of [from, Math.floor((from + to) / 2), to]) {
        const diff = (await frameAt(sequence, 'turn')).slices.diff;
        expect([sequence, diff?.turn, diff?.rows]).toEqual([sequence, { turn, from, to }, expected?.rows]);
      }
    }
  });

  it('says that no turn began where none did, also as text', async () => {
    const { client } = startEngine({ open: () => openSqlite(goldenDatabase('agents-0.5.0')) });
    const [source, execution] = [1, '676c5028-2bc8-4bb7-aa72-9f7e9f52ac16'];
    await value(client.ask('sources.open', { source, prepared: { kind: 'example' } }));
    await value(client.ask('explain.turns', { source, execution, from: 0, count: 1 }));
    const want = { diff: { from: 0, count: 9, against: 'turn' }, diffText: { from: 0, count: 9, against: 'turn' } } as const;
    const { slices } = await value(client.ask('frame.at', { source, execution, sequence: 1, reading: 'replay', want }));
    expect([slices.diff, slices.diffText]).toMatchObject([
      { total: 0, turn: null },
      { total: 0, turn: null },
    ]);
  });
});

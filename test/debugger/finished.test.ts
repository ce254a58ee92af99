import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../core/debugger/memory-budget.ts';
import { FaultError } from '../../core/fault.ts';
import { MemorySource } from '../../core/source/memory.ts';
import type { Source } from '../../core/source/port.ts';
import { startEngine, type TestEngine, until, value } from '../support/engine.ts';
import { longRun, MADE_AT, madeExecution } from '../support/made-sources.ts';

const RUN = { source: 1, execution: 'long' };

async function opened(source: () => Source, budget?: MemoryBudget): Promise<TestEngine> {
  const engine = startEngine({ open: async () => source(), ...(budget === undefined ? {} : { budget }) });
  await value(engine.client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
  return engine;
}

const frame = { ...RUN, sequence: 3, reading: 'replay', want: {} } as const;

describe('indexing', () => {
  it.each([
    ['two snapshots have one sequence', [2, 2], undefined],
    ['a snapshot cannot be read from the file', [2], 'damaged'],
  ] as const)('ends once when %s, however often something is requested afterwards', async (_, snapshots, fault) => {
    const source = new MemorySource({ generation: 11, definitions: [], executions: [madeExecution('long', 5, snapshots)] });
    if (fault !== undefined)
      source.snapshot = async () => {
        throw new FaultError(fault);
      };
    const { client, updates } = await opened(() => source);
    await value(client.ask('executions.open', RUN));
    await until(() => updates.some(({ state }) => state !== 'running'));
    const before = updates.length;
    for (let i = 0; i < 20; i++) await value(client.ask('frame.at', frame));
    expect(updates.slice(before)).toEqual([]);
    expect(updates.at(-1)).toMatchObject({ kind: 'index', state: 'done' });
  });

  it('is not started over by the memory budget while requests wait for it', async () => {
    const budget = new MemoryBudget({ estimated: 1, measured: Number.MAX_SAFE_INTEGER });
    const engine = startEngine({ open: async () => longRun(20_000), budget });
    const answers = [];
    for (const source of [1, 2, 3]) {
      await value(engine.client.ask('sources.open', { source, prepared: { kind: 'example' } }));
      answers.push(engine.client.ask('values.text', { source, execution: 'long', sequence: 20_000, reading: 'replay', pointer: '' }));
    }
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: true });
  });
});

describe('opening', () => {
  it.each([
    ['the source is closed', (engine: TestEngine) => engine.client.ask('sources.close', { source: 1 })],
    ['it is cancelled', (_: TestEngine, stop: AbortController) => stop.abort()],
  ])('is undone when %s before it is open', async (_, undo) => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const engine = startEngine({
      open: async () => {
        await gate;
        return longRun(5);
      },
    });
    const stop = new AbortController();
    const opening = engine.client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }, stop.signal);
    await setImmediate();
    await undo(engine, stop);
    await setImmediate();
    release();
    expect(await opening).toMatchObject({ fault: { kind: 'cancelled' } });
    expect(await engine.client.ask('executions.facets', { source: 1 })).toMatchObject({ fault: { kind: 'no-source' } });
  });
});

describe('a page of events', () => {
  it('T5: has every row of a sequence that occurs several times, wherever the page starts, and none beyond the end', async () => {
    const sequences = [1, 2, 2, 2, 3, 1000];
    const rows = sequences.map((sequence, i) => ({ sequence, createdAt: MADE_AT, text: `{"type":"node_cancelled","node_id":"n${i}"}` }));
    const source = new MemorySource({ generation: 11, definitions: [], executions: [{ ...madeExecution('long', 0, []), eventRows: rows }] });
    const { client } = await opened(() => source);
    await value(client.ask('executions.open', RUN));
    await value(client.ask('values.text', { ...RUN, sequence: 1000, reading: 'replay', pointer: '' }));
    for (const filter of ['', 'node_cancelled']) {
      for (let from = 0; from < 8; from++) {
        for (const count of [1, 2, 10]) {
          const page = await value(client.ask('events.page', { ...RUN, from, count, filter }));
          const shown = page.rows.map(({ position, sequence, node }) => [position, sequence, node]);
          expect(shown).toEqual(sequences.map((sequence, i) => [i, sequence, `n${i}`]).slice(from, from + count));
        }
      }
    }
  });
});

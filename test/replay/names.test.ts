import { expect, it } from 'vitest';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { finish } from '../../core/replay/steps.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { MADE_AT, madeExecution } from '../support/made-sources.ts';

async function indexed(kinds: readonly string[]): Promise<OpenExecution> {
  const eventRows = kinds.map((text, i) => ({ sequence: i + 1, createdAt: MADE_AT, text }));
  const execution = await OpenExecution.open(
    new MemorySource({ generation: 11, definitions: [], executions: [{ ...madeExecution('run', 0, []), eventRows }] }),
    'run',
  );
  await execution.index();
  return execution;
}

it('T13: nodes whose names differ only in surrogates without a partner are two nodes', async () => {
  const names = ['\\ud800', '\\udfff', '\\ufffd', 'a\\ud800', '🙂'];
  const { history } = await indexed(names.map((name) => `{"type":"node_scheduled","node_id":"${name}","queue_type":"tool"}`));
  expect(history.activeAt(names.length - 1)).toHaveLength(names.length);
  expect(history.nodeNames).toEqual(names.map((name) => JSON.parse(`"${name}"`) as string));
});

it('C1: an execution may have more than 65,535 kinds and be filtered', async () => {
  const { history } = await indexed(Array.from({ length: 70_000 }, (_, i) => `{"type":"kind_${i}","node_id":"n${i}"}`));
  expect(history.kindOf(69_999)?.type).toBe('kind_69999');
  expect([...finish(history.positionsWhere((type, node) => () => type === 'kind_69998' && node === 'n69998')).matching]).toEqual([69_998]);
});

import { describe, expect, it } from 'vitest';
import { eachMoment, momentAt } from '../../core/debugger/answers/moments.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';

/** The worked example of docs/format.md after each event: the status, the state, the active and the completed nodes. */
const META = '"meta":{"cost":1.0,"tries":1},"plan":["score","decide"]';
const START = '{"draft":null,"topic":"loan 17"}';
const PLANNED = `{"draft":null,${META},"topic":"loan 17"}`;
const SCORED = '{"meta":{"cost":1.0},"plan":["score","decide"],"score":9007199254740993,"topic":"loan 17"}';
const APPROVED = '{"approved_by":"kim","meta":{"cost":1.0},"plan":["score","decide"],"score":9007199254740993,"topic":"loan 17"}';
const TABLE: readonly (readonly [status: string, state: string, active: string, completed: string])[] = [
  ['pending', START, '', ''],
  ['running', START, '', ''],
  ['running', START, 'plan', ''],
  ['running', START, 'plan', ''],
  ['running', PLANNED, '', 'plan'],
  ['running', PLANNED, 'score', 'plan'],
  ['running', PLANNED, 'score', 'plan'],
  ['running', PLANNED, '', 'plan'],
  ['running', PLANNED, '', 'plan'],
  ['running', SCORED, '', 'plan,score'],
  ['paused', SCORED, '', 'plan,score'],
  ['running', APPROVED, '', 'plan,score'],
  ['completed', '{"approved":true}', '', 'plan,score'],
];

async function openExample(): Promise<OpenExecution> {
  const execution = await OpenExecution.open(new MemorySource(WORKED_EXAMPLE), '00000000-0000-4000-8000-000000000017');
  await execution.index();
  return execution;
}

describe('the worked example of the format', () => {
  it('is replayed as documented, at every sequence', async () => {
    const execution = await openExample();
    const moments = await Promise.all(TABLE.map((_, sequence) => momentAt(execution, sequence, 'replay')));
    expect(
      moments.map((moment) => [moment.status, canonicalJson(moment.currentState), moment.activeNodes.join(), [...moment.completedNodes.keys()].sort().join()]),
    ).toEqual(TABLE);
    expect(moments.map(({ lastSequence }) => lastSequence)).toEqual(TABLE.map((_, sequence) => sequence));
  });

  it('is recovered from its generation-3 snapshot without nodes and status', async () => {
    const execution = await openExample();
    const end = await momentAt(execution, 12, 'recovery');
    expect([end.status, canonicalJson(end.currentState), end.activeNodes, end.completedNodes.size, end.lastSequence]).toEqual([
      'completed',
      '{"approved":true}',
      [],
      0,
      12,
    ]);
    const at = await momentAt(execution, 9, 'recovery');
    expect([at.status, canonicalJson(at.currentState), at.completedNodes.size, at.lastSequence]).toEqual(['pending', SCORED, 0, 0]);
  });

  it('is the same in one pass over the log', async () => {
    const execution = await openExample();
    for (const reading of ['replay', 'recovery'] as const) {
      for await (const moment of eachMoment(execution, reading, 0, Number.MAX_SAFE_INTEGER)) {
        expect(moment).toEqual(await momentAt(execution, moment.atSequence, reading));
      }
    }
  });

  it('has a snapshot that matches', async () => {
    const execution = await openExample();
    expect(await execution.checkSnapshot(9)).toEqual({ kind: 'matches' });
  });
});

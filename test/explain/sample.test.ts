import { join } from 'node:path';
import { expect, it } from 'vitest';
import { explainedRun } from '../../core/debugger/explained-run.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { noPause } from '../../core/debugger/pacing.ts';
import { type Causes, causesOf } from '../../core/explain/causes.ts';
import type { ExplainedRun } from '../../core/explain/run.ts';
import { turnsOf } from '../../core/explain/turns.ts';
import type { WhyKind } from '../../core/explain/why.ts';
import { explainWhy } from '../../core/explain/why-run.ts';
import { openSqlite } from '../support/sources.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const FAILURES: readonly WhyKind[] = [
  'node-failed',
  'gave-up',
  'rate-limited',
  'rejected',
  'nothing-to-send',
  'limit',
  'policy',
  'child-failed',
  'worker-died',
  'workflow-error',
  'cancelled',
  'row-only',
  'stuck-no-item',
  'no-definition',
  'stuck-unreadable',
];

async function runOf(id: string): Promise<ExplainedRun> {
  const execution = await OpenExecution.open(await openSqlite(SAMPLE), id);
  await execution.index();
  return explainedRun(execution);
}

it('the sample has a run for each cause of a failure', async () => {
  let causes: Causes | undefined;
  for await (causes of causesOf(await openSqlite(SAMPLE), noPause));
  const kinds = new Set(causes?.groups.map(({ kind }) => kind));
  expect(FAILURES.filter((kind) => !kinds.has(kind))).toEqual([]);
});

it('the agent of the sample fails by its tool, after a rate limit and two approvals', async () => {
  const run = await runOf('4d4a7f10-62c8-4b5e-9a3d-70e1c2b4fc62');
  expect((await explainWhy(run)).sentence).toBe(
    'Failed at #44: tools, turn 3 failed: PaymentError: refund RF-20931 is already queued for order 9007199254740995. The model had asked for refund_order at #35.',
  );
  expect((await turnsOf(run))?.turns[1]?.nodes[0]).toMatchObject({ part: 'model', attempts: 2 });
});

it('the long agent of the sample has 50 turns with tools and a last one without', async () => {
  const turns = (await turnsOf(await runOf('50c1a8be-3d27-4f60-b9e4-8a5517d0c350')))?.turns ?? [];
  expect(turns.map(({ hasRun }) => hasRun)).toEqual(Array.from({ length: 51 }, () => true));
  expect(turns.at(-1)).toMatchObject({ turn: 50, isFinal: true });
});

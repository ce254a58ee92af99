import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { explainedRun } from '../../core/debugger/explained-run.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { noPause } from '../../core/debugger/pacing.ts';
import { type Causes, causesOf } from '../../core/explain/causes.ts';
import { folded } from '../../core/explain/why.ts';
import { explainWhy } from '../../core/explain/why-run.ts';
import type { WorkItemRow } from '../../core/jamjet/rows.ts';
import type { Source } from '../../core/source/port.ts';
import { agentDefinition, agentRun, logOf, workItem } from '../support/agents.ts';
import { goldenDatabase, goldenText } from '../support/golden.ts';
import { makeManyRuns } from '../support/many-runs.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

type Kind = Record<string, unknown>;

const started: Kind = { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { to: 'x' } };
const scheduled = (node: string, queue = 'tool'): Kind => ({ type: 'node_scheduled', node_id: node, queue_type: queue });
const startedNode = (node: string, attempt = 0): Kind => ({ type: 'node_started', node_id: node, worker_id: 'w-1', attempt });
const completed = (node: string, patch: unknown = {}, output: unknown = null): Kind => ({
  type: 'node_completed',
  node_id: node,
  output,
  state_patch: patch,
  duration_ms: 1,
});
const failedNode = (node: string, error: string, retryable = false, attempt = 0): Kind => ({ type: 'node_failed', node_id: node, error, attempt, retryable });
const failed = (...nodes: readonly string[]): Kind => ({ type: 'workflow_failed', error: `node(s) failed terminally: ${nodes.join(', ')}` });

const DEFINITION = JSON.stringify({
  start_node: 'collect',
  nodes: {
    collect: { id: 'collect', kind: { type: 'tool' } },
    check: { id: 'check', kind: { type: 'condition', branches: [{ condition: 'state.to != null', target: 'notify' }, { target: 'end' }] } },
    notify: { id: 'notify', kind: { type: 'tool', input_mapping: { address: 'state.to' } } },
  },
  edges: [
    { from: 'collect', to: 'check' },
    { from: 'check', to: 'notify', condition: 'state.to != null' },
  ],
});

interface Planted {
  readonly kind: string;
  readonly says: string;
  readonly log: readonly Kind[];
  readonly status?: string;
  readonly items?: readonly (WorkItemRow & { readonly payloadJson: string })[];
  readonly definition?: string | undefined;
}

const asked = {
  last_model_tool_calls: [
    { id: 'a', name: 'search' },
    { id: 'b', name: 'search' },
  ],
};

/** One run for each cause. */
const PLANTED: readonly Planted[] = [
  {
    kind: 'gave-up',
    says: 'Failed at #12: notify gave up after 2 attempts: SMTP 451 try later.',
    log: [
      started,
      scheduled('collect'),
      completed('collect', { to: 'kim@example.org' }),
      scheduled('check'),
      completed('check', {}, { chosen_target: 'notify' }),
      scheduled('notify'),
      startedNode('notify'),
      failedNode('notify', 'SMTP 451 try later', true),
      { type: 'retry_scheduled', node_id: 'notify', attempt: 1, delay_ms: 1000 },
      scheduled('notify'),
      startedNode('notify', 1),
      failedNode('notify', 'SMTP 451 try later', false, 1),
      failed('notify'),
    ],
  },
  {
    kind: 'node-failed',
    says: 'Failed at #4: collect failed: ValueError: the tool is down.',
    log: [started, scheduled('collect'), startedNode('collect'), failedNode('collect', 'ValueError: the tool is down'), failed('collect')],
  },
  {
    kind: 'rejected',
    says: 'kim rejected tools, turn 0 at #6 (“too much”). The model had asked for search ×2 at #3.',
    log: [
      started,
      scheduled('__model_0__', 'model'),
      completed('__model_0__', asked),
      scheduled('__tools_0__'),
      { type: 'tool_approval_required', node_id: '__tools_0__', tool_name: 'search', approver: 'human', context: {} },
      { type: 'approval_received', node_id: '__tools_0__', user_id: 'kim', decision: 'rejected', comment: 'too much', state_patch: null },
      failedNode('__tools_0__', 'approval rejected by kim: too much'),
      failed('__tools_0__'),
    ],
    definition: agentDefinition(2),
  },
  {
    kind: 'nothing-to-send',
    says: 'model, turn 0 had nothing to send: it is the start node, and the server gives a start node no input.',
    log: [
      started,
      scheduled('__model_0__', 'model'),
      startedNode('__model_0__'),
      failedNode('__model_0__', 'ModelNodeExecutor: no prompt or messages provided'),
      failed('__model_0__'),
    ],
    definition: agentDefinition(2, { start_node: '__model_0__' }),
  },
  {
    kind: 'limit',
    says: 'Limit at #4: the budget of total tokens was passed: 3100 of 3000 at notify.',
    log: [
      started,
      scheduled('notify'),
      startedNode('notify'),
      { type: 'token_budget_exceeded', node_id: 'notify', kind: 'total_tokens', limit: 3000, current: 3100 },
      failedNode('notify', 'token budget exceeded'),
      failed('notify'),
    ],
  },
  {
    kind: 'limit',
    says: 'Limit at #2: the limit iterations was reached: 9 of 8 at the run.',
    log: [started, { type: 'strategy_limit_hit', limit_type: 'iterations', limit_value: 8, actual_value: 9 }],
    status: 'limit_exceeded',
  },
  {
    // Its node went on and completed.
    kind: 'workflow-error',
    says: 'Failed at #6: database gone.',
    log: [
      started,
      scheduled('notify'),
      startedNode('notify'),
      { type: 'token_budget_exceeded', node_id: 'notify', kind: 'total_tokens', limit: 3000, current: 3100 },
      { type: 'node_completed', node_id: 'notify', output: null, state_patch: {}, duration_ms: 1 },
      { type: 'workflow_failed', error: 'database gone' },
    ],
  },
  {
    kind: 'policy',
    says: 'Stopped at #3: the rule no-mail blocked it (tenant policy) at notify.',
    log: [
      started,
      scheduled('notify'),
      { type: 'policy_violation', node_id: 'notify', rule: 'no-mail', decision: 'blocked', policy_scope: 'tenant' },
      failedNode('notify', 'blocked'),
      failed('notify'),
    ],
  },
  {
    kind: 'rate-limited',
    says: 'Failed at #6: notify gave up after 2 attempts, rate limited: HTTP 429 too many requests.',
    log: [
      started,
      scheduled('notify'),
      startedNode('notify'),
      { type: 'node_parked', node_id: 'notify', attempt: 1, retry_after: '2026-06-01T12:00:00Z' },
      startedNode('notify', 1),
      failedNode('notify', 'HTTP 429 too many requests'),
      failed('notify'),
    ],
  },
  {
    kind: 'child-failed',
    says: 'the child of notify failed at #4: no such user.',
    log: [
      started,
      scheduled('notify'),
      { type: 'child_workflow_started', node_id: 'notify', child_execution_id: 'c-1', child_workflow_id: 'mail' },
      { type: 'child_workflow_failed', node_id: 'notify', child_execution_id: 'c-1', error: 'no such user' },
      failedNode('notify', 'child failed'),
      failed('notify'),
    ],
  },
  {
    kind: 'gave-up',
    says: 'Failed at #7: notify gave up after 2 attempts: no route',
    log: [
      started,
      scheduled('notify'),
      startedNode('notify'),
      { type: 'child_workflow_failed', node_id: 'notify', child_execution_id: 'c-1', error: 'no such user' },
      failedNode('notify', 'child failed', true),
      startedNode('notify', 1),
      failedNode('notify', 'no route', false, 1),
      failed('notify'),
    ],
  },
  {
    kind: 'node-failed',
    says: 'Failed at #6: notify failed: no route',
    log: [
      started,
      { type: 'tool_approval_required', node_id: 'notify', tool_name: 'mail', approver: 'human', context: {} },
      { type: 'approval_received', node_id: 'notify', user_id: 'kim', decision: 'rejected', comment: null, state_patch: null },
      completed('notify'),
      scheduled('notify'),
      failedNode('notify', 'no route'),
      failed('notify'),
    ],
  },
  {
    kind: 'worker-died',
    says: 'Failed at #4: the worker of notify died (lease expired: worker dead).',
    log: [started, scheduled('notify'), startedNode('notify'), failedNode('notify', 'lease expired: worker dead'), failed('notify')],
  },
  {
    kind: 'workflow-error',
    says: 'Failed at #2: the definition has a cycle.',
    log: [started, { type: 'workflow_failed', error: 'the definition has a cycle' }],
  },
  {
    kind: 'cancelled',
    says: 'Cancelled at #3 while notify had not ended: no longer needed.',
    log: [started, scheduled('notify'), { type: 'workflow_cancelled', reason: 'no longer needed' }],
  },
  {
    kind: 'continued',
    says: 'Continued at #2 in exec_2.',
    log: [started, { type: 'segment_boundary', segment_number: 1, next_execution_id: 'exec_2' }],
    status: 'limit_exceeded',
  },
  { kind: 'row-only', says: 'The row says cancelled, and no event says why.', log: [started], status: 'cancelled' },
  {
    kind: 'lost-state',
    says: 'Completed at #4, and its end lost /approved_by, written at #3.',
    log: [
      started,
      completed('collect', { a: 1 }),
      { type: 'approval_received', node_id: 'collect', user_id: 'kim', decision: 'approved', comment: null, state_patch: { approved_by: 'kim' } },
      { type: 'workflow_completed', final_state: { a: 1 } },
    ],
    status: 'completed',
  },
  {
    kind: 'waits-decision',
    says: 'Waits for a person (human) to decide about send at notify since #3 (2026-05-28',
    log: [started, scheduled('notify'), { type: 'tool_approval_required', node_id: 'notify', tool_name: 'send', approver: 'human', context: {} }],
  },
  {
    kind: 'waits-rate-limit',
    says: 'Waits for a rate limit: notify is parked until 2026-06-01T12:00:00Z',
    log: [started, scheduled('notify'), startedNode('notify'), { type: 'node_parked', node_id: 'notify', attempt: 1, retry_after: '2026-06-01T12:00:00Z' }],
    items: [workItem('notify')],
  },
  {
    kind: 'waits-worker',
    says: 'Waits for the worker w-1 with notify since #3, whose lease holds until L',
    log: [started, scheduled('notify'), startedNode('notify')],
    items: [workItem('notify', { status: 'claimed', workerId: 'w-1', leaseExpiresAt: 'L' })],
  },
  { kind: 'waits-retry', says: 'Waits to retry notify: not before R.', log: [started, scheduled('notify')], items: [workItem('notify', { retryAfter: 'R' })] },
  {
    kind: 'waits-queue',
    says: 'Waits for a worker of the queue general to take notify since #2.',
    log: [started, scheduled('notify')],
    items: [workItem('notify')],
  },
  {
    kind: 'waits-time',
    says: 'Waits for a time: notify until T.',
    log: [started, scheduled('notify'), { type: 'timer_created', node_id: 'notify', fire_at: 'T', correlation_key: null }],
  },
  {
    kind: 'waits-child',
    says: 'Waits for the child c-1 of notify since #3',
    log: [started, scheduled('notify'), { type: 'child_workflow_started', node_id: 'notify', child_execution_id: 'c-1', child_workflow_id: 'mail' }],
  },
  { kind: 'waits-scheduler', says: 'Waits for the scheduler, which will schedule check.', log: [started, scheduled('collect'), completed('collect')] },
  {
    kind: 'stuck-no-item',
    says: 'Stuck for ever: notify is scheduled since #2, but no work item for it is open',
    log: [started, scheduled('notify')],
    items: [workItem('notify', { status: 'completed' })],
  },
  {
    kind: 'no-definition',
    says: 'The definition of w version 1 is not in the database or cannot be read, so what it waits for cannot be said',
    log: [started, completed('collect')],
    definition: undefined,
  },
  { kind: 'not-started', says: 'Waits: the row says pending', log: [], status: 'pending' },
];

describe('why', () => {
  it.each(PLANTED)('names the planted cause: $kind, $says', async ({ kind, says, log, status = 'running', items = [], ...rest }) => {
    const definition = 'definition' in rest ? rest.definition : DEFINITION;
    const ends = log.some(({ type }) => type === 'workflow_failed');
    const why = await explainWhy(await agentRun(logOf(...log), { definition, status: ends ? 'failed' : status, items }));
    expect([why.kind, why.sentence]).toEqual([kind, expect.stringContaining(says)]);
  });

  it('leads from the end to the attempts, the decision and the event that wrote the input', async () => {
    const why = await explainWhy(await agentRun(logOf(...(PLANTED[0]?.log ?? [])), { definition: DEFINITION, status: 'failed' }));
    expect(why.chain).toEqual([
      { sequence: 13, node: undefined, text: 'the run failed: node(s) failed terminally: notify' },
      { sequence: 12, node: 'notify', text: 'notify failed: SMTP 451 try later' },
      { sequence: 8, node: 'notify', text: 'an attempt failed: SMTP 451 try later' },
      { sequence: 5, node: 'check', text: 'check chose it: state.to != null' },
      { sequence: 3, node: 'collect', text: '/to was written by collect' },
    ]);
  });

  it('calls the cause of a node that was started as its sentence does', async () => {
    const log = logOf(started, scheduled('notify'), { type: 'node_started', node_id: 'notify', worker_id: 'w', attempt: 0 });
    const why = await explainWhy(await agentRun(log, { definition: DEFINITION, status: 'running', items: [] }));
    expect([why.sentence, why.cause]).toEqual([expect.stringContaining('notify is started since #3'), 'notify is started']);
  });

  it('says that an event cannot be read, instead of guessing what the run waits for', async () => {
    const why = await explainWhy(await agentRun([...logOf(started, scheduled('notify')), { sequence: 3, text: '{"type":' }], { definition: DEFINITION }));
    expect([why.kind, why.sentence]).toEqual(['stuck-unreadable', expect.stringContaining('Stuck: the runtime cannot read event #3: it is not JSON')]);
  });

  it('tells of the runs of the killed server what the restarted one then did with them', async () => {
    const source = await openSqlite(goldenDatabase('server-0.5.0-killed'));
    const restarted = JSON.parse(goldenText('server-0.5.0-killed.restart.json')) as readonly Restarted[];
    expect(restarted).toHaveLength(7);
    for (const { execution_id: id, appended } of restarted) {
      const [first] = appended;
      const { kind, sentence } = await whyIn(source, id);
      const scheduler = { node_scheduled: `which will schedule ${first?.node_id}`, workflow_completed: 'which will complete it' };
      const says = scheduler[first?.type as keyof typeof scheduler];
      if (says !== undefined) expect([id, kind, sentence]).toEqual([id, 'waits-scheduler', expect.stringContaining(says)]);
      else
        expect([id, ['waits-queue', 'waits-worker', 'waits-retry'].includes(kind), sentence]).toEqual([
          id,
          true,
          expect.stringContaining(first?.node_id ?? ''),
        ]);
    }
  });

  it('tells the three failures of the real agents', async () => {
    const source = await openSqlite(goldenDatabase('agents-0.5.0'));
    const { groups, completed: done } = await allCauses(source);
    expect(done).toBe(9);
    expect(groups.map(({ kind, cause, runs }) => [kind, cause, runs])).toEqual([
      ['rejected', 'tools rejected by kim', 2],
      ['nothing-to-send', 'model had nothing to send: it is the start node, and the server gives a start node no input', 1],
    ]);
  });
});

interface Restarted {
  readonly execution_id: string;
  readonly appended: readonly { readonly type: string; readonly node_id: string | null }[];
}

async function whyIn(source: Source, id: string) {
  const execution = await OpenExecution.open(source, id);
  await execution.index();
  return explainWhy(await explainedRun(execution));
}

async function allCauses(source: Source): Promise<Causes> {
  let last: Causes | undefined;
  for await (last of causesOf(source, noPause));
  if (last === undefined) throw new Error('nothing was grouped');
  return last;
}

describe('causes', () => {
  it('fold numbers, ids and quoted texts', () => {
    expect(folded("tool \"x\" of 17d7f901-12c4-4be6-b079-89e964f856cc took 12.5 s at 0xff, it isn't 'here'")).toBe(
      "tool ‹text› of ‹id› took N s at ‹id›, it isn't ‹text›",
    );
  });

  it('of 10,000 failed runs is one, and each of them is read', async () => {
    const path = `${temporaryFolder()}/many.db`;
    makeManyRuns(path, 10_000);
    const database = new Database(path);
    database.exec(`UPDATE workflow_executions SET status = 'failed';
      INSERT INTO events SELECT execution_id, 3, json_object('type', 'node_failed', 'node_id', 'usual', 'error', 'error ' || (rowid % 7) || ' of ' || execution_id, 'attempt', 0,
        'retryable', json('false')), started_at FROM workflow_executions;
      INSERT INTO events SELECT execution_id, 4, json_object('type', 'workflow_failed', 'error', 'node(s) failed terminally: usual'), started_at FROM workflow_executions`);
    database.close();
    const source = await openSqlite(path);
    const { groups, read } = await allCauses(source);
    expect([read, groups.map(({ cause, runs }) => [cause, runs])]).toEqual([10_000, [['usual failed: error N of ‹id›', 10_000]]]);
  });
});

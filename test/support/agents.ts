import fc from 'fast-check';
import { explainedRun } from '../../core/debugger/explained-run.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import type { ExplainedRun } from '../../core/explain/run.ts';
import type { WorkItemRow } from '../../core/jamjet/rows.ts';
import { formatTime } from '../../core/jamjet/time.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { memoryExecution } from './history.ts';

/** An agent's definition as the SDK compiles it, of this many turns and a last model without tools. */
export function agentDefinition(turns: number, changes: Record<string, unknown> = {}, labelled = true): string {
  const nodes: Record<string, unknown> = {
    prepare: { id: 'prepare', kind: { type: 'python_fn', function: 'prepare' }, labels: {} },
  };
  const edges: unknown[] = [{ from: 'prepare', to: '__model_0__' }];
  const labels = (loop: string, turn: number): unknown => (labelled ? { 'jamjet.agent.loop': loop, 'jamjet.agent.turn': String(turn) } : {});
  for (let turn = 0; turn <= turns; turn++) {
    const [model, gate, tools] = [`__model_${turn}__`, `__tool_gate_${turn}__`, `__tools_${turn}__`];
    const offered = turn < turns ? [{ type: 'function', function: { name: 'search', limit: 0.9112963165031043 } }] : [];
    nodes[model] = { id: model, kind: { type: 'model', model_ref: 'm', system_prompt: 'Be exact.', tools: offered }, labels: labels('model', turn) };
    if (turn === turns) break;
    nodes[gate] = { id: gate, kind: { type: 'condition', branches: [{ condition: 'c', target: tools }, { target: 'end' }] }, labels: labels('gate', turn) };
    nodes[tools] = { id: tools, kind: { type: 'python_fn' }, labels: labels('tools', turn), retry_policy: 'no_retry' };
    edges.push({ from: model, to: gate }, { from: gate, to: tools, condition: 'c' }, { from: gate, to: 'end' }, { from: tools, to: `__model_${turn + 1}__` });
  }
  return JSON.stringify({
    workflow_id: 'w',
    version: '1',
    start_node: 'prepare',
    models: { m: { provider: 'openai', model: 'gpt', temperature: 0.7, max_tokens: 100 } },
    nodes,
    edges,
    ...changes,
  });
}

const content = fc.oneof(
  fc.string(),
  fc.constantFrom('<img src=x onerror=alert(1)>', '![x](http://x)', '\u001b[31mred', '\u202etxt', '7', null, 7, ['a'], { a: 1 }),
);
const role = fc.constantFrom('system', 'user', 'assistant', 'tool', 'function', '', null, 3);
const message = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      { role, content, tool_calls: fc.constantFrom(undefined, [], [{ id: 'a', name: 'search' }], 'x'), name: fc.constantFrom(undefined, 'n') },
      { requiredKeys: ['role'] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('text', 5, null, []) },
);
const messages = fc.oneof(
  { weight: 9, arbitrary: fc.array(message, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom('no list', null, { role: 'user' }) },
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('turn' as const),
      patch: fc.option(messages),
      attempts: fc.integer({ min: 1, max: 3 }),
      edit: fc.option(messages),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      patch: fc.constantFrom<unknown>({ a: { b: 1 } }, { a: null }, { messages: null }, 'bare', null),
    }),
  },
);

export interface AgentEvent {
  readonly sequence: number;
  readonly text: string;
}

/** Logs of agents whose messages are whatever people and tools may write, with approvals that edit them, parks and retries. */
export const agentLog: fc.Arbitrary<readonly AgentEvent[]> = fc.tuple(fc.option(messages), fc.array(step, { maxLength: 8 })).map(([input, steps]) => {
  const kinds: Record<string, unknown>[] = [
    { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: input === null ? {} : { messages: input, order: 1 } },
    { type: 'node_scheduled', node_id: 'prepare', queue_type: 'python_tool' },
    { type: 'node_completed', node_id: 'prepare', output: {}, state_patch: { prepared: { at: 1 } }, duration_ms: 1 },
  ];
  let turn = 0;
  for (const one of steps) {
    if (one.kind === 'merge') {
      kinds.push({ type: 'node_completed', node_id: 'other', output: null, state_patch: one.patch, duration_ms: 1 });
      continue;
    }
    const [model, gate, tools] = [`__model_${turn}__`, `__tool_gate_${turn}__`, `__tools_${turn}__`];
    kinds.push({ type: 'node_scheduled', node_id: model, queue_type: 'model' });
    for (let attempt = 0; attempt < one.attempts; attempt++) {
      kinds.push({ type: 'node_started', node_id: model, worker_id: 'w', attempt });
      if (attempt < one.attempts - 1) kinds.push({ type: 'node_parked', node_id: model, attempt: attempt + 1, retry_after: '2026-06-01T12:00:00+00:00' });
    }
    const calls = [{ id: 'c', name: 'search', arguments: {} }];
    kinds.push(
      {
        type: 'node_completed',
        node_id: model,
        output: { content: 'x', finish_reason: 'tool_calls', tool_calls: calls },
        state_patch: { last_model_output: 'x' },
        duration_ms: 5,
        input_tokens: 10,
        output_tokens: 2,
      },
      { type: 'node_scheduled', node_id: gate, queue_type: 'general' },
      { type: 'node_completed', node_id: gate, output: { chosen_target: tools }, state_patch: {}, duration_ms: 1 },
      { type: 'node_scheduled', node_id: tools, queue_type: 'python_tool' },
    );
    if (one.edit !== null) {
      kinds.push(
        { type: 'tool_approval_required', node_id: tools, tool_name: 'search', approver: 'human', context: {} },
        { type: 'approval_received', node_id: tools, user_id: 'kim', decision: 'approved', comment: null, state_patch: { messages: one.edit } },
      );
    }
    kinds.push({ type: 'node_completed', node_id: tools, output: {}, state_patch: one.patch === null ? {} : { messages: one.patch }, duration_ms: 3 });
    turn++;
  }
  return kinds.map((kind, i) => ({ sequence: i + 1, text: JSON.stringify(kind) }));
});

interface AgentRunOptions {
  readonly definition?: string | undefined;
  readonly status?: string;
  readonly items?: readonly (WorkItemRow & { readonly payloadJson: string })[];
  readonly generation?: number;
}

/** An execution with these events, a second apart, as explanations read it. */
export async function agentRun(
  events: readonly AgentEvent[],
  { definition, status = 'running', items = [], generation = 11 }: AgentRunOptions,
): Promise<ExplainedRun> {
  const row = memoryExecution({ initialInput: new Map(), events: [...events], snapshots: [] });
  const source = new MemorySource({
    generation,
    definitions: definition === undefined ? [] : [{ workflowId: 'w', version: '1', irJson: definition }],
    executions: [
      {
        ...row,
        status,
        eventRows: events.map(({ sequence, text }) => ({ sequence, text, createdAt: formatTime(1_780_000_000_000 + sequence * 1000) })),
        workItemRows: items,
      },
    ],
  });
  const execution = await OpenExecution.open(source, 'x');
  await execution.index();
  return explainedRun(execution);
}

/** Kinds as events of a log. */
export function logOf(...kinds: readonly Record<string, unknown>[]): readonly AgentEvent[] {
  return kinds.map((kind, i) => ({ sequence: i + 1, text: JSON.stringify(kind) }));
}

export function workItem(nodeId: string, changes: Partial<WorkItemRow> & { readonly payload?: unknown } = {}): WorkItemRow & { readonly payloadJson: string } {
  const { payload = {}, ...row } = changes;
  return {
    id: `item-${nodeId}`,
    nodeId,
    queueType: 'general',
    status: 'pending',
    attempt: 0,
    workerId: undefined,
    createdAt: formatTime(1_780_000_000_000),
    leaseExpiresAt: undefined,
    retryAfter: undefined,
    ...row,
    payloadJson: JSON.stringify(payload),
  };
}

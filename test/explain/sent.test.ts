import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelStarts } from '../../core/explain/model-starts.ts';
import type { ExplainedRun } from '../../core/explain/run.ts';
import { requestText, type SentCall, sentAt, sentJson } from '../../core/explain/sent.ts';
import { sentText } from '../../core/explain/sent-text.ts';
import { printJson } from '../../core/json/print.ts';
import { type AgentEvent, agentDefinition, agentLog, agentRun, logOf, workItem } from '../support/agents.ts';

async function callsOf(run: ExplainedRun): Promise<readonly SentCall[]> {
  const calls: SentCall[] = [];
  for (const start of await modelStarts(run)) calls.push(await sentAt(run, start));
  return calls;
}

interface Kind {
  readonly type: string;
  readonly node_id?: string;
  readonly initial_input?: Record<string, unknown>;
  readonly state_patch?: unknown;
}

/** The requests of a log, computed plainly with JavaScript's own values: for each start of a model, in order. */
function plainRequests(events: readonly AgentEvent[]): readonly (string | undefined)[] {
  let given: Record<string, unknown> = {};
  const dispatched = new Map<string, string | undefined>();
  const sent: (string | undefined)[] = [];
  for (const { text } of events) {
    const kind = JSON.parse(text) as Kind;
    const node = kind.node_id ?? '';
    if (kind.type === 'node_scheduled' && node.startsWith('__model_')) dispatched.set(node, plainRequest(given));
    if (kind.type === 'node_started') sent.push(dispatched.get(node));
    if (kind.type === 'workflow_started') given = { ...given, ...kind.initial_input };
    const patch = kind.state_patch;
    if (kind.type === 'node_completed' && typeof patch === 'object' && patch !== null && !Array.isArray(patch)) given = { ...given, ...patch };
  }
  return sent;
}

function plainRequest({ messages }: Record<string, unknown>): string | undefined {
  if (!Array.isArray(messages)) return undefined;
  const sent = messages.map((item: { readonly role?: unknown; readonly content?: unknown } | null) => ({
    content: typeof item?.content === 'string' ? item.content : '',
    role: item?.role === 'system' || item?.role === 'assistant' ? item.role : 'user',
  }));
  const tools = [{ function: { limit: 0.9112963165031044, name: 'search' }, type: 'function' }];
  return JSON.stringify({
    max_tokens: 100,
    messages: [{ content: 'Be exact.', role: 'system' }, ...sent],
    model: 'openai/gpt',
    temperature: Math.fround(0.7),
    tools,
  });
}

/** As many as a generated log has at most. */
const TURNS = 8;

describe('what a model was sent', () => {
  it('equals a plain computation at every start of 1,000 agent runs', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(agentLog, async (events) => {
        const calls = await callsOf(await agentRun(events, { definition: agentDefinition(TURNS) }));
        compared += calls.filter(({ request }) => request !== undefined).length;
        expect(calls.map((call) => requestText(call))).toEqual(plainRequests(events));
        for (const call of calls) expect(call.request === undefined).toBe(call.whyNone !== undefined);
      }),
      { numRuns: 1000, seed: 23 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('is not guessed without the definition of its version, and the work item still tells what was dispatched', async () => {
    const events = logOf(
      { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { messages: [{ role: 'user', content: 'hello' }] } },
      { type: 'node_scheduled', node_id: 'ask', queue_type: 'model' },
      { type: 'node_started', node_id: 'ask', worker_id: 'w', attempt: 0 },
    );
    const [call] = await callsOf(await agentRun(events, {}));
    expect([call?.node, call?.request, call?.whyNone]).toEqual([
      'ask',
      undefined,
      'it cannot be known: the definition of w version 1 is not in the database or cannot be read',
    ]);
    const items = [workItem('ask', { payload: { model: 'openai/gpt', messages: [{ role: 'user', content: 'hello' }] } })];
    const [again] = await callsOf(await agentRun(events, { items }));
    expect([again?.request, printJson(again?.byWorkItem ?? null)]).toEqual([
      undefined,
      '{"messages":[{"content":"hello","role":"user"}],"model":"openai/gpt"}',
    ]);
  });

  it('is the prompt of a work item that was made by hand, and a difference is told', async () => {
    const events = [
      { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { messages: [] } },
      { type: 'node_scheduled', node_id: '__model_0__', queue_type: 'model' },
      { type: 'node_started', node_id: '__model_0__', worker_id: 'w', attempt: 0 },
    ];
    const items = [workItem('__model_0__', { payload: { model: 'openai/gpt', prompt: 'Say hello' } })];
    const [call] = await callsOf(await agentRun(logOf(...events), { definition: agentDefinition(1), items }));
    expect([call?.witness, call && requestText(call)]).toEqual(['differs', '{"messages":[{"content":"Say hello","role":"user"}],"model":"openai/gpt"}']);
    expect(call?.byState?.get('model')).toBe('openai/gpt');
    expect(call?.finding).toMatchObject({ kind: 'sent-differs', sequence: 2 });
  });

  it('is unknown for a start node whose first call has not ended, and known by how it ended', async () => {
    const events = [
      { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { messages: [{ role: 'user', content: 'hello' }] } },
      { type: 'node_scheduled', node_id: '__model_0__', queue_type: 'model' },
      { type: 'node_started', node_id: '__model_0__', worker_id: 'w', attempt: 0 },
    ];
    const definition = agentDefinition(1, { start_node: '__model_0__' });
    const whyAfter = async (...last: readonly Record<string, unknown>[]): Promise<string | undefined> =>
      (await callsOf(await agentRun(logOf(...events, ...last), { definition })))[0]?.whyNone;
    expect(await whyAfter()).toContain('it cannot be known');
    const failed = { type: 'node_failed', node_id: '__model_0__', error: 'ModelNodeExecutor: no prompt or messages provided', attempt: 0, retryable: false };
    expect(await whyAfter(failed)).toContain('it is the start node');
    expect(await whyAfter({ type: 'node_completed', node_id: '__model_0__', output: { content: 'hi' }, state_patch: {}, duration_ms: 1 })).toBeUndefined();
  });

  it('is told by how the call ended when both the server and the scheduler dispatched the start node', async () => {
    const model = '__model_0__';
    const events = logOf(
      { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { messages: [{ role: 'user', content: 'hello' }] } },
      { type: 'node_scheduled', node_id: model, queue_type: 'model' },
      { type: 'node_scheduled', node_id: model, queue_type: 'model' },
      { type: 'node_started', node_id: model, worker_id: 'w', attempt: 0 },
      { type: 'node_failed', node_id: model, error: 'ModelNodeExecutor: no prompt or messages provided', attempt: 0, retryable: true },
      { type: 'node_started', node_id: model, worker_id: 'w', attempt: 0 },
      { type: 'node_completed', node_id: model, output: { content: 'hi' }, state_patch: {}, duration_ms: 1 },
    );
    const items = [
      workItem(model, { id: 'a', payload: { workflow_id: 'w' } }),
      workItem(model, { id: 'b', payload: { model: 'openai/gpt', messages: [{ role: 'user', content: 'hello' }] } }),
    ];
    const calls = await callsOf(await agentRun(events, { definition: agentDefinition(1, { start_node: model }), items }));
    expect(calls.map(({ request, whyNone }) => [request !== undefined, whyNone])).toEqual([
      [false, expect.stringContaining('it is the start node')],
      [true, undefined],
    ]);
  });

  it('is not claimed for a database of generation 3, whose nodes are given no state', async () => {
    const events = logOf(
      { type: 'node_scheduled', node_id: '__model_0__', queue_type: 'model' },
      { type: 'node_started', node_id: '__model_0__', worker_id: 'w', attempt: 0 },
    );
    const [call] = await callsOf(await agentRun(events, { definition: agentDefinition(1), generation: 3 }));
    expect(call?.whyNone).toContain('runtimes of this generation do not hand the state to nodes');
  });

  it('tells what of the state was not sent, and that the edit of a person was not', async () => {
    const said = [
      { role: 'system', content: 'Be exact.' },
      { role: 'assistant', content: '', tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'a', content: '4' },
      { role: 'user', content: { text: 'no text' } },
    ];
    const events = logOf(
      { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { messages: said, order: 1 } },
      { type: 'node_completed', node_id: 'prepare', output: null, state_patch: {}, duration_ms: 1 },
      {
        type: 'approval_received',
        node_id: 'prepare',
        user_id: 'kim',
        decision: 'approved',
        comment: null,
        state_patch: { messages: [...said.slice(0, 3), { role: 'user', content: 'edited' }, { role: 'user', content: 'more' }] },
      },
      { type: 'node_scheduled', node_id: '__model_0__', queue_type: 'model' },
      { type: 'node_started', node_id: '__model_0__', worker_id: 'w', attempt: 0 },
    );
    const [call] = await callsOf(await agentRun(events, { definition: agentDefinition(1) }));
    expect(call?.notSent.map(({ kind, messages, keys }) => [kind, messages ?? keys])).toEqual([
      ['tool_calls', [1]],
      ['roles', [2]],
      ['contents', [3]],
      ['fields', [2]],
      ['messages', [3, 4]],
      ['state_keys', ['order']],
    ]);
    expect(call?.onlySent.map(({ kind, messages }) => [kind, messages])).toEqual([
      ['system_prompt', [0]],
      ['messages', [3]],
    ]);
    expect(call && sentText(call)).toBe(TOLD);
    expect(call && printJson(sentJson('x', call))).toContain('"not_sent":[{"kind":"tool_calls","detail":"2 tool calls of the assistant');
  });
});

/** The same for people. */
const TOLD = `__model_0__, turn 0 · started at #5
openai/gpt · temperature 0.699999988079071 · max_tokens 100 · 1 tool

[system]
Be exact.

[system]
Be exact.

[assistant]
(empty)

[user]
4

[user]
(empty)

It has not been answered.

In the state, but not sent:
  2 tool calls of the assistant: the model never saw which tools it had called.
  The role of 1 message (tool): sent as user.
  The content of 1 message is no text: sent empty.
  tool_call_id of 1 message.
  The edit of messages by kim at #3: sent was the list as nodes are given it, which has no edits of approvals.
  1 other key of the state: order.

Sent, though not in the state:
  The system prompt twice: once from the definition, and again from the messages.
  1 message of the list as nodes are given it, which the replayed state has no more.
`;

import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Approval, ApprovalReader } from '../../core/explain/approvals.ts';
import { dossierOf } from '../../core/explain/dossier.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { agentRun, logOf } from '../support/agents.ts';
import { startEngine, value } from '../support/engine.ts';
import { memoryExecution } from '../support/history.ts';
import { openSqlite } from '../support/sources.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const AGENT = '4d4a7f10-62c8-4b5e-9a3d-70e1c2b4fc62';
const source = 1;

type Kind = Record<string, unknown>;
const asked = (node: string, tool = 'refund_order'): Kind => ({
  type: 'tool_approval_required',
  node_id: node,
  tool_name: tool,
  approver: 'human',
  context: { tool },
});
const interrupted = (node: string): Kind => ({ type: 'interrupt_raised', node_id: node, reason: 'too large', state_for_review: {} });
const decided = (node: string, decision = 'approved', patch: unknown = null): Kind => ({
  type: 'approval_received',
  node_id: node,
  user_id: 'kim',
  decision,
  comment: null,
  state_patch: patch,
});
const completed = (node: string, patch: unknown = {}): Kind => ({ type: 'node_completed', node_id: node, output: null, state_patch: patch, duration_ms: 1 });

async function approvalsIn(...kinds: readonly Kind[]): Promise<readonly Approval[]> {
  const reader = new ApprovalReader();
  const execution = memoryExecution({ initialInput: new Map(), events: [...logOf(...kinds)], snapshots: [] });
  const memory = new MemorySource({ generation: 11, definitions: [], executions: [execution] });
  for await (const chunk of memory.scan('x', 0)) reader.append(chunk);
  return reader.approvals;
}

describe('B24: the approvals of a run', () => {
  it('wait until the last request of the node has a decision', async () => {
    expect((await approvalsIn(asked('a'), asked('b'), decided('a', 'rejected'))).map(({ node, outcome }) => [node, outcome])).toEqual([
      ['a', 'decided'],
      ['b', 'pending'],
    ]);
  });

  it('are one when a node is asked again, and keep the tool when it is interrupted, too', async () => {
    const approvals = await approvalsIn(asked('a'), interrupted('a'));
    expect(approvals).toMatchObject([{ tool: 'refund_order', approver: 'human', reason: 'too large', request: { sequence: 2 }, outcome: 'pending' }]);
  });

  it('are passed when the node or the run ends without a decision, and a decision needs no request', async () => {
    const approvals = await approvalsIn(asked('a'), completed('a'), decided('x'), asked('b'), { type: 'workflow_cancelled', reason: null });
    expect(approvals.map(({ node, outcome, request }) => [node, outcome, request?.sequence])).toEqual([
      ['a', 'passed', 1],
      ['x', 'decided', undefined],
      ['b', 'passed', 4],
    ]);
  });

  it('tell of each edit which event changed it next, and what the node did then', async () => {
    const log = logOf(
      { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: { messages: [1], kept: 0 } },
      asked('tools'),
      decided('tools', 'approved', { messages: [1, 'edit'], kept: 1 }),
      { type: 'node_scheduled', node_id: 'tools', queue_type: 'q' },
      completed('tools', { messages: [1, 2] }),
    );
    const approval: Approval = {
      node: 'tools',
      request: { sequence: 2, time: 0 },
      tool: '',
      approver: '',
      reason: '',
      decision: { sequence: 3, time: 0, by: 'kim', decision: 'approved', comment: '' },
      outcome: 'decided',
    };
    const dossier = await dossierOf(await agentRun(log, {}), approval);
    expect(dossier.edits.map(({ path, lost }) => [path, lost?.sequence, lost?.by])).toEqual([
      ['/kept', undefined, undefined],
      ['/messages', 5, 'tools'],
    ]);
    expect(dossier.after).toEqual([
      { sequence: 4, text: 'node scheduled' },
      { sequence: 5, text: 'node completed' },
    ]);
  });
});

describe('B24: the requests about approvals', () => {
  it('list those of a run, and explain the one at an event', async () => {
    const { client } = startEngine({ open: () => openSqlite(SAMPLE) });
    await value(client.ask('sources.open', { source, prepared: { kind: 'example' } }));
    const { total, pending, rows } = await value(client.ask('explain.approvals', { source, execution: AGENT }));
    expect([total, pending]).toEqual([2, 0]);
    expect(rows.map(({ by, decided: decision, tool }) => [by, decision, tool])).toEqual([
      ['noor', 'approved', 'refund_order'],
      ['kim', 'approved', 'refund_order'],
    ]);
    const sequence = rows[1]?.decision ?? 0;
    const approval = await value(client.ask('explain.approval', { source, execution: AGENT, sequence }));
    expect(approval?.edits.map(({ path, lost }) => [path, lost])).toEqual([
      ['/messages/7', { sequence: sequence + 2, by: 'tools, turn 2' }],
      ['/approved_by', { sequence: 41, by: 'another decision' }],
    ]);
    expect(approval?.shown).toContain('"gated_tools"');
    expect(await value(client.ask('explain.approval', { source, execution: AGENT, sequence: 1 }))).toBeNull();
  });

  it('list those of a database, pending ones first', async () => {
    const { client } = startEngine({ open: () => openSqlite(SAMPLE) });
    await value(client.ask('sources.open', { source, prepared: { kind: 'example' } }));
    const ask = () => value(client.ask('executions.approvals', { source }));
    while ((await ask()).state === 'reading') await setImmediate();
    const { pending, total, rows, read, state } = await ask();
    expect({ pending, total, read, state }).toEqual({ pending: 1, total: 15, read: 60, state: 'whole' });
    expect(rows.map(({ outcome }) => outcome)).toEqual(['pending', ...Array.from({ length: 14 }, () => 'decided')]);
    expect(rows[0]).toMatchObject({ workflow: 'loan-review', node: 'review', tool: 'payments.hold', approver: 'credit-team', reason: 'waits for credit-team' });
  });
});

import { segmentId } from '../../core/jamjet/segment.ts';
import { fromPlain, type Plain } from '../../core/json/plain.ts';
import type { JsonObject } from '../../core/json/value.ts';
import type { Random } from './random.ts';
import type { Recording } from './recording.ts';
import { double, SimulatedExecution } from './simulated-execution.ts';
import { WORKFLOWS } from './workflows.ts';

const NAMES: readonly string[] = ['Ada Lindqvist', 'Björn Ågren', 'Chen Wei 陈伟', "D'Arcy O'Neil", 'Ezgi Şahin', 'Fatou Diop', 'Zoë Ångström'];

interface SampleStart {
  readonly recording: Recording;
  readonly random: Random;
  readonly startedAt: number;
}

function startExecution(
  { recording, random, startedAt }: SampleStart,
  workflow: { id: string; version: string },
  input: Plain,
  more: { tenant?: string; parent?: string; segment?: number; snapshotEvery?: number; id?: string } = {},
): SimulatedExecution {
  return new SimulatedExecution(recording, random, { workflow: workflow.id, version: workflow.version, input, startedAt, ...more });
}

/** The review of a loan. The approval patches the state, which nodes never see. */
export function loan(
  start: SampleStart,
  { outcome = 'approved' as 'approved' | 'rejected' | 'failed' | 'waiting', snapshotEvery = 1, id = undefined as string | undefined } = {},
): SimulatedExecution {
  const { random } = start;
  const amount = random.between(2, 90) * 1000;
  const input = {
    application: {
      id: `L-${random.between(1000, 9999)}`,
      applicant: { name: random.pick(NAMES), income_eur: double(`${random.between(20, 90)}400.00`) },
      amount,
    },
    hold: 'income letter',
  };
  const execution = startExecution(start, WORKFLOWS.loanReview, input, { snapshotEvery, ...(id === undefined ? {} : { id }) });
  execution.node('plan', {
    queue: 'model',
    tokens: [random.between(300, 900), 80],
    patch: { plan: ['fetch_history', 'score', 'review', 'notify'] },
    output: { steps: 4 },
  });
  execution.begin('fetch_history', { queue: 'tool' });
  if (random.chance(0.4)) execution.fail('fetch_history', 'connection reset by peer', { delay: 2000 }).begin('fetch_history', { attempt: 1 });
  execution.complete('fetch_history', {
    patch: {
      history: Array.from({ length: random.between(4, 12) }, (_, i) => ({
        month: `2026-0${(i % 5) + 1}`,
        balance: double(`${random.between(-900, 9000)}.50`),
      })),
      application: { applicant: { letters: ['salary', 'rent'] } },
    },
    output: { months: 12 },
  });
  const score = (random.between(20, 98) / 100).toFixed(2);
  execution.node('score', {
    queue: 'model',
    tokens: [random.between(900, 2400), 120],
    patch: { score: { value: double(score), model: 'm-large-3', features: { age: 41, defaults: 0, ratio: double('0.31') } } },
    output: double(score),
  });
  execution.node('explain', {
    queue: 'model',
    tokens: [1400, 420],
    patch: { explanation: `Score ${score}: steady income, no defaults.` },
    output: { characters: 212 },
  });
  execution.begin('review', { queue: 'human', omitStarted: true });
  if (outcome === 'waiting') {
    execution.event('tool_approval_required', { node_id: 'review', tool_name: 'payments.hold', approver: 'credit-team', context: { amount } });
    execution.event('interrupt_raised', { node_id: 'review', reason: 'waits for credit-team', state_for_review: { amount, score: double(score) } });
    return execution.end('paused');
  }
  const decision = outcome === 'rejected' ? 'rejected' : 'approved';
  execution.approval('review', 'payments.hold', decision, {
    user: random.pick(['kim', 'noor', 'sasha']),
    comment: decision === 'approved' ? 'Income letter checked by phone.' : 'The letter is older than three months.',
    after: random.between(60, 14_000) * 1000,
    patch: decision === 'approved' ? { approved_by: 'kim', hold: null, limit_eur: 9007199254740993n } : undefined,
  });
  if (decision === 'rejected') {
    execution.fail('review', 'approval rejected by noor', { retryable: false });
    return execution.event('workflow_failed', { error: 'node(s) failed terminally: review' }).end('failed');
  }
  execution.node('review', { omitStarted: true, patch: { decision: 'approved' }, output: 'approved', ms: 6 });
  if (outcome === 'failed') {
    execution.begin('notify', { queue: 'tool' });
    for (let attempt = 0; attempt < 3; attempt++)
      execution.wait(30_000).fail('notify', 'SMTP 451: try again later', { attempt, retryable: attempt < 2, delay: 2000 });
    return execution.event('workflow_failed', { error: 'node(s) failed terminally: notify' }).end('failed');
  }
  execution.node('notify', { queue: 'tool', patch: { notified: true }, output: { sent_to: 2 } });
  // The scheduler's fold has neither the approval's patch nor nested merges (docs/replay.md, Three readings).
  const final = new Map(execution.state as JsonObject);
  final.delete('approved_by');
  final.set('hold', 'income letter');
  return execution.finish(final).end('completed');
}

export function invoice(start: SampleStart, { ask = false } = {}): SimulatedExecution {
  const { random } = start;
  const number = random.between(10_000, 99_999);
  const execution = startExecution(
    start,
    WORKFLOWS.invoiceIntake,
    { file: `invoice-${number}.pdf`, currency: 'EUR' },
    { tenant: random.chance(0.3) ? 'acme' : 'default' },
  );
  execution.node('extract', {
    queue: 'model',
    tokens: [random.between(1200, 5200), 260],
    patch: { invoice: { number, total: double(`${random.between(80, 9000)}.90`), lines: random.between(1, 14), supplier: random.pick(NAMES) } },
    output: { confidence: double('0.98') },
  });
  execution.node('match', {
    omitStarted: true,
    patch: { match: { found: !ask, order: ask ? null : `PO-${random.between(100, 999)}` } },
    output: { candidates: ask ? 3 : 1 },
  });
  execution.node('route', { omitStarted: true, output: { branch_targets: ['post', 'ask'], chosen_target: ask ? 'ask' : 'post' }, ms: 2 });
  if (ask)
    execution
      .begin('ask', { queue: 'human', omitStarted: true })
      .approval('ask', 'erp.assign', 'approved', { user: 'sasha', comment: null, after: 900_000, patch: { match: { order: 'PO-417', by: 'sasha' } } })
      .node('ask', { omitStarted: true, output: 'PO-417', ms: 3 });
  else execution.event('node_skipped', { node_id: 'ask', reason: 'branch not taken' });
  execution.node('post', { queue: 'tool', patch: { posted: { voucher: random.between(1e6, 9e6) } }, output: { ok: true } });
  return execution.finish().end('completed');
}

export function reply(start: SampleStart, { status = 'completed' as 'completed' | 'running' | 'cancelled', snapshotEvery = 1 } = {}): SimulatedExecution {
  const { random } = start;
  const execution = startExecution(
    start,
    WORKFLOWS.supportReply,
    {
      ticket: random.between(1000, 99_999),
      text: random.pick(['Where is my parcel?', 'Ich möchte kündigen.', '返金をお願いします。', 'It says "error <b>42</b>" again.']),
    },
    { snapshotEvery },
  );
  execution.node('classify', {
    omitStarted: true,
    tokens: [220, 12],
    model: 'm-small-3',
    patch: { topic: random.pick(['delivery', 'billing', 'account']) },
    output: 'ok',
  });
  execution.node('lookup', { queue: 'tool', patch: { articles: [random.between(1, 90), random.between(100, 190)] }, output: { hits: 2 } });
  if (status === 'running') return execution.begin('draft', { queue: 'model' }).end('running');
  if (status === 'cancelled')
    return execution.event('workflow_cancelled', { reason: 'the customer closed the ticket' }).event('node_cancelled', { node_id: 'draft' }).end('cancelled');
  execution.node('draft', {
    queue: 'model',
    tokens: [900, 340],
    patch: { answer: { text: 'Thank you for writing to us.', tone: 'friendly' } },
    output: { characters: 840 },
  });
  execution.node('send', { queue: 'tool', patch: { sent: true }, output: { id: random.uuid() } });
  return execution.finish().end('completed');
}

export function triage(start: SampleStart, { unknown = false } = {}): SimulatedExecution {
  const { random } = start;
  const execution = startExecution(start, WORKFLOWS.triage, { report: `R-${random.between(100, 999)}` });
  execution.node('read', {
    omitStarted: true,
    tokens: [640, 40],
    patch: { severity: random.between(1, 5), area: random.pick(['storage', 'network', 'ui']) },
    output: { language: 'en' },
  });
  if (unknown) execution.event('telemetry_sampled', { node_id: 'route', rate: double('0.25'), tags: ['beta', '实验'] });
  execution.begin('route', { omitStarted: true });
  execution.event('coordinator_discovery', {
    node_id: 'route',
    query_skills: ['triage'],
    query_trust_domain: null,
    candidates: [{ uri: 'a2a://storage-team' }, { uri: 'a2a://ui-team' }],
    filtered_out: [],
  });
  execution.event('coordinator_scoring', {
    node_id: 'route',
    rankings: [{ uri: 'a2a://storage-team', score: double('0.83') }],
    spread: double('0.41'),
    weights: { skill: double('0.7') },
  });
  execution.event('coordinator_decision', {
    node_id: 'route',
    selected: 'a2a://storage-team',
    method: 'structured',
    reasoning: null,
    confidence: double('0.83'),
    rejected: [],
    tiebreaker_tokens: null,
    tiebreaker_cost: null,
  });
  execution.complete('route', { patch: { team: 'storage-team' }, output: 'a2a://storage-team' });
  execution.node('file', { queue: 'tool', patch: { issue: random.between(1000, 9999) }, output: { ok: true } });
  return execution.finish().end('completed');
}

/** An execution that reaches its limits. */
export function limited(start: SampleStart): SimulatedExecution {
  const execution = startExecution(start, WORKFLOWS.researchAgent, { question: 'Everything about everything', budget: { tokens: 10_000 } });
  execution.node('plan', { queue: 'model', tokens: [4000, 900], patch: { plan: ['search'] }, output: { steps: 1 } });
  execution.event('autonomy_limit_reached', { node_id: 'plan', agent_ref: 'researcher', limit_type: 'max_tool_calls', limit_value: 3, actual_value: 4 });
  execution.event('circuit_breaker_tripped', { node_id: 'plan', agent_ref: 'researcher', consecutive_errors: 5, threshold: 5 });
  execution.event('escalation_required', { node_id: 'plan', agent_ref: 'researcher', reason: 'budget', escalation_target: 'ops' });
  return execution.event('strategy_limit_hit', { limit_type: 'max_tokens', limit_value: 10_000, actual_value: 12_400 }).end('limit_exceeded');
}

/** An execution with a snapshot that differs from the log. */
export function wronglySnapshotted(start: SampleStart): SimulatedExecution {
  const execution = startExecution(
    start,
    WORKFLOWS.invoiceIntake,
    { file: 'invoice-77120.pdf', currency: 'EUR' },
    { snapshotEvery: 0, id: '77b0d1aa-3c2f-4f4e-9a51-6f2f0f2c58d3' },
  );
  execution
    .node('extract', {
      queue: 'model',
      tokens: [2200, 260],
      patch: { invoice: { number: 77120, total: double('1204.90'), lines: 3 } },
      output: { confidence: double('0.97') },
    })
    .snapshot();
  execution.node('match', { omitStarted: true, patch: { match: { found: true, order: 'PO-204' } }, output: { candidates: 1 } });
  execution.wrongSnapshot((state) => {
    state.set('invoice', fromPlain({ number: 77120, total: double('1024.90'), lines: 3 }));
    state.delete('currency');
  });
  execution.node('route', { omitStarted: true, output: { branch_targets: ['post', 'ask'], chosen_target: 'post' }, ms: 2 });
  execution.node('post', { queue: 'tool', patch: { posted: { voucher: 4_410_022 } }, output: { ok: true } });
  return execution.finish().end('completed');
}

/** Continue-as-new: three segments, each of which starts with the final state of the previous one. */
export function continued(start: SampleStart): SimulatedExecution[] {
  const { recording, random } = start;
  const executions: SimulatedExecution[] = [];
  let input: Plain = { question: 'Follow the release notes', seen: 0 };
  let parent: string | undefined;
  let { startedAt } = start;
  for (let segment = 0; segment < 3; segment++) {
    const id: string = parent === undefined ? 'c0ffee00-1111-4222-8333-444455556666' : segmentId(parent, segment);
    const execution: SimulatedExecution = startExecution({ recording, random, startedAt }, WORKFLOWS.researchAgent, input, {
      id,
      segment,
      ...(parent === undefined ? {} : { parent }),
    });
    for (let i = 0; i < 4; i++)
      execution.node(['search', 'read_a', 'summarize'][i % 3] as string, {
        tokens: [800, 120],
        patch: { seen: segment * 4 + i + 1, last: { item: `v0.${segment}.${i}`, text: 'fixed a race in the lease' } },
        output: { ok: true },
      });
    if (segment < 2) execution.event('segment_boundary', { segment_number: segment + 1, next_execution_id: segmentId(id, segment + 1) }).end('limit_exceeded');
    else execution.begin('search', { queue: 'tool' }).end('running');
    input = execution.state as Plain;
    startedAt = execution.now + 50;
    parent = id;
    executions.push(execution);
  }
  return executions;
}

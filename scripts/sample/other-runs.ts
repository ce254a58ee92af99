import { segmentId } from '../../core/jamjet/segment.ts';
import { fromPlain, type Plain } from '../../core/json/plain.ts';
import type { JsonObject } from '../../core/json/value.ts';
import type { Random } from './random.ts';
import type { Recording } from './recording.ts';
import { double, Run } from './run.ts';
import { WORKFLOWS } from './workflows.ts';

const NAMES: readonly string[] = ['Ada Lindqvist', 'Björn Ågren', 'Chen Wei 陈伟', "D'Arcy O'Neil", 'Ezgi Şahin', 'Fatou Diop', 'Zoë Ångström'];

interface Place {
  readonly recording: Recording;
  readonly random: Random;
  readonly startedAt: number;
}

function open(
  { recording, random, startedAt }: Place,
  workflow: { id: string; version: string },
  input: Plain,
  more: { tenant?: string; parent?: string; segment?: number; snapshotEvery?: number; id?: string } = {},
): Run {
  return new Run(recording, random, { workflow: workflow.id, version: workflow.version, input, startedAt, ...more });
}

/** Reviews a loan with a person; the approval changes the state in a way that nodes never see. */
export function loan(
  place: Place,
  { outcome = 'approved' as 'approved' | 'rejected' | 'failed' | 'waiting', snapshotEvery = 1, id = undefined as string | undefined } = {},
): Run {
  const { random } = place;
  const amount = random.between(2, 90) * 1000;
  const input = {
    application: {
      id: `L-${random.between(1000, 9999)}`,
      applicant: { name: random.pick(NAMES), income_eur: double(`${random.between(20, 90)}400.00`) },
      amount,
    },
    hold: 'income letter',
  };
  const run = open(place, WORKFLOWS.loanReview, input, { snapshotEvery, ...(id === undefined ? {} : { id }) });
  run.node('plan', {
    queue: 'model',
    tokens: [random.between(300, 900), 80],
    patch: { plan: ['fetch_history', 'score', 'review', 'notify'] },
    output: { steps: 4 },
  });
  run.begin('fetch_history', { queue: 'tool' });
  if (random.chance(0.4)) run.fail('fetch_history', 'connection reset by peer', { delay: 2000 }).begin('fetch_history', { attempt: 1 });
  run.complete('fetch_history', {
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
  run.node('score', {
    queue: 'model',
    tokens: [random.between(900, 2400), 120],
    patch: { score: { value: double(score), model: 'm-large-3', features: { age: 41, defaults: 0, ratio: double('0.31') } } },
    output: double(score),
  });
  run.node('explain', {
    queue: 'model',
    tokens: [1400, 420],
    patch: { explanation: `Score ${score}: steady income, no defaults.` },
    output: { characters: 212 },
  });
  run.begin('review', { queue: 'human', quiet: true });
  if (outcome === 'waiting') {
    run.event('tool_approval_required', { node_id: 'review', tool_name: 'payments.hold', approver: 'credit-team', context: { amount } });
    run.event('interrupt_raised', { node_id: 'review', reason: 'waits for credit-team', state_for_review: { amount, score: double(score) } });
    return run.end('paused');
  }
  const decision = outcome === 'rejected' ? 'rejected' : 'approved';
  run.approval('review', 'payments.hold', decision, {
    user: random.pick(['kim', 'noor', 'sasha']),
    comment: decision === 'approved' ? 'Income letter checked by phone.' : 'The letter is older than three months.',
    after: random.between(60, 14_000) * 1000,
    patch: decision === 'approved' ? { approved_by: 'kim', hold: null, limit_eur: 9007199254740993n } : undefined,
  });
  if (decision === 'rejected') {
    run.fail('review', 'approval rejected by noor', { retryable: false });
    return run.event('workflow_failed', { error: 'node(s) failed terminally: review' }).end('failed');
  }
  run.node('review', { quiet: true, patch: { decision: 'approved' }, output: 'approved', ms: 6 });
  if (outcome === 'failed') {
    run.begin('notify', { queue: 'tool' });
    for (let attempt = 0; attempt < 3; attempt++)
      run.wait(30_000).fail('notify', 'SMTP 451: try again later', { attempt, retryable: attempt < 2, delay: 2000 });
    return run.event('workflow_failed', { error: 'node(s) failed terminally: notify' }).end('failed');
  }
  run.node('notify', { queue: 'tool', patch: { notified: true }, output: { sent_to: 2 } });
  // The scheduler's own fold has neither the approval's patch nor nested merges (jamjet-format.md §5).
  const final = new Map(run.state as JsonObject);
  final.delete('approved_by');
  final.set('hold', 'income letter');
  return run.finish(final).end('completed');
}

export function invoice(place: Place, { ask = false } = {}): Run {
  const { random } = place;
  const number = random.between(10_000, 99_999);
  const run = open(place, WORKFLOWS.invoiceIntake, { file: `invoice-${number}.pdf`, currency: 'EUR' }, { tenant: random.chance(0.3) ? 'acme' : 'default' });
  run.node('extract', {
    queue: 'model',
    tokens: [random.between(1200, 5200), 260],
    patch: { invoice: { number, total: double(`${random.between(80, 9000)}.90`), lines: random.between(1, 14), supplier: random.pick(NAMES) } },
    output: { confidence: double('0.98') },
  });
  run.node('match', {
    quiet: true,
    patch: { match: { found: !ask, order: ask ? null : `PO-${random.between(100, 999)}` } },
    output: { candidates: ask ? 3 : 1 },
  });
  run.node('route', { quiet: true, output: { branch_targets: ['post', 'ask'], chosen_target: ask ? 'ask' : 'post' }, ms: 2 });
  if (ask)
    run
      .begin('ask', { queue: 'human', quiet: true })
      .approval('ask', 'erp.assign', 'approved', { user: 'sasha', comment: null, after: 900_000, patch: { match: { order: 'PO-417', by: 'sasha' } } })
      .node('ask', { quiet: true, output: 'PO-417', ms: 3 });
  else run.event('node_skipped', { node_id: 'ask', reason: 'branch not taken' });
  run.node('post', { queue: 'tool', patch: { posted: { voucher: random.between(1e6, 9e6) } }, output: { ok: true } });
  return run.finish().end('completed');
}

export function reply(place: Place, { status = 'completed' as 'completed' | 'running' | 'cancelled', snapshotEvery = 1 } = {}): Run {
  const { random } = place;
  const run = open(
    place,
    WORKFLOWS.supportReply,
    {
      ticket: random.between(1000, 99_999),
      text: random.pick(['Where is my parcel?', 'Ich möchte kündigen.', '返金をお願いします。', 'It says "error <b>42</b>" again.']),
    },
    { snapshotEvery },
  );
  run.node('classify', { quiet: true, tokens: [220, 12], model: 'm-small-3', patch: { topic: random.pick(['delivery', 'billing', 'account']) }, output: 'ok' });
  run.node('lookup', { queue: 'tool', patch: { articles: [random.between(1, 90), random.between(100, 190)] }, output: { hits: 2 } });
  if (status === 'running') return run.begin('draft', { queue: 'model' }).end('running');
  if (status === 'cancelled')
    return run.event('workflow_cancelled', { reason: 'the customer closed the ticket' }).event('node_cancelled', { node_id: 'draft' }).end('cancelled');
  run.node('draft', {
    queue: 'model',
    tokens: [900, 340],
    patch: { answer: { text: 'Thank you for writing to us.', tone: 'friendly' } },
    output: { characters: 840 },
  });
  run.node('send', { queue: 'tool', patch: { sent: true }, output: { id: random.uuid() } });
  return run.finish().end('completed');
}

export function triage(place: Place, { unknown = false } = {}): Run {
  const { random } = place;
  const run = open(place, WORKFLOWS.triage, { report: `R-${random.between(100, 999)}` });
  run.node('read', {
    quiet: true,
    tokens: [640, 40],
    patch: { severity: random.between(1, 5), area: random.pick(['storage', 'network', 'ui']) },
    output: { language: 'en' },
  });
  if (unknown) run.event('telemetry_sampled', { node_id: 'route', rate: double('0.25'), tags: ['beta', '实验'] });
  run.begin('route', { quiet: true });
  run.event('coordinator_discovery', {
    node_id: 'route',
    query_skills: ['triage'],
    query_trust_domain: null,
    candidates: [{ uri: 'a2a://storage-team' }, { uri: 'a2a://ui-team' }],
    filtered_out: [],
  });
  run.event('coordinator_scoring', {
    node_id: 'route',
    rankings: [{ uri: 'a2a://storage-team', score: double('0.83') }],
    spread: double('0.41'),
    weights: { skill: double('0.7') },
  });
  run.event('coordinator_decision', {
    node_id: 'route',
    selected: 'a2a://storage-team',
    method: 'structured',
    reasoning: null,
    confidence: double('0.83'),
    rejected: [],
    tiebreaker_tokens: null,
    tiebreaker_cost: null,
  });
  run.complete('route', { patch: { team: 'storage-team' }, output: 'a2a://storage-team' });
  run.node('file', { queue: 'tool', patch: { issue: random.between(1000, 9999) }, output: { ok: true } });
  return run.finish().end('completed');
}

/** A run that hit its limits. */
export function limited(place: Place): Run {
  const run = open(place, WORKFLOWS.researchAgent, { question: 'Everything about everything', budget: { tokens: 10_000 } });
  run.node('plan', { queue: 'model', tokens: [4000, 900], patch: { plan: ['search'] }, output: { steps: 1 } });
  run.event('autonomy_limit_reached', { node_id: 'plan', agent_ref: 'researcher', limit_type: 'max_tool_calls', limit_value: 3, actual_value: 4 });
  run.event('circuit_breaker_tripped', { node_id: 'plan', agent_ref: 'researcher', consecutive_errors: 5, threshold: 5 });
  run.event('escalation_required', { node_id: 'plan', agent_ref: 'researcher', reason: 'budget', escalation_target: 'ops' });
  return run.event('strategy_limit_hit', { limit_type: 'max_tokens', limit_value: 10_000, actual_value: 12_400 }).end('limit_exceeded');
}

/** One of its snapshots is not what the events say; every later one of such a chain would be wrong, too. */
export function wronglySnapshotted(place: Place): Run {
  const run = open(
    place,
    WORKFLOWS.invoiceIntake,
    { file: 'invoice-77120.pdf', currency: 'EUR' },
    { snapshotEvery: 0, id: '77b0d1aa-3c2f-4f4e-9a51-6f2f0f2c58d3' },
  );
  run
    .node('extract', {
      queue: 'model',
      tokens: [2200, 260],
      patch: { invoice: { number: 77120, total: double('1204.90'), lines: 3 } },
      output: { confidence: double('0.97') },
    })
    .snapshot();
  run.node('match', { quiet: true, patch: { match: { found: true, order: 'PO-204' } }, output: { candidates: 1 } });
  run.wrongSnapshot((state) => {
    state.set('invoice', fromPlain({ number: 77120, total: double('1024.90'), lines: 3 }));
    state.delete('currency');
  });
  run.node('route', { quiet: true, output: { branch_targets: ['post', 'ask'], chosen_target: 'post' }, ms: 2 });
  run.node('post', { queue: 'tool', patch: { posted: { voucher: 4_410_022 } }, output: { ok: true } });
  return run.finish().end('completed');
}

/** Continue-as-new: three segments, each beginning with the state that the one before ended with. */
export function continued(place: Place): Run[] {
  const { recording, random } = place;
  const runs: Run[] = [];
  let input: Plain = { question: 'Follow the release notes', seen: 0 };
  let parent: string | undefined;
  let { startedAt } = place;
  for (let segment = 0; segment < 3; segment++) {
    const id: string = parent === undefined ? 'c0ffee00-1111-4222-8333-444455556666' : segmentId(parent, segment);
    const run: Run = open({ recording, random, startedAt }, WORKFLOWS.researchAgent, input, { id, segment, ...(parent === undefined ? {} : { parent }) });
    for (let i = 0; i < 4; i++)
      run.node(['search', 'read_a', 'summarize'][i % 3] as string, {
        tokens: [800, 120],
        patch: { seen: segment * 4 + i + 1, last: { item: `v0.${segment}.${i}`, text: 'fixed a race in the lease' } },
        output: { ok: true },
      });
    if (segment < 2) run.event('segment_boundary', { segment_number: segment + 1, next_execution_id: segmentId(id, segment + 1) }).end('limit_exceeded');
    else run.begin('search', { queue: 'tool' }).end('running');
    input = run.state as Plain;
    startedAt = run.now + 50;
    parent = id;
    runs.push(run);
  }
  return runs;
}

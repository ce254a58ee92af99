import type { Plain } from '../../core/json/plain.ts';
import type { Random } from './random.ts';
import type { Recording } from './recording.ts';
import { double, SimulatedExecution } from './simulated-execution.ts';
import { WORKFLOWS } from './workflows.ts';

const SOURCES: readonly string[] = [
  'arxiv.org/2402.01032',
  'acm.org/queue/3595878',
  'sqlite.org/wal.html',
  'usenix.org/osdi23',
  'blog.example/durable',
  'ja.example/永続実行',
  'github.example/issues/1881',
];
const FINDINGS: readonly string[] = [
  'Write-ahead logging lets one writer and many readers work at once.',
  'A checkpoint bounds what has to be replayed after a crash.',
  'Event sourcing keeps the reason for every value, not only the value.',
  'Café operators in Malmö measured 40 % fewer retries with leases — naïve polling was the cause.',
  '永続実行は、障害の後でも同じ結果に至る。',
  'Determinism is tested by replaying recorded histories.',
  'Exactly-once is at-least-once with an idempotency key.',
];
const QUESTION = 'How do durable executions recover, and what does it cost?';

/** A long execution of an agent: rounds of searching, three readers in parallel, retries, critics, budgets, policies, approvals. */
export function agentExecution(
  recording: Recording,
  random: Random,
  startedAt: number,
  { rounds = 15, id = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a', large = false } = {},
): SimulatedExecution {
  const { id: workflow, version } = WORKFLOWS.researchAgent;
  const execution = new SimulatedExecution(recording, random, {
    id,
    workflow,
    version,
    startedAt,
    snapshotEvery: large ? 40 : 1,
    input: {
      question: QUESTION,
      draft: null,
      budget: { tokens: 240_000, usd: double('4.50') },
      customer: { id: 9007199254740993n, name: 'Zoë Ångström 🚀', account: 18446744073709551615n },
      limits: { rounds, ratio: double('1.0') },
    },
  });
  execution.event('strategy_started', { strategy: 'plan-and-execute', config: { critic: true, max_rounds: rounds } });
  execution.node('plan', {
    queue: 'model',
    model: 'm-large-3',
    tokens: [1840, 322],
    patch: { plan: ['search', 'read', 'summarize', 'criticise'], done: false, notes: {}, sources: [], cost: { usd: double('0.0121'), tokens: 2162 } },
    output: { steps: 4 },
  });
  execution.event('plan_generated', { steps: ['search the web', 'read three sources', 'summarize', 'ask the critic'] });
  let tokens = 2162;
  const sources: string[] = [];
  // In a long log, the answers of models are most of the bytes. The bundled sample is kept small.
  const answer = (sentences: number): { readonly text?: string } =>
    large ? { text: Array.from({ length: sentences }, () => random.pick(FINDINGS)).join(' ') } : {};
  for (let round = 1; round <= rounds; round++) {
    // A very long execution keeps only its latest notes, so that its state has a realistic size.
    const slot = large ? round % 40 : round;
    execution.event('iteration_started', { iteration: round });
    const queries = [`durable execution ${round}`, random.pick(SOURCES)];
    execution.begin('search', { queue: 'tool' });
    if (round % 4 === 2) execution.wait(30_000).fail('search', 'timeout after 30 s', { delay: 1000 }).begin('search', { attempt: 1 });
    execution.complete('search', {
      patch: { query: { round, text: queries[0], at: execution.time() } },
      output: { hits: random.between(3, 40), ...answer(15) },
      ms: random.between(300, 1900),
    });

    const readers = ['read_a', 'read_b', 'read_c'] as const;
    for (const reader of readers) execution.begin(reader, { queue: 'tool' });
    for (const reader of [...readers].sort(() => random.next() - 0.5)) {
      if (reader === 'read_b' && round % 5 === 3) {
        execution.fail(reader, 'HTTP 429: too many requests', { delay: 4000 });
        execution.begin(reader, { attempt: 1 });
      }
      const source = random.pick(SOURCES);
      if (!sources.includes(source)) sources.push(source);
      const spend = [random.between(900, 6000), random.between(80, 700)] as const;
      tokens += spend[0] + spend[1];
      execution.complete(reader, {
        model: 'm-small-3',
        tokens: spend,
        patch: {
          notes: { [`r${slot}_${reader.slice(-1)}`]: { text: random.pick(FINDINGS), source, weight: double((random.between(1, 99) / 100).toFixed(2)) } },
        },
        output: round === 5 && reader === 'read_a' ? { pages: longDocument(random) } : { characters: random.between(900, 90_000), source, ...answer(28) },
      });
    }
    execution.node('merge', { omitStarted: true, patch: { sources: [...sources] }, output: sources.length });
    if (round === 7) execution.event('tool_called', { node_id: 'summarize', tool: 'quote.check' });
    const spend = [random.between(4000, 11_000), random.between(300, 1400)] as const;
    tokens += spend[0] + spend[1];
    execution.node('summarize', {
      queue: 'model',
      model: 'm-large-3',
      tokens: spend,
      patch: {
        draft: { round, text: `${FINDINGS[round % FINDINGS.length]} (round ${round})`, words: 120 + round * 7, previous: null },
        cost: { usd: double((tokens / 52_000).toFixed(4)), tokens },
      },
      output: { words: 120 + round * 7, ...answer(56) },
    });
    if (round === 6) {
      execution.event('policy_violation', { node_id: 'summarize', rule: 'block_tool: payments.*', decision: 'require_approval', policy_scope: 'workflow' });
      execution.approval('summarize', 'payments.quote', 'rejected', {
        user: 'noor',
        comment: 'Not needed for this question.',
        after: 4_320_000,
        context: { amount: double('129.00'), currency: 'EUR' },
      });
    }
    const score = Math.min(0.97, 0.38 + round * 0.05);
    execution.event('critic_verdict', {
      node_id: 'critic',
      score: double(score.toFixed(2)),
      passed: score > 0.9,
      feedback: score > 0.9 ? null : 'Name the cost of a checkpoint.',
    });
    execution.node('critic', {
      omitStarted: true,
      patch: { critic: { round, score: double(score.toFixed(2)), history: { [String(slot)]: double(score.toFixed(2)) } } },
      output: double(score.toFixed(2)),
      ms: random.between(100, 700),
    });
    if (round === 8) execution.event('token_budget_exceeded', { node_id: 'summarize', kind: 'total_tokens', limit: 80_000, current: tokens });
    if (round === 9)
      execution
        .event('agent_tool_invoked', {
          node_id: 'search',
          agent_uri: 'a2a://librarian.example',
          mode: 'streaming',
          protocol: 'a2a',
          input_hash: 'b1946ac92492d2347c6235b4d2611184',
        })
        .event('agent_tool_turn', {
          node_id: 'search',
          turn_number: 1,
          direction: 'request',
          content_summary: 'asks for primary sources',
          tokens: 412,
          cost: double('0.0011'),
        })
        .event('agent_tool_completed', {
          node_id: 'search',
          output: { found: 3 },
          provenance: null,
          total_cost: double('0.0034'),
          latency_ms: 2210,
          total_turns: 2,
        });
    if (round === 10)
      execution
        .event('timer_created', { node_id: 'search', fire_at: '2026-06-01T18:00:00Z', correlation_key: 'cool-down' })
        .wait(60_000)
        .event('timer_fired', { node_id: 'search', correlation_key: 'cool-down' });
    if (round === 11) execution.event('external_event_received', { correlation_key: 'editor', payload: { note: 'Please cite the WAL page.', priority: 2 } });
    execution.event('iteration_completed', {
      iteration: round,
      cost_delta_usd: double((0.08 + round / 400).toFixed(4)),
      input_tokens: spend[0],
      output_tokens: spend[1],
    });
    const done = round === rounds;
    execution.node('more', {
      omitStarted: true,
      patch: done ? { done: true } : { query: null },
      output: { branch_targets: ['search', 'publish'], chosen_target: done ? 'publish' : 'search' },
      ms: 2,
    });
  }
  execution.event('strategy_completed', { iterations: rounds, total_cost_usd: double((tokens / 52_000).toFixed(4)) });
  execution.begin('publish', { queue: 'human', omitStarted: true });
  execution.approval('publish', 'publish.answer', 'approved', {
    user: 'kim',
    comment: 'Checked the three quotes by phone.',
    after: 11_520_000,
    patch: { approved_by: 'kim', limit_eur: 9007199254740993n, customer: { name: 'Zoë Ångström' }, query: null, draft: { previous: { words: 197 } } },
    context: { words: 204 },
  });
  execution.node('publish', { patch: {}, output: 'approved', ms: 4 });
  execution.event('cost_budget_exceeded', { node_id: 'report', limit_usd: double('4.5'), current_usd: double('4.6103') });
  execution.node('report', {
    queue: 'model',
    model: 'm-large-3',
    tokens: [9120, 1880],
    patch: { report: { title: 'How durable executions recover', sections: ['Log', 'Snapshot', 'Replay'], words: 1880 } },
    output: { characters: 11_482 },
  });
  return execution.finish().end('completed');
}

/** More than 8 KiB, so that it is stored in the artifacts table. */
function longDocument(random: Random): Plain {
  return Array.from({ length: 60 }, (_, page) => ({ page: page + 1, text: `${random.pick(FINDINGS)} ${random.pick(FINDINGS)} ${random.pick(FINDINGS)}` }));
}

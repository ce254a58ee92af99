import type { Plain } from '../../core/json/plain.ts';

export interface SampleWorkflow {
  readonly id: string;
  readonly version: string;
  readonly nodes: readonly string[];
  readonly ir: Plain;
}

type NodeKind = readonly [id: string, kind: { readonly type: string; readonly [field: string]: Plain }, retry?: string];
type Edge = readonly [from: string, to: string, condition?: string];

function workflow(id: string, version: string, description: string, nodes: readonly NodeKind[], edges: readonly Edge[]): SampleWorkflow {
  return {
    id,
    version,
    nodes: nodes.map(([node]) => node),
    ir: {
      workflow_id: id,
      version,
      name: id,
      description,
      state_schema: '{}',
      start_node: nodes[0]?.[0],
      nodes: Object.fromEntries(
        nodes.map(([node, kind, retry]) => [node, { id: node, kind, retry_policy: retry ?? null, node_timeout_secs: null, description: null, labels: {} }]),
      ),
      edges: edges.map(([from, to, condition]) => ({ from, to, condition: condition ?? null })),
      retry_policies: {
        io: { max_attempts: 3, backoff: 'exponential', initial_delay: '1s', max_delay: '30s', jitter: true, retryable_on: ['timeout', 'rate_limited'] },
      },
      timeouts: {},
      models: {},
      tools: {},
      mcp_servers: {},
      remote_agents: {},
      labels: {},
    },
  };
}

const model = (ref: string) => ({ type: 'model', model_ref: ref, prompt_ref: `prompts/${ref}`, output_schema: '' });
const tool = (ref: string) => ({ type: 'tool', tool_ref: ref, input_mapping: {}, output_schema: '' });

export const WORKFLOWS = {
  loanReview: workflow(
    'loan-review',
    '1.4.0',
    'Decides a loan application, with a person where the sum is large.',
    [
      ['plan', model('planner')],
      ['fetch_history', tool('bank.history'), 'io'],
      ['score', model('scorer'), 'io'],
      ['explain', model('writer')],
      ['review', { type: 'human_approval', description: 'Approve the loan?', fallback_node: 'notify' }],
      ['notify', tool('mail.send'), 'io'],
    ],
    [
      ['plan', 'fetch_history'],
      ['plan', 'score'],
      ['fetch_history', 'score'],
      ['score', 'explain'],
      ['explain', 'review', 'state.score.value > 0.5'],
      ['review', 'notify'],
      ['notify', 'end'],
    ],
  ),
  researchAgent: workflow(
    'research-agent',
    '0.9.2',
    'Answers a question from several sources, in rounds, under a budget.',
    [
      ['plan', model('planner')],
      ['search', tool('web.search'), 'io'],
      ['read_a', tool('web.read'), 'io'],
      ['read_b', tool('web.read'), 'io'],
      ['read_c', tool('web.read'), 'io'],
      ['merge', { type: 'join', wait_for: ['read_a', 'read_b', 'read_c'] }],
      ['summarize', model('summarizer')],
      ['critic', { type: 'eval' }],
      [
        'more',
        {
          type: 'condition',
          branches: [
            { condition: 'state.done == false', target: 'search' },
            { condition: null, target: 'publish' },
          ],
        },
      ],
      ['publish', { type: 'human_approval', description: 'Publish the answer?' }],
      ['report', model('writer')],
    ],
    [
      ['plan', 'search'],
      ['search', 'read_a'],
      ['search', 'read_b'],
      ['search', 'read_c'],
      ['merge', 'summarize'],
      ['summarize', 'critic'],
      ['critic', 'more'],
      ['more', 'search', 'state.done == false'],
      ['more', 'publish'],
      ['publish', 'report'],
      ['report', 'end'],
    ],
  ),
  invoiceIntake: workflow(
    'invoice-intake',
    '3.1.0',
    'Reads invoices and books them.',
    [
      ['extract', model('reader')],
      ['match', tool('erp.match'), 'io'],
      [
        'route',
        {
          type: 'condition',
          branches: [
            { condition: 'state.match.found', target: 'post' },
            { condition: null, target: 'ask' },
          ],
        },
      ],
      ['ask', { type: 'human_approval', description: 'Which order does this belong to?' }],
      ['post', tool('erp.post'), 'io'],
    ],
    [
      ['extract', 'match'],
      ['match', 'route'],
      ['ask', 'post'],
      ['post', 'end'],
    ],
  ),
  supportReply: workflow(
    'support-reply',
    '1.0.0',
    'Drafts an answer to a customer.',
    [
      ['classify', model('classifier')],
      ['lookup', tool('kb.search')],
      ['draft', model('writer')],
      ['send', tool('mail.send')],
    ],
    [
      ['classify', 'lookup'],
      ['lookup', 'draft'],
      ['draft', 'send'],
      ['send', 'end'],
    ],
  ),
  triage: workflow(
    'triage',
    '2.0.1',
    'Sorts incoming reports.',
    [
      ['read', model('reader')],
      ['route', { type: 'coordinator' }],
      ['file', tool('tracker.file')],
    ],
    [
      ['read', 'route'],
      ['route', 'file'],
      ['file', 'end'],
    ],
  ),
  monthEnd: workflow(
    'month-end',
    '1.2.0',
    'Closes the books of a month.',
    [
      ['collect', tool('ledger.collect')],
      ['reconcile', { type: 'subgraph', workflow_ref: 'reconcile' }],
      ['close', tool('ledger.close')],
    ],
    [
      ['collect', 'reconcile'],
      ['reconcile', 'close'],
      ['close', 'end'],
    ],
  ),
  reconcile: workflow(
    'reconcile',
    '1.0.3',
    'Compares the vouchers of a month with the bank statement.',
    [
      ['load', tool('bank.statement')],
      ['compare', tool('ledger.compare')],
    ],
    [
      ['load', 'compare'],
      ['compare', 'end'],
    ],
  ),
} as const satisfies Record<string, SampleWorkflow>;

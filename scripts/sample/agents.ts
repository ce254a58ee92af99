import type { Plain } from '../../core/json/plain.ts';
import { agentWorkflow } from './agent-workflow.ts';
import { ANNEXES, CLAUSES, REPORT } from './contract.ts';
import type { Random } from './random.ts';
import type { Recording } from './recording.ts';
import { SimulatedAgent, type ToolCall } from './simulated-agent.ts';
import { double } from './simulated-execution.ts';

interface SampleStart {
  readonly recording: Recording;
  readonly random: Random;
  readonly startedAt: number;
}

export const AGENTS = {
  orderSupport: agentWorkflow({
    id: 'order-support',
    systemPrompt: 'You help customers of a bookshop with their orders. Look things up before you answer. Refund only what a person has approved.',
    maxTurns: 8,
    tools: [
      ['lookup_order', 'Reads an order with its items and payments.', { order: 'integer' }],
      ['track_parcel', 'Asks the carrier where a parcel is.', { parcel: 'string' }],
      ['search_policy', 'Searches the rules of the shop.', { query: 'string' }],
      ['refund_order', 'Pays money back to the customer.', { order: 'integer', amount_eur: 'number' }],
    ],
    needsApproval: ['refund_*'],
  }),
  contractReview: agentWorkflow({
    id: 'contract-review',
    systemPrompt: 'You review contracts for the buyer. Read every clause in its order, note what is unusual, and end with a report.',
    maxTurns: CLAUSES.length + ANNEXES.length,
    tools: [['read_section', 'Reads a clause or an annex of the contract.', { section: 'string' }]],
  }),
  faq: agentWorkflow({
    id: 'faq-agent',
    systemPrompt: 'You answer questions about opening hours, delivery and returns in two sentences.',
    maxTurns: 2,
    tools: [['search_policy', 'Searches the rules of the shop.', { query: 'string' }]],
    startsWithModel: true,
  }),
} as const;

const ORDER = 9007199254740995n;

/** An agent whose model is rate limited, whose conversation a person edits in vain, and whose tool fails. */
export function orderSupport(start: SampleStart): void {
  const question =
    'My order 9007199254740995 was due on 22 May and never came.\nIt is a birthday present – the birthday is tomorrow. I want my money back, please.\n\nZoë Ångström';
  const agent = new SimulatedAgent(start, AGENTS.orderSupport, { id: '4d4a7f10-62c8-4b5e-9a3d-70e1c2b4fc62', question });
  const lookup: ToolCall = {
    name: 'lookup_order',
    arguments: { order: ORDER },
    answer: {
      order: ORDER,
      placed: '2026-05-17',
      paid_eur: double('42.80'),
      shipping_eur: double('4.90'),
      parcel: 'DH-77120-SE',
      items: [
        { title: 'Pippi Långstrump', price_eur: double('18.90') },
        { title: 'The Left Hand of Darkness', price_eur: double('19.00') },
      ],
    },
  };
  const track: ToolCall = {
    name: 'track_parcel',
    arguments: { parcel: 'DH-77120-SE' },
    answer: { status: 'lost in transit', last_seen: '2026-05-24T06:12:00Z', place: 'Malmö terminal' },
  };
  const policy: ToolCall = {
    name: 'search_policy',
    arguments: { query: 'lost parcel refund' },
    answer: 'Lost parcels: the full price including shipping is paid back once the carrier says "lost". Above 25 EUR a person must approve it.',
  };
  const refund: ToolCall = {
    name: 'refund_order',
    arguments: { order: ORDER, amount_eur: 42.8 },
    answer: { queued: true, reference: 'RF-20931', paid: false },
  };
  const status: ToolCall = { ...refund, arguments: { order: ORDER, amount_eur: 42.8 } };
  agent.prepare({ customer: { id: 4711, name: 'Zoë Ångström', language: 'en' } });
  agent.model('I will look up the order first.', [lookup]).gate().tools();
  agent.model('', [track, policy], { isRateLimited: true }).gate().tools();
  agent.model('The carrier says that the parcel is lost, so the whole price is due.', [refund]).gate();
  agent
    .approval({
      user: 'kim',
      comment: 'Yes, but tell her that the books will not come in time.',
      after: 2_040_000,
      patch: { messages: editedByKim(agent.messages), approved_by: 'kim' },
    })
    .tools();
  agent.model('The refund was queued but is not paid. I will try once more.', [status]).gate();
  agent.approval({ user: 'noor', comment: 'Retry is fine.', after: 610_000, patch: { approved_by: 'noor' } });
  agent.failTools('PaymentError: refund RF-20931 is already queued for order 9007199254740995');
}

/** A person's edit of the conversation: it is in the replayed state, and nodes are never given it. */
function editedByKim(messages: readonly Plain[]): Plain {
  return [
    ...messages,
    { role: 'user', content: 'Note from kim: tell the customer that the books will not arrive before the birthday, and offer a voucher of 10 EUR.' },
  ];
}

/** A run of 50 turns, whose last texts are long. */
export function contractReview(start: SampleStart): void {
  const { random } = start;
  const agent = new SimulatedAgent(start, AGENTS.contractReview, {
    id: '50c1a8be-3d27-4f60-b9e4-8a5517d0c350',
    question: 'Please review the framework agreement FA-2026-118 with Norrland Hosting AB. We sign on Friday.',
    snapshotEvery: 25,
  });
  agent.prepare({ contract: { id: 'FA-2026-118', supplier: 'Norrland Hosting AB', pages: 64 } });
  CLAUSES.forEach(([title, text, remark], i) => {
    agent.model(remark, [{ name: 'read_section', arguments: { section: String(i + 1) }, answer: `${i + 1} ${title}. ${text}` }]);
    agent.gate().tools();
  });
  for (const annex of ANNEXES) {
    const { name, remark } = annex;
    agent
      .model(remark, [{ name: 'read_section', arguments: { section: name }, answer: annex.text(random) }])
      .gate()
      .tools();
  }
  agent.model(REPORT);
  agent.execution.finish().end('completed');
}

/** An agent without a node before its loop: the server gives its start node no messages. */
export function faq(start: SampleStart): void {
  const agent = new SimulatedAgent(start, AGENTS.faq, { id: 'b1a7e0fa-9c55-4d0e-8f21-3e6d5c7a9b04', question: 'Are you open on Midsummer’s Eve?' });
  agent.execution
    .begin('__model_0__', { queue: 'model' })
    .wait(4)
    .fail('__model_0__', 'ModelNodeExecutor: no prompt or messages provided', { retryable: false })
    .wait(372)
    .event('workflow_failed', { error: 'node(s) failed terminally: __model_0__' })
    .end('failed');
}

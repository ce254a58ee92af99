import type { Random } from './random.ts';
import type { Recording } from './recording.ts';
import { double, SimulatedExecution } from './simulated-execution.ts';
import { WORKFLOWS } from './workflows.ts';

interface SampleStart {
  readonly recording: Recording;
  readonly random: Random;
  readonly startedAt: number;
}

/** Of a workflow whose definition was removed from the database. */
const REMOVED = { id: 'newsletter', version: '0.3.0' };
/** The one whose 6th event is damaged after it was written. */
export const UNREADABLE = '0badf00d-5c1e-4b7a-9d2f-61e0c4a83b17';

function startExecution(
  { recording, random, startedAt }: SampleStart,
  workflow: { id: string; version: string },
  input: { readonly [key: string]: string | number },
  id?: string,
): SimulatedExecution {
  return new SimulatedExecution(recording, random, { workflow: workflow.id, version: workflow.version, input, startedAt, ...(id === undefined ? {} : { id }) });
}

function failed(execution: SimulatedExecution, node: string): void {
  execution
    .wait(410)
    .event('workflow_failed', { error: `node(s) failed terminally: ${node}` })
    .end('failed');
}

/** A model that its provider refuses until the last attempt. */
export function rateLimited(start: SampleStart): void {
  const execution = startExecution(start, WORKFLOWS.triage, { report: `R-${start.random.between(100, 999)}` });
  execution.begin('read', { queue: 'model' });
  for (let attempt = 1; attempt < 3; attempt++) {
    execution.event('node_parked', { node_id: 'read', attempt, retry_after: execution.timeIn(20_000) }).wait(20_400);
    execution.begin('read', { attempt });
  }
  execution.wait(300).fail('read', `HTTP 429: rate limit of ${start.random.between(40, 60)}000 tokens a minute reached`, { attempt: 2, retryable: false });
  failed(execution, 'read');
}

/** A worker that dies with a node, as often as the node may be tried. */
export function workerDied(start: SampleStart): void {
  const execution = startExecution(start, WORKFLOWS.invoiceIntake, { file: `invoice-${start.random.between(10_000, 99_999)}.pdf`, currency: 'EUR' });
  execution.begin('extract', { queue: 'model' });
  for (let attempt = 1; attempt < 3; attempt++) execution.wait(30_000).begin('extract', { attempt });
  execution.wait(30_000).fail('extract', 'lease expired: worker dead', { attempt: 2, retryable: false });
  failed(execution, 'extract');
}

/** A tool that a rule forbids. */
export function forbidden(start: SampleStart): void {
  const execution = startExecution(start, WORKFLOWS.supportReply, { ticket: 48_211, text: 'Please send my answer to my lawyer instead.' });
  execution.node('classify', { omitStarted: true, tokens: [220, 12], model: 'm-small-3', patch: { topic: 'account' }, output: 'ok' });
  execution.node('lookup', { queue: 'tool', patch: { articles: [12, 140] }, output: { hits: 2 } });
  execution.node('draft', {
    queue: 'model',
    tokens: [900, 210],
    patch: { answer: { text: 'Your file is attached.', tone: 'formal' } },
    output: { characters: 410 },
  });
  execution.begin('send', { queue: 'tool' });
  execution.event('policy_violation', { node_id: 'send', rule: 'block_tool: mail.send to other domains', decision: 'blocked', policy_scope: 'tenant' });
  execution.fail('send', 'blocked by policy', { retryable: false });
  failed(execution, 'send');
}

/** A run whose child fails: both are in the database. */
export function childFailed(start: SampleStart): void {
  const { random } = start;
  const child = random.uuid();
  const execution = startExecution(start, WORKFLOWS.monthEnd, { month: '2026-05', ledgers: 3 });
  execution.node('collect', { queue: 'tool', patch: { vouchers: 1284 }, output: { files: 3 } });
  execution.begin('reconcile', { queue: 'general' });
  execution.event('child_workflow_started', { node_id: 'reconcile', child_execution_id: child, child_workflow_id: WORKFLOWS.reconcile.id });
  const inner = startExecution({ ...start, startedAt: execution.now + 40 }, WORKFLOWS.reconcile, { month: '2026-05' }, child);
  inner.node('load', { queue: 'tool', patch: { bank: { lines: 1279, sum_eur: double('48211.07') } }, output: { pages: 12 } });
  inner.begin('compare', { queue: 'tool' }).wait(700).fail('compare', 'ValueError: 5 vouchers have no line in the bank statement', { retryable: false });
  failed(inner, 'compare');
  execution.wait(inner.now - execution.now + 60);
  const error = 'node(s) failed terminally: compare';
  execution
    .event('child_workflow_failed', { node_id: 'reconcile', child_execution_id: child, error })
    .fail('reconcile', `child workflow failed: ${error}`, { retryable: false });
  failed(execution, 'reconcile');
}

/** A run that takes longer than it may, without a node that failed. */
export function timedOut(start: SampleStart): void {
  const execution = startExecution(start, WORKFLOWS.monthEnd, { month: '2026-04', ledgers: 3 });
  execution.node('collect', { queue: 'tool', patch: { vouchers: 1190 }, output: { files: 3 }, ms: 3_598_000 });
  execution.wait(2000).event('workflow_failed', { error: 'the workflow took longer than 3600 s' }).end('failed');
}

/** Somebody set the row to failed; no event says why. */
export function failedByHand(start: SampleStart): void {
  const execution = startExecution(start, WORKFLOWS.supportReply, { ticket: 50_118, text: 'Please close my account.' });
  execution.node('classify', { omitStarted: true, tokens: [220, 12], model: 'm-small-3', patch: { topic: 'account' }, output: 'ok' });
  execution.begin('lookup', { queue: 'tool' }).end('failed');
}

/** A crash fell between the event and the work item: no worker will ever take the node. */
export function withoutWorkItem(start: SampleStart): void {
  const execution = startExecution(start, WORKFLOWS.triage, { report: `R-${start.random.between(100, 999)}` });
  execution.node('read', { omitStarted: true, tokens: [640, 40], patch: { severity: 2, area: 'network' }, output: { language: 'de' } });
  execution.begin('route', { omitStarted: true }).end('running');
}

/** A run that cannot go on, because its definition is not in the database. */
export function withoutDefinition(start: SampleStart): void {
  const execution = startExecution(start, REMOVED, { issue: 'June 2026', subscribers: 18_220 });
  execution.node('compose', { omitStarted: true, tokens: [1800, 640], patch: { subject: 'What is new in June' }, output: { characters: 4120 } });
  execution.end('running');
}

/** A run whose log is damaged at its 6th event. */
export function unreadable(start: SampleStart): void {
  const execution = startExecution(start, WORKFLOWS.invoiceIntake, { file: 'invoice-31877.pdf', currency: 'SEK' }, UNREADABLE);
  execution.node('extract', {
    queue: 'model',
    tokens: [1800, 240],
    patch: { invoice: { number: 31877, total: double('412.00'), lines: 2, supplier: 'Chen Wei 陈伟' } },
    output: { confidence: double('0.91') },
  });
  execution.node('match', { omitStarted: true, patch: { match: { found: true, order: 'PO-388' } }, output: { candidates: 1 } });
  execution.end('running');
}

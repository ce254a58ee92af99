import type { WorkItemRow } from '../jamjet/rows.ts';
import type { Workflow } from '../jamjet/workflow.ts';
import { printJson } from '../json/print.ts';
import { isObject, type Json } from '../json/value.ts';
import { TERMINAL_STATUSES } from '../vocabulary.ts';
import { placeInLoop } from './agent-loop.ts';
import { NOTHING_TO_SEND } from './model-request.ts';
import type { NodeOutline, RunOutline, Told } from './outline.ts';
import { nextStep } from './scheduler.ts';

/** Why a run ended as it did, or what it waits for. */
export type WhyKind =
  | 'completed'
  | 'node-failed'
  | 'gave-up'
  | 'rate-limited'
  | 'rejected'
  | 'nothing-to-send'
  | 'limit'
  | 'policy'
  | 'child-failed'
  | 'worker-died'
  | 'workflow-error'
  | 'cancelled'
  | 'continued'
  | 'row-only'
  | 'lost-state'
  | 'waits-decision'
  | 'waits-worker'
  | 'waits-rate-limit'
  | 'waits-retry'
  | 'waits-queue'
  | 'waits-time'
  | 'waits-child'
  | 'waits-scheduler'
  | 'not-started'
  | 'stuck-no-item'
  | 'no-definition'
  | 'stuck-unreadable'
  | 'unknown';

/** A part of the chain: what happened, and where one can go. */
export interface WhyLink {
  /** undefined for what is not in the log. */
  readonly sequence: number | undefined;
  readonly node: string | undefined;
  /** A sentence without its full stop. */
  readonly text: string;
}

export interface Why {
  readonly kind: WhyKind;
  /** One sentence or two. */
  readonly sentence: string;
  /** What it rests on, from the end backwards. */
  readonly chain: readonly WhyLink[];
  /** The cause without sequences, numbers, ids and quoted texts, by which runs are grouped. */
  readonly cause: string;
  /** The node where it began. */
  readonly node: string | undefined;
}

export interface WhyParts {
  readonly outline: RunOutline;
  /** The status in the row of the execution. */
  readonly rowStatus: string;
  readonly generation: number;
  /** undefined when the database does not have the definition, or when it cannot be read. */
  readonly workflow: Workflow | undefined;
  /** Such as `loan-review version 1.0.0`. */
  readonly workflowName: string;
  /** undefined when the database has no table of work items. Only read of runs that have not ended. */
  readonly items: readonly WorkItemRow[] | undefined;
}

/** The longest error that a sentence quotes. */
const MAX_ERROR = 300;

/** Why a run ended or what it waits for, by its events, its row and its work items alone. */
export function whyOf(parts: WhyParts): Why {
  const { outline, rowStatus } = parts;
  const { end, segment } = outline;
  if (end?.type === 'workflow_failed') return failed(parts, end);
  if (end?.type === 'workflow_cancelled') return cancelled(parts, end);
  if (end?.type === 'strategy_limit_hit') return limited(parts, end, undefined);
  if (end?.type === 'workflow_completed') return ended('completed', `Completed at #${end.sequence}.`, [link(end, 'the run completed')], 'completed');
  if (segment !== undefined) {
    const next = text(segment.fields.get('next_execution_id'));
    return ended('continued', `Continued at #${segment.sequence} in ${next}.`, [link(segment, `it goes on in ${next}`)], 'continued in another execution');
  }
  if ((TERMINAL_STATUSES as readonly string[]).includes(rowStatus)) {
    if (rowStatus === 'limit_exceeded' && outline.limit !== undefined) return limited(parts, outline.limit, undefined);
    return ended('row-only', `The row says ${rowStatus}, and no event says why.`, [], `${rowStatus} in the row alone`);
  }
  return waiting(parts);
}

function failed({ outline, workflow }: WhyParts, end: Told): Why {
  const error = text(end.fields.get('error'));
  const named = new Set(/^node\(s\) failed terminally: (.*)$/.exec(error)?.[1]?.split(', '));
  const all = [...outline.nodes.values()].filter(({ lastFailure }) => lastFailure !== undefined);
  const forGood = all.filter(({ failedForGood, node }) => failedForGood || named.has(node));
  const [first] = (forGood.length > 0 ? forGood : all).toSorted((a, b) => (a.lastFailure?.sequence ?? 0) - (b.lastFailure?.sequence ?? 0));
  const last = link(end, `the run failed: ${short(error)}`);
  if (first?.lastFailure === undefined) {
    const { limit } = outline;
    const node = limit === undefined ? '' : text(limit.fields.get('node_id'));
    // A node that went on and completed was not stopped by it.
    const hasStopped = limit !== undefined && (node === '' || outline.nodes.get(node)?.limit === limit);
    if (hasStopped) return limited({ outline, workflow }, limit, last);
    return {
      kind: 'workflow-error',
      sentence: `Failed at #${end.sequence}: ${sentence(error)}`,
      chain: limit === undefined ? [last] : [last, limitLink(limit, node)],
      cause: folded(`failed: ${error}`),
      node: undefined,
    };
  }
  return failedNode(first, first.lastFailure, [last], workflow);
}

/** A node that failed for good: the sentence begins where it gave up. */
function failedNode(node: NodeOutline, failure: Told, before: readonly WhyLink[], workflow: Workflow | undefined): Why {
  const error = text(failure.fields.get('error'));
  const name = nodeName(node.node, workflow);
  const attempts = Math.max(node.starts, node.failures);
  const chain = [...before, link(failure, `${name.full} failed: ${short(error)}`, node.node)];
  if (node.firstFailure !== undefined && node.firstFailure !== failure) {
    const others = node.failures === 2 ? '' : `, the first of ${node.failures} failures`;
    chain.push(link(node.firstFailure, `an attempt failed${others}: ${short(text(node.firstFailure.fields.get('error')))}`, node.node));
  }
  const made = (kind: WhyKind, said: string, cause: string): Why => ({ kind, sentence: said, chain, cause: folded(cause), node: node.node });
  const { decision, limit, childFailure, parked } = node;
  const at = `Failed at #${failure.sequence}`;
  if (text(decision?.fields.get('decision')) === 'rejected' && decision !== undefined) {
    const who = text(decision.fields.get('user_id')) || 'somebody';
    const comment = text(decision.fields.get('comment'));
    chain.push(link(decision, `${who} rejected it${comment === '' ? '' : `: ${short(comment)}`}`, node.node));
    return made(
      'rejected',
      `${at}: ${who} rejected ${name.full} at #${decision.sequence}${comment === '' ? '' : ` (“${short(comment)}”)`}.`,
      `${name.folded} rejected by ${who}`,
    );
  }
  if (error.includes(NOTHING_TO_SEND)) {
    const isStart = workflow?.startNode === node.node;
    const because = isStart ? 'it is the start node, and the server gives a start node no input' : 'the state had no messages';
    return made('nothing-to-send', `${at}: ${name.full} had nothing to send: ${because}.`, `${name.folded} had nothing to send: ${because}`);
  }
  if (limit !== undefined) return { ...limited({ workflow }, limit, undefined), chain: [...chain, limitLink(limit, node.node)] };
  if (childFailure !== undefined) {
    const child = text(childFailure.fields.get('child_execution_id'));
    const why = text(childFailure.fields.get('error'));
    chain.push(link(childFailure, `its child ${child} failed: ${short(why)}`, node.node));
    return made(
      'child-failed',
      `${at}: the child of ${name.full} failed at #${childFailure.sequence}: ${sentence(why)}`,
      `the child of ${name.folded} failed: ${why}`,
    );
  }
  if (/lease expired/i.test(error))
    return made('worker-died', `${at}: the worker of ${name.full} died (${short(error)}).`, `the worker of ${name.folded} died`);
  const times = attempts > 1 ? ` after ${attempts} attempts` : '';
  if (parked !== undefined || /rate.?limit|\b429\b/i.test(error)) {
    if (parked !== undefined) chain.push(link(parked, `it was rate limited until ${text(parked.fields.get('retry_after'))}`, node.node));
    return made('rate-limited', `${at}: ${name.full} gave up${times}, rate limited: ${sentence(error)}`, `${name.folded} rate limited: ${error}`);
  }
  if (attempts > 1) return made('gave-up', `${at}: ${name.full} gave up${times}: ${sentence(error)}`, `${name.folded} gave up: ${error}`);
  return made('node-failed', `${at}: ${name.full} failed: ${sentence(error)}`, `${name.folded} failed: ${error}`);
}

function cancelled({ outline, workflow }: Pick<WhyParts, 'outline' | 'workflow'>, end: Told): Why {
  const reason = text(end.fields.get('reason'));
  const active = [...outline.nodes.values()].filter(({ scheduled, held }) => scheduled !== undefined || held !== undefined);
  const during = active.length === 0 ? '' : ` while ${names(active.map(({ node }) => nodeName(node, workflow).full))} had not ended`;
  return {
    kind: 'cancelled',
    sentence: `Cancelled at #${end.sequence}${during}${reason === '' ? ', without a reason' : `: ${short(reason)}`}.`,
    chain: [
      link(end, `the run was cancelled${reason === '' ? '' : `: ${short(reason)}`}`),
      ...active.map(({ node, scheduled, held }) => ({ sequence: scheduled ?? held?.sequence, node, text: `${nodeName(node, workflow).full} had not ended` })),
    ].slice(0, MAX_LINKS),
    cause: folded(`cancelled${reason === '' ? '' : `: ${reason}`}`),
    node: undefined,
  };
}

const MAX_LINKS = 50;

function limited({ workflow }: Pick<WhyParts, 'workflow'> & { readonly outline?: RunOutline }, limit: Told, end: WhyLink | undefined): Why {
  const { fields, type } = limit;
  const field = (name: string): string => text(fields.get(name));
  const node = typeof fields.get('node_id') === 'string' ? (fields.get('node_id') as string) : undefined;
  const name = node === undefined ? { full: 'the run', folded: 'the run' } : nodeName(node, workflow);
  const said = limitWords(type, field);
  const kind = type === 'policy_violation' ? 'policy' : 'limit';
  const chain = [...(end === undefined ? [] : [end]), limitLink(limit, node)];
  return {
    kind,
    sentence: `${kind === 'policy' ? 'Stopped' : 'Limit'} at #${limit.sequence}: ${said.full} at ${name.full}.`,
    chain,
    cause: folded(`${said.cause} at ${name.folded}`),
    node,
  };
}

function limitLink(limit: Told, node: string | undefined): WhyLink {
  return link(limit, limitWords(limit.type, (name) => text(limit.fields.get(name))).full, node);
}

function limitWords(type: string, field: (name: string) => string): { readonly full: string; readonly cause: string } {
  const of = (what: string, current: string, limit: string) => ({ full: `${what}: ${current} of ${limit}`, cause: what });
  switch (type) {
    case 'token_budget_exceeded':
      return of(`the budget of ${field('kind').replaceAll('_', ' ')} was passed`, field('current'), field('limit'));
    case 'cost_budget_exceeded':
      return of('the budget of dollars was passed', field('current_usd'), field('limit_usd'));
    case 'budget_exceeded':
      return of(`the budget of ${field('kind')} was passed`, field('current'), field('limit'));
    case 'circuit_breaker_tripped':
      return of('the circuit breaker tripped after errors in a row', field('consecutive_errors'), field('threshold'));
    case 'escalation_required': {
      const said = `an escalation to ${field('escalation_target')} was required: ${short(field('reason'))}`;
      return { full: said, cause: said };
    }
    case 'policy_violation': {
      const said = `the rule ${field('rule')} ${field('decision') === 'blocked' ? 'blocked it' : 'required an approval'} (${field('policy_scope')} policy)`;
      return { full: said, cause: said };
    }
    default:
      return of(`the limit ${field('limit_type').replaceAll('_', ' ')} was reached`, field('actual_value'), field('limit_value'));
  }
}

function waiting(parts: WhyParts): Why {
  const { outline, rowStatus, workflow, workflowName } = parts;
  const stuck = (kind: WhyKind, said: string, chain: readonly WhyLink[], cause: string): Why => ({
    kind,
    sentence: said,
    chain,
    cause: folded(cause),
    node: undefined,
  });
  if (outline.unreadable !== undefined) {
    const { sequence, reason } = outline.unreadable;
    return stuck(
      'stuck-unreadable',
      `Stuck: the runtime cannot read event #${sequence}: ${reason}.`,
      [{ sequence, node: undefined, text: `it cannot be read: ${reason}` }],
      `stuck: an event cannot be read: ${reason}`,
    );
  }
  const waits = [...outline.nodes.values()].flatMap((node) => nodeWait(node, parts) ?? []).toSorted((a, b) => RANKS.indexOf(a.kind) - RANKS.indexOf(b.kind));
  const { interrupt } = outline;
  if (interrupt !== undefined && !waits.some(({ kind }) => kind === 'waits-decision')) {
    const said = `Waits for a person since ${at(interrupt)}: ${sentence(text(interrupt.fields.get('reason')))}`;
    return stuck('waits-decision', said, [link(interrupt, `it was interrupted: ${short(text(interrupt.fields.get('reason')))}`)], 'waits for a person');
  }
  if (workflow === undefined && !waits.some(({ kind }) => kind === 'waits-decision' || kind === 'waits-worker')) {
    const said = `The definition of ${workflowName} is not in the database or cannot be read, so what it waits for cannot be said; a scheduler of this database could not go on.`;
    return stuck(
      'no-definition',
      said,
      waits.flatMap(({ chain }) => chain),
      'not ended: the definition is missing',
    );
  }
  const [first] = waits;
  if (first !== undefined) {
    const others = waits.length === 1 ? '' : ` ${waits.length - 1} other ${waits.length === 2 ? 'node waits' : 'nodes wait'}, too.`;
    return { ...first, sentence: `${first.sentence}${others}`, chain: waits.flatMap(({ chain }) => chain).slice(0, MAX_LINKS) };
  }
  if (rowStatus !== 'running') {
    const said = `Waits: the row says ${rowStatus}, and the scheduler only goes on with running executions.`;
    return stuck(rowStatus === 'pending' ? 'not-started' : 'unknown', said, [], `${rowStatus}, with nothing scheduled`);
  }
  if (workflow === undefined) return stuck('unknown', 'It is not known what the run waits for.', [], 'unknown');
  const next = nextStep(outline, workflow);
  const last: WhyLink = { sequence: outline.lastSequence === 0 ? undefined : outline.lastSequence, node: undefined, text: 'nothing was scheduled after it' };
  const then =
    next.kind === 'completes'
      ? 'complete it'
      : next.kind === 'fails'
        ? `fail it, because ${names(next.nodes)} failed for good`
        : `${next.kind === 'schedules' ? 'schedule' : 'skip'} ${names(next.nodes)}`;
  return stuck(
    'waits-scheduler',
    `Waits for the scheduler, which will ${then}.`,
    [last],
    `waits for the scheduler to ${next.kind === 'completes' || next.kind === 'fails' ? 'end it' : 'schedule a node'}`,
  );
}

/** What is told first of several waits. */
const RANKS: readonly WhyKind[] = [
  'waits-decision',
  'waits-worker',
  'waits-rate-limit',
  'waits-retry',
  'waits-time',
  'waits-child',
  'waits-queue',
  'stuck-no-item',
  'unknown',
];

function nodeWait(node: NodeOutline, { items, workflow, generation }: WhyParts): Why | undefined {
  const { held, parked, retry, timer, child, scheduled } = node;
  if (held === undefined && timer === undefined && child === undefined && scheduled === undefined) return undefined;
  const name = nodeName(node.node, workflow);
  const made = (kind: WhyKind, said: string, told: WhyLink, cause: string): Why => ({
    kind,
    sentence: said,
    chain: [told],
    cause: folded(cause),
    node: node.node,
  });
  if (held !== undefined) {
    const [tool, approver] = [text(held.fields.get('tool_name')), text(held.fields.get('approver'))];
    const what = tool === '' ? name.full : `${tool} at ${name.full}`;
    const asked = link(held, `${what} needs an approval${approver === '' ? '' : ` by ${approver}`}`, node.node);
    return made(
      'waits-decision',
      `Waits for a person${approver === '' ? '' : ` (${approver})`} to decide about ${what} since ${at(held)}.`,
      asked,
      `waits for a person to decide about ${tool || name.folded}`,
    );
  }
  if (timer !== undefined) {
    const until = text(timer.fields.get('fire_at'));
    return made(
      'waits-time',
      `Waits for a time: ${name.full} until ${until}.`,
      link(timer, `it waits until ${until}`, node.node),
      `${name.folded} waits for a time`,
    );
  }
  if (child !== undefined) {
    const id = text(child.fields.get('child_execution_id'));
    return made(
      'waits-child',
      `Waits for the child ${id} of ${name.full} since ${at(child)}.`,
      link(child, `it started the child ${id}`, node.node),
      `${name.folded} waits for its child`,
    );
  }
  if (scheduled === undefined) return undefined;
  const how = node.starts > 0 ? 'started' : 'scheduled';
  const since: WhyLink = { sequence: scheduled, node: node.node, text: `${name.full} is ${how}` };
  if (parked !== undefined) {
    const until = text(parked.fields.get('retry_after'));
    return made(
      'waits-rate-limit',
      `Waits for a rate limit: ${name.full} is parked until ${until} (${at(parked)}).`,
      link(parked, `it is parked until ${until}`, node.node),
      `${name.folded} is rate limited`,
    );
  }
  if (items === undefined) {
    return made(
      'unknown',
      `${name.full} is ${how} since #${scheduled}; the database has no work items that say what it waits for.`,
      since,
      `${name.folded} is ${how}`,
    );
  }
  const item = items.findLast(({ nodeId, status }) => nodeId === node.node && (status === 'pending' || status === 'claimed'));
  if (item === undefined) {
    if (items.length === 0 && (generation <= 3 || node.starts > 0)) {
      return made(
        'unknown',
        `${name.full} is ${how} since #${scheduled}; the database has no work items of the run that say what it waits for.`,
        since,
        `${name.folded} is ${how}`,
      );
    }
    return made(
      'stuck-no-item',
      `Stuck for ever: ${name.full} is ${how} since #${scheduled}, but no work item for it is open, so no worker will take it.`,
      since,
      `stuck: ${name.folded} is ${how} without a work item`,
    );
  }
  if (item.status === 'claimed') {
    const until = item.leaseExpiresAt === undefined ? '' : `, whose lease holds until ${item.leaseExpiresAt}; after that it is given to another`;
    return made(
      'waits-worker',
      `Waits for the worker ${item.workerId ?? 'that claimed it'} with ${name.full} since #${scheduled}${until}.`,
      since,
      `${name.folded} is with a worker`,
    );
  }
  if (retry !== undefined || item.retryAfter !== undefined) {
    const until = item.retryAfter ?? 'its delay is over';
    return made(
      'waits-retry',
      `Waits to retry ${name.full}: not before ${until}.`,
      retry === undefined ? since : link(retry, 'a retry is scheduled', node.node),
      `${name.folded} waits to be retried`,
    );
  }
  return made(
    'waits-queue',
    `Waits for a worker of the queue ${item.queueType} to take ${name.full} since #${scheduled}.`,
    since,
    `${name.folded} waits in the queue ${item.queueType}`,
  );
}

function ended(kind: WhyKind, said: string, chain: readonly WhyLink[], cause: string): Why {
  return { kind, sentence: said, chain, cause, node: undefined };
}

function link({ sequence }: Told, words: string, node?: string): WhyLink {
  return { sequence, node, text: words };
}

/** A node as it is called: `tools, turn 10` in an agent's loop; folded, without the turn. */
export function nodeName(node: string, workflow: Workflow | undefined): { readonly full: string; readonly folded: string } {
  const place = placeInLoop(
    node,
    workflow?.nodes.find(({ id }) => id === node),
  );
  return place === undefined ? { full: node, folded: node } : { full: `${place.part}, turn ${place.turn}`, folded: place.part };
}

const UUID = /\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b/gi;
const HEX = /\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi;
const QUOTED = /"[^"]*"|“[^”]*”|(?<!\w)'[^']*'(?!\w)|`[^`]*`/g;
const NUMBER = /\d+(?:[.,:]\d+)*/g;

/** A text in which ids, quoted texts and numbers are folded, so that two runs with one cause have one text. */
export function folded(cause: string): string {
  return cut(cause.replace(UUID, '‹id›').replace(QUOTED, '‹text›').replace(HEX, '‹id›').replace(NUMBER, 'N').replaceAll(/\s+/g, ' ').trim(), MAX_ERROR);
}

function at({ sequence, time }: Told): string {
  return `#${sequence}${Number.isFinite(time) ? ` (${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC)` : ''}`;
}

function names(nodes: readonly string[]): string {
  const shown = nodes.slice(0, 3).join(', ');
  return nodes.length > 3 ? `${shown} and ${nodes.length - 3} more` : shown;
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : isObject(value) && value.size === 0 ? '{}' : printJson(value);
}

/** On one line, and not too long. */
function short(words: string): string {
  return cut(words.replaceAll(/\s+/g, ' ').trim(), MAX_ERROR);
}

function sentence(words: string): string {
  const said = short(words);
  return /[.!?…]$/.test(said) ? said : `${said}.`;
}

function cut(words: string, length: number): string {
  return words.length > length ? `${words.slice(0, length - 1)}…` : words;
}

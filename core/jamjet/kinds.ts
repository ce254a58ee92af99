import type { NodePhase, WaitsFor } from '../vocabulary.ts';
import type { Status } from './status.ts';

/**
 * The table of all event kinds of the runtime: the fields in the order in which they are written, category, severity, the
 * effect on the state, and a one-line summary. An overview is in docs/format.md, Event kinds.
 */

export const CATEGORIES = [
  'lifecycle',
  'node',
  'failure',
  'human',
  'timer',
  'child',
  'budget',
  'policy',
  'strategy',
  'coordinator',
  'agent',
  'external',
  'unknown',
] as const;
export type Category = (typeof CATEGORIES)[number];

export type Severity = 'info' | 'notice' | 'warning' | 'error';

/**
 * A field. Types: `s` string, `i` and `u` unsigned integers of 64 and 32 bits, `f` double, `b` boolean, `j` any JSON, `t` time,
 * `[s]` and `[j]` lists, `p` provenance. In the table, `(a|b)` is a string that is one of these words, `?` marks a field that may
 * be null, and `-` one that is omitted when absent.
 */
export interface Field {
  readonly name: string;
  readonly type: 's' | 'i' | 'u' | 'f' | 'b' | 'j' | 't' | '[s]' | '[j]' | 'p';
  readonly nullable: boolean;
  readonly skipped: boolean;
  /** The only texts that a string may have. */
  readonly words?: readonly string[];
}

/** The effect of a kind on the materialised state. An absent part changes nothing. */
export interface Effect {
  /** The status afterwards. */
  readonly status?: Status;
  /** Sets the status to `paused` if it is `running`. */
  readonly pauses?: true;
  readonly node?: 'activates' | 'completes' | 'deactivates';
  /** The field that is merged into the current state; null changes nothing. */
  readonly merges?: 'state_patch';
  /** The field that replaces the current state. */
  readonly replaces?: 'final_state';
  /** The field whose top-level keys replace those of the given state, which the scheduler hands to nodes. */
  readonly setsGiven?: 'state_patch' | 'initial_input';
}

/** A field of the event as short text: strings without quotes, anything else as truncated JSON, `''` when absent. */
type FieldText = (name: string) => string;

export interface Kind {
  readonly type: string;
  /** The oldest generation whose runtimes can read it; older ones refuse the whole execution. */
  readonly since: number;
  readonly fields: readonly Field[];
  readonly category: Category;
  readonly severity: Severity;
  readonly effect: Effect;
  /** What the node's work is afterwards, of a kind that changes the node. */
  readonly phase?: NodePhase;
  /** What the node waits for afterwards; `nothing` when its wait is over. Every change of the node ends its wait, too. */
  readonly waits?: WaitsFor | 'nothing';
  /** What happened, not including the kind and the node. */
  readonly summary: (field: FieldText) => string;
}

const NO_EFFECT: Effect = {};

/** A kind with its line of the table as a type, from which `event-kind.ts` derives the type of the event. */
interface Declared<Type extends string, Fields extends string> extends Kind {
  readonly type: Type;
  readonly declared: Fields;
}

function kind<const Type extends string, const Fields extends string>(
  type: Type,
  declared: Fields,
  category: Category,
  severity: Severity,
  summary: (field: FieldText) => string,
  effect: Effect = NO_EFFECT,
): Declared<Type, Fields> {
  const waits = WAITS.get(type);
  const phase = PHASES.get(type);
  const fields = declared.split(' ').map(parseField);
  const optional = { ...(waits !== undefined && { waits }), ...(phase !== undefined && { phase }) };
  return { type, since: NEWER.has(type) ? 4 : 3, declared, fields, category, severity, effect, ...optional, summary };
}

/** The kinds that runtimes of generation 3 do not know. */
const NEWER: ReadonlySet<string> = new Set(['node_parked', 'segment_boundary']);

const PHASES: ReadonlyMap<string, NodePhase> = new Map([
  ['node_scheduled', 'scheduled'],
  ['node_started', 'running'],
  ['node_completed', 'completed'],
  ['node_failed', 'failed'],
  ['node_skipped', 'skipped'],
  ['node_cancelled', 'cancelled'],
]);

const WAITS: ReadonlyMap<string, WaitsFor | 'nothing'> = new Map([
  ['interrupt_raised', 'person'],
  ['tool_approval_required', 'person'],
  ['approval_received', 'nothing'],
  ['timer_created', 'time'],
  ['timer_fired', 'nothing'],
  ['node_parked', 'time'],
  ['retry_scheduled', 'time'],
]);

/** Parses a field such as `comment:s?`, a nullable string. */
function parseField(spec: string): Field {
  const [name = '', rest = ''] = spec.split(':');
  const words = /\((.*)\)/.exec(rest)?.[1]?.split('|');
  return {
    name,
    type: words === undefined ? (rest.replace(/[?-]/g, '') as Field['type']) : 's',
    nullable: rest.includes('?'),
    skipped: rest.includes('-'),
    ...(words !== undefined && { words }),
  };
}

/** Joins the non-empty parts: `list('a', '', 'b')` is `a · b`. */
function list(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

function after(label: string, text: string, unit = ''): string {
  return text === '' ? '' : `${label}${text}${unit}`;
}

function duration(milliseconds: string): string {
  const value = Number(milliseconds);
  if (milliseconds === '' || !Number.isFinite(value)) return '';
  if (value < 1000) return `${value} ms`;
  return value < 120_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value / 60_000)} min`;
}

function tokens(input: string, output: string): string {
  const total = Number(input || 0) + Number(output || 0);
  return total > 0 ? `${total.toLocaleString('en')} tokens` : '';
}

const KINDS = [
  kind('workflow_started', 'workflow_id:s workflow_version:s initial_input:j', 'lifecycle', 'notice', (f) => `${f('workflow_id')} ${f('workflow_version')}`, {
    status: 'running',
    setsGiven: 'initial_input',
  }),
  kind('workflow_completed', 'final_state:j', 'lifecycle', 'notice', () => 'the final state replaces the state', {
    status: 'completed',
    replaces: 'final_state',
  }),
  kind('workflow_failed', 'error:s', 'failure', 'error', (f) => f('error'), { status: 'failed' }),
  kind('workflow_cancelled', 'reason:s?', 'lifecycle', 'warning', (f) => f('reason'), { status: 'cancelled' }),

  kind('node_scheduled', 'node_id:s queue_type:s', 'node', 'info', (f) => after('queue ', f('queue_type')), { node: 'activates' }),
  kind('node_started', 'node_id:s worker_id:s attempt:u', 'node', 'info', (f) => list(f('worker_id'), after('attempt ', f('attempt'))), { node: 'activates' }),
  kind(
    'node_completed',
    'node_id:s output:j state_patch:j duration_ms:i gen_ai_system:s- gen_ai_model:s- input_tokens:i- output_tokens:i- finish_reason:s- cost_usd:f- provenance:p- idempotency_key:s-',
    'node',
    'info',
    (f) => list(f('output'), duration(f('duration_ms')), tokens(f('input_tokens'), f('output_tokens'))),
    { node: 'completes', merges: 'state_patch', setsGiven: 'state_patch' },
  ),
  kind(
    'node_failed',
    'node_id:s error:s attempt:u retryable:b',
    'failure',
    'error',
    (f) => list(f('error'), f('retryable') === 'true' ? 'will retry' : f('retryable') === 'false' ? 'not retryable' : ''),
    { node: 'deactivates' },
  ),
  kind('node_parked', 'node_id:s attempt:u retry_after:s', 'node', 'warning', (f) => after('until ', f('retry_after'))),
  kind('node_skipped', 'node_id:s reason:s', 'node', 'info', (f) => f('reason'), { node: 'deactivates' }),
  kind('node_cancelled', 'node_id:s', 'node', 'warning', () => '', { node: 'deactivates' }),
  kind('retry_scheduled', 'node_id:s attempt:u delay_ms:i', 'failure', 'warning', (f) =>
    list(after('attempt ', f('attempt')), after('in ', duration(f('delay_ms')))),
  ),

  kind('interrupt_raised', 'node_id:s reason:s state_for_review:j', 'human', 'notice', (f) => f('reason'), { pauses: true }),
  kind('tool_approval_required', 'node_id:s tool_name:s approver:s context:j', 'human', 'notice', (f) =>
    list(f('tool_name'), after('approver ', f('approver'))),
  ),
  kind(
    'approval_received',
    'node_id:s user_id:s decision:(approved|rejected) comment:s? state_patch:j?',
    'human',
    'notice',
    (f) => list(`${f('decision')}${after(' by ', f('user_id'))}`, f('comment')),
    { status: 'running', merges: 'state_patch' },
  ),

  kind('timer_created', 'node_id:s fire_at:t correlation_key:s?', 'timer', 'info', (f) => list(after('fires ', f('fire_at')), f('correlation_key'))),
  kind('timer_fired', 'node_id:s correlation_key:s?', 'timer', 'info', (f) => f('correlation_key')),
  kind('external_event_received', 'correlation_key:s payload:j', 'external', 'info', (f) => list(f('correlation_key'), f('payload'))),

  kind('child_workflow_started', 'node_id:s child_execution_id:s child_workflow_id:s', 'child', 'info', (f) => f('child_workflow_id')),
  kind('child_workflow_completed', 'node_id:s child_execution_id:s result:j', 'child', 'info', (f) => f('result')),
  kind('child_workflow_failed', 'node_id:s child_execution_id:s error:s', 'failure', 'error', (f) => f('error')),
  kind('segment_boundary', 'segment_number:u next_execution_id:s', 'child', 'notice', (f) =>
    list(after('segment ', f('segment_number')), after('continues in ', f('next_execution_id'))),
  ),

  kind('budget_exceeded', 'node_id:s kind:s limit:i current:i', 'budget', 'warning', (f) => `${f('kind')} ${f('current')} of ${f('limit')}`),
  kind('token_budget_exceeded', 'node_id:s kind:s limit:i current:i', 'budget', 'warning', (f) => `${f('kind')} ${f('current')} of ${f('limit')}`),
  kind('cost_budget_exceeded', 'node_id:s limit_usd:f current_usd:f', 'budget', 'warning', (f) => `$${f('current_usd')} of $${f('limit_usd')}`),
  kind('autonomy_limit_reached', 'node_id:s agent_ref:s limit_type:s limit_value:j actual_value:j', 'budget', 'warning', (f) =>
    list(f('agent_ref'), `${f('limit_type')} ${f('actual_value')} of ${f('limit_value')}`),
  ),
  kind('circuit_breaker_tripped', 'node_id:s agent_ref:s consecutive_errors:u threshold:u', 'budget', 'error', (f) =>
    list(f('agent_ref'), `${f('consecutive_errors')} consecutive errors of ${f('threshold')}`),
  ),
  kind('escalation_required', 'node_id:s agent_ref:s reason:s escalation_target:s', 'human', 'warning', (f) =>
    list(f('reason'), after('to ', f('escalation_target'))),
  ),

  kind('policy_violation', 'node_id:s rule:s decision:s policy_scope:s', 'policy', 'warning', (f) =>
    list(f('rule'), f('decision').replace('_', ' '), after('scope ', f('policy_scope'))),
  ),

  kind('strategy_started', 'strategy:s config:j', 'strategy', 'info', (f) => f('strategy')),
  kind('plan_generated', 'steps:[s]', 'strategy', 'info', (f) => f('steps')),
  kind('iteration_started', 'iteration:u', 'strategy', 'info', (f) => `iteration ${f('iteration')}`),
  kind('tool_called', 'node_id:s tool:s', 'strategy', 'info', (f) => f('tool')),
  kind('critic_verdict', 'node_id:s score:f passed:b feedback:s?', 'strategy', 'info', (f) =>
    list(f('passed') === 'true' ? 'passed' : 'not passed', after('score ', f('score')), f('feedback')),
  ),
  kind('iteration_completed', 'iteration:u cost_delta_usd:f? input_tokens:i output_tokens:i', 'strategy', 'info', (f) =>
    list(`iteration ${f('iteration')}`, tokens(f('input_tokens'), f('output_tokens'))),
  ),
  kind(
    'strategy_limit_hit',
    'limit_type:s limit_value:j actual_value:j',
    'budget',
    'error',
    (f) => `${f('limit_type')} ${f('actual_value')} of ${f('limit_value')}`,
    { status: 'limit_exceeded' },
  ),
  kind('strategy_completed', 'iterations:u total_cost_usd:f?', 'strategy', 'notice', (f) =>
    list(`${f('iterations')} iterations`, after('$', f('total_cost_usd'))),
  ),

  kind('coordinator_discovery', 'node_id:s query_skills:[s] query_trust_domain:s? candidates:[j] filtered_out:[j]', 'coordinator', 'info', (f) =>
    f('query_skills'),
  ),
  kind('coordinator_scoring', 'node_id:s rankings:[j] spread:f weights:j', 'coordinator', 'info', (f) => after('spread ', f('spread'))),
  kind(
    'coordinator_decision',
    'node_id:s selected:s? method:s reasoning:s? confidence:f rejected:[j] tiebreaker_tokens:j? tiebreaker_cost:f?',
    'coordinator',
    'notice',
    (f) => list(f('selected') || 'none selected', f('method'), after('confidence ', f('confidence'))),
  ),

  kind('agent_tool_invoked', 'node_id:s agent_uri:s mode:s protocol:s input_hash:s', 'agent', 'info', (f) => list(f('agent_uri'), f('mode'))),
  kind('agent_tool_progress', 'node_id:s chunk_index:u partial_output_summary:s', 'agent', 'info', (f) =>
    list(`chunk ${f('chunk_index')}`, f('partial_output_summary')),
  ),
  kind('agent_tool_turn', 'node_id:s turn_number:u direction:s content_summary:s tokens:u cost:f', 'agent', 'info', (f) =>
    list(`turn ${f('turn_number')} ${f('direction')}`, f('content_summary'), after('', f('tokens'), ' tokens')),
  ),
  kind('agent_tool_completed', 'node_id:s output:j provenance:j? total_cost:f latency_ms:i total_turns:u?', 'agent', 'info', (f) =>
    list(f('output'), duration(f('latency_ms'))),
  ),
  kind('agent_tool_terminated', 'node_id:s reason:s chunks_received:u partial_output:j? cost:f', 'agent', 'warning', (f) => f('reason')),
  kind('agent_tool_failed', 'node_id:s failure_type:s message:s retryable:b', 'failure', 'error', (f) => list(f('failure_type'), f('message'))),
] as const;

/** The table as a type. */
export type KindTable = typeof KINDS;

const BY_TYPE: ReadonlyMap<string, Kind> = new Map<string, Kind>(KINDS.map((known) => [known.type, known]));

/** A kind that is not in the table: it is shown in full and changes only the last sequence. */
export function unknownKind(type: string): Kind {
  return { type, since: Number.POSITIVE_INFINITY, fields: [], category: 'unknown', severity: 'notice', effect: NO_EFFECT, summary: () => '' };
}

export function kindOf(type: string): Kind | undefined {
  return BY_TYPE.get(type);
}

export function knownKinds(): readonly Kind[] {
  return KINDS;
}

import { type EventChunk, textAt } from '../jamjet/chunk.ts';
import { type Event, readEvent } from '../jamjet/event.ts';
import { JsonScanner } from '../json/scan.ts';
import { EventFields } from '../replay/event-fields.ts';

/** An event that may explain how a run goes on, in full. */
export interface Told {
  readonly sequence: number;
  /** Milliseconds since 1970; NaN when it is not known. */
  readonly time: number;
  readonly type: string;
  readonly fields: Event['fields'];
}

/** What the events say of a node, by the rules of the scheduler (docs/format.md, What the scheduler does next). Sequences. */
export interface NodeOutline {
  readonly node: string;
  /** The last `node_scheduled`, `node_started` or `retry_scheduled` of work that has neither been completed nor failed. */
  scheduled: number | undefined;
  scheduledTime: number;
  /** Its last completion; skipped and cancelled nodes count as completed, too. */
  completed: number | undefined;
  isSkipped: boolean;
  /** How many `node_started` there are since the last completion. */
  starts: number;
  /** The first and the last failure since the last completion, and how many there are. */
  firstFailure: Told | undefined;
  lastFailure: Told | undefined;
  failures: number;
  /** Whether the last failure cannot be retried. */
  failedForGood: boolean;
  /** A request for a decision that has not been made. */
  held: Told | undefined;
  /** The last decision about it since it was last scheduled or started. */
  decision: Told | undefined;
  parked: Told | undefined;
  retry: Told | undefined;
  timer: Told | undefined;
  child: Told | undefined;
  childFailure: Told | undefined;
  /** The last limit, budget or rule that it met. */
  limit: Told | undefined;
  /** What a condition chose. */
  chosen: string | undefined;
}

const LIMITS: ReadonlySet<string> = new Set([
  'budget_exceeded',
  'token_budget_exceeded',
  'cost_budget_exceeded',
  'autonomy_limit_reached',
  'circuit_breaker_tripped',
  'escalation_required',
  'policy_violation',
]);

/** The kinds whose fields are kept; of all others only kind and node are read. Those of a completed condition are few. */
const READ_IN_FULL: ReadonlySet<string> = new Set([
  ...LIMITS,
  'node_failed',
  'node_parked',
  'retry_scheduled',
  'tool_approval_required',
  'approval_received',
  'interrupt_raised',
  'timer_created',
  'child_workflow_started',
  'child_workflow_failed',
  'workflow_failed',
  'workflow_cancelled',
  'strategy_limit_hit',
  'segment_boundary',
]);
/** A longer completion is not that of a condition. */
const MAX_CONDITION_BYTES = 4096;

/** What the events of a run say about where it stands, from one pass over its log in which few events are read in full. */
export class RunOutline {
  readonly nodes = new Map<string, NodeOutline>();
  count = 0;
  lastSequence = 0;
  firstTime = Number.NaN;
  lastTime = Number.NaN;
  /** The last event that ended the run; `workflow_completed` has no fields here. */
  end: Told | undefined;
  /** An interruption of the run that nobody has answered. */
  interrupt: Told | undefined;
  segment: Told | undefined;
  /** The first event that cannot be read, and why. */
  unreadable: { readonly sequence: number; readonly reason: string } | undefined;
  /** The limit that no node met: that of a strategy. */
  limit: Told | undefined;
  readonly #fields = new EventFields();

  append(chunk: EventChunk): void {
    const scanner = new JsonScanner(chunk.bytes);
    for (let i = 0; i < chunk.count; i++) {
      const [start, end] = [chunk.offsets[i] as number, chunk.offsets[i + 1] as number];
      const sequence = chunk.sequences[i] as number;
      const time = chunk.times[i] as number;
      this.count++;
      this.lastSequence = sequence;
      if (Number.isNaN(this.firstTime)) this.firstTime = time;
      if (!Number.isNaN(time)) this.lastTime = time;
      const reason = chunk.unreadable.get(i);
      if (reason !== undefined) {
        this.unreadable ??= { sequence, reason };
        continue;
      }
      if (!this.#fields.read(scanner, start, end)) {
        this.#unusual(textAt(chunk, i), sequence, time);
        continue;
      }
      const { typeStart, typeEnd, nodeStart, nodeEnd } = this.#fields;
      const type = scanner.bytes.toString('utf8', typeStart, typeEnd);
      const node = nodeStart < 0 ? undefined : scanner.bytes.toString('utf8', nodeStart, nodeEnd);
      const inFull =
        READ_IN_FULL.has(type) ||
        (type === 'node_completed' && end - start <= MAX_CONDITION_BYTES && scanner.bytes.subarray(start, end).includes('chosen_target'));
      const reading = inFull ? readEvent(textAt(chunk, i)) : undefined;
      this.#add({ sequence, time, type, fields: reading?.ok ? reading.event.fields : NO_FIELDS }, node);
    }
  }

  #unusual(text: string, sequence: number, time: number): void {
    const reading = readEvent(text);
    if (!reading.ok) {
      this.unreadable ??= { sequence, reason: reading.reason };
      return;
    }
    const { kind, fields, nodeId } = reading.event;
    this.#add({ sequence, time, type: kind.type, fields }, nodeId);
  }

  #add(told: Told, name: string | undefined): void {
    const { type } = told;
    if (type === 'workflow_failed' || type === 'workflow_cancelled' || type === 'workflow_completed' || type === 'strategy_limit_hit') this.end = told;
    if (type === 'segment_boundary') this.segment = told;
    if (type === 'interrupt_raised') this.interrupt = told;
    if (type === 'approval_received') this.interrupt = undefined;
    if (LIMITS.has(type)) this.limit = told;
    if (name !== undefined) this.#addToNode(told, this.nodes.get(name) ?? this.#newNode(name));
  }

  #newNode(node: string): NodeOutline {
    const outline: NodeOutline = {
      node,
      scheduled: undefined,
      scheduledTime: Number.NaN,
      completed: undefined,
      isSkipped: false,
      starts: 0,
      firstFailure: undefined,
      lastFailure: undefined,
      failures: 0,
      failedForGood: false,
      held: undefined,
      decision: undefined,
      parked: undefined,
      retry: undefined,
      timer: undefined,
      child: undefined,
      childFailure: undefined,
      limit: undefined,
      chosen: undefined,
    };
    this.nodes.set(node, outline);
    return outline;
  }

  #addToNode(told: Told, node: NodeOutline): void {
    const { sequence, time, type, fields } = told;
    switch (type) {
      case 'node_scheduled':
      case 'node_started':
      case 'retry_scheduled':
        // What became of it before does not explain how it ends this time.
        node.decision = node.childFailure = undefined;
        if (type === 'node_started') node.starts++;
        if (type === 'retry_scheduled') node.retry = told;
        if (type !== 'node_started' || node.scheduled === undefined) Object.assign(node, { scheduledTime: time });
        node.scheduled = sequence;
        if (type === 'node_started') node.parked = node.retry = undefined;
        break;
      case 'node_parked':
        node.parked = told;
        break;
      case 'node_completed':
      case 'node_skipped':
      case 'node_cancelled': {
        const output = fields.get('output');
        const chosen = output instanceof Map ? output.get('chosen_target') : undefined;
        Object.assign(node, { scheduled: undefined, starts: 0, failures: 0, firstFailure: undefined, lastFailure: undefined, failedForGood: false });
        Object.assign(node, { held: undefined, parked: undefined, retry: undefined, timer: undefined, child: undefined });
        Object.assign(node, { limit: undefined, decision: undefined, childFailure: undefined });
        node.completed = sequence;
        node.isSkipped = type === 'node_skipped';
        if (typeof chosen === 'string') node.chosen = chosen;
        break;
      }
      case 'node_failed':
        node.scheduled = node.held = node.parked = node.retry = undefined;
        node.firstFailure ??= told;
        node.lastFailure = told;
        node.failures++;
        node.failedForGood = fields.get('retryable') === false;
        break;
      case 'tool_approval_required':
      case 'interrupt_raised':
        node.held = told;
        break;
      case 'approval_received':
        // Approved, it is scheduled anew; rejected, the scheduler writes that it failed.
        if (node.held !== undefined) node.scheduled = undefined;
        node.held = undefined;
        node.decision = told;
        break;
      case 'timer_created':
        node.timer = told;
        break;
      case 'timer_fired':
        node.timer = undefined;
        break;
      case 'child_workflow_started':
        node.child = told;
        break;
      case 'child_workflow_completed':
        node.child = undefined;
        break;
      case 'child_workflow_failed':
        node.child = undefined;
        node.childFailure = told;
        break;
      default:
        if (LIMITS.has(type)) node.limit = told;
    }
  }
}

const NO_FIELDS: Event['fields'] = new Map();

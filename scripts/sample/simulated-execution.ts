import { readEvent } from '../../core/jamjet/event.ts';
import { printDouble } from '../../core/jamjet/number.ts';
import { isTerminal, type Status } from '../../core/jamjet/status.ts';
import { formatTime } from '../../core/jamjet/time.ts';
import { fromPlain, type Plain } from '../../core/json/plain.ts';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { type Json, JsonNumber, type JsonObject, sortedKeys } from '../../core/json/value.ts';
import { applyEvent, type Materialized, origin } from '../../core/replay/fold.ts';
import { artifactHash } from '../../core/store/artifact.ts';
import type { Random } from './random.ts';
import type { Recording } from './recording.ts';

export interface ExecutionOptions {
  readonly id?: string;
  readonly workflow: string;
  readonly version: string;
  readonly input: Plain;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly tenant?: string;
  readonly parent?: string;
  readonly segment?: number;
  /** A snapshot follows every n-th completed node. 1 is what the runtime's worker does; 0 is never. */
  readonly snapshotEvery?: number;
}

export interface NodeWork {
  readonly queue?: string;
  readonly patch?: Plain;
  readonly output?: Plain;
  readonly ms?: number;
  readonly model?: string;
  readonly tokens?: readonly [input: number, output: number];
  readonly attempt?: number;
  /** Why the model ended its answer. */
  readonly finish?: string;
  /** Omits node_started, as workers over HTTP do. */
  readonly omitStarted?: boolean;
}

const MODELS: readonly string[] = ['m-large-3', 'm-small-3'];
/** Longer outputs are stored in the artifacts table (docs/format.md, Artifacts). */
const MAX_OUTPUT_BYTES = 8192;

/** Simulates one execution: appends its events, folds its state, and writes snapshots and the row, as the runtime would. */
export class SimulatedExecution {
  readonly id: string;
  readonly #recording: Recording;
  readonly #random: Random;
  readonly #options: ExecutionOptions;
  #now: number;
  #state: Materialized;
  #completions = 0;
  #startedNodes = new Set<string>();

  constructor(recording: Recording, random: Random, options: ExecutionOptions) {
    this.#recording = recording;
    this.#random = random;
    this.#options = options;
    this.id = options.id ?? random.uuid();
    this.#now = options.startedAt;
    const input = sortedValue(fromPlain(options.input));
    this.#state = origin(input);
    recording.createExecution({
      executionId: this.id,
      workflowId: options.workflow,
      workflowVersion: options.version,
      status: 'running',
      initialInput: input,
      currentState: input,
      startedAt: this.time(),
      updatedAt: this.time(),
      tenantId: options.tenant ?? 'default',
      parentExecutionId: options.parent,
      segmentNumber: options.segment ?? 0,
    });
    if (options.parent !== undefined) this.snapshot({ ...this.#state, status: 'running' });
    this.event('workflow_started', { workflow_id: options.workflow, workflow_version: options.version, initial_input: input });
  }

  get state(): Json {
    return this.#state.currentState;
  }

  get sequence(): number {
    return this.#state.lastSequence;
  }

  /** The time of the latest event, in milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  time(): string {
    return this.timeIn(0);
  }

  timeIn(milliseconds: number): string {
    const at = this.#now + milliseconds;
    return formatTime(Math.floor(at), Math.floor((at % 1) * 1e6));
  }

  wait(milliseconds: number): this {
    this.#now += milliseconds;
    return this;
  }

  event(type: string, fields: Plain = {}): this {
    this.wait(this.#random.between(1, 900) / 137);
    const kind = new Map<string, Json>([['type', type]]);
    for (const [key, value] of fromPlain(fields) as JsonObject) kind.set(key, sortedValue(value));
    const sequence = this.#recording.appendEvent({
      id: this.#random.uuid(),
      executionId: this.id,
      kind,
      createdAt: this.time(),
      tenantId: this.#options.tenant ?? 'default',
    });
    const reading = readEvent(printJson(kind));
    this.#state = applyEvent(this.#state, sequence, reading.ok ? reading.event : undefined);
    return this;
  }

  /** Schedules, starts and completes a node. */
  node(node: string, work: NodeWork = {}): this {
    return this.begin(node, work).complete(node, work);
  }

  begin(node: string, { queue = 'general', attempt = 0, omitStarted = false }: NodeWork = {}): this {
    if (!this.#startedNodes.has(node)) this.event('node_scheduled', { node_id: node, queue_type: queue });
    this.#startedNodes.add(node);
    if (!omitStarted)
      this.wait(this.#random.between(2, 40)).event('node_started', { node_id: node, worker_id: `worker-${this.#random.between(1, 3)}`, attempt });
    return this;
  }

  complete(node: string, { patch = {}, output = null, ms, model, tokens, finish = 'stop' }: NodeWork = {}): this {
    const duration = ms ?? this.#random.between(12, 4200);
    this.wait(duration);
    this.#startedNodes.delete(node);
    const usesModel = model !== undefined || tokens !== undefined;
    this.event('node_completed', {
      node_id: node,
      output: this.#storeOutput(fromPlain(output)),
      state_patch: patch,
      duration_ms: duration,
      gen_ai_system: usesModel ? 'anthropic' : undefined,
      gen_ai_model: usesModel ? (model ?? this.#random.pick(MODELS)) : undefined,
      input_tokens: tokens?.[0],
      output_tokens: tokens?.[1],
      finish_reason: usesModel ? finish : undefined,
    });
    this.#completions++;
    const every = this.#options.snapshotEvery ?? 1;
    if (every > 0 && this.#completions % every === 0) this.snapshot();
    return this;
  }

  fail(node: string, error: string, { attempt = 0, retryable = true, delay = 1000 } = {}): this {
    this.event('node_failed', { node_id: node, error, attempt, retryable });
    if (retryable) this.event('retry_scheduled', { node_id: node, attempt: attempt + 1, delay_ms: delay }).wait(delay);
    return this;
  }

  /** Requests an approval, and receives the decision after a while. */
  approval(
    node: string,
    tool: string,
    decision: 'approved' | 'rejected',
    { user = 'kim', comment = null as string | null, patch = undefined as Plain, after = 3_600_000, context = {} as Plain } = {},
  ): this {
    return this.event('tool_approval_required', { node_id: node, tool_name: tool, approver: 'credit-team', context })
      .wait(after)
      .event('approval_received', { node_id: node, user_id: user, decision, comment, state_patch: patch ?? null });
  }

  snapshot(state: Materialized = this.#state): this {
    this.#recording.writeSnapshot({
      id: this.#random.uuid(),
      executionId: this.id,
      atSequence: state.lastSequence,
      state: state.currentState,
      createdAt: formatTime(Math.floor(this.#now) + 1),
      tenantId: this.#options.tenant ?? 'default',
      status: state.status as Status,
      completedNodes: state.completedNodes,
      activeNodes: state.activeNodes,
      lastSequence: state.lastSequence,
    });
    return this;
  }

  /** Writes a snapshot that differs from the log. */
  wrongSnapshot(change: (state: Map<string, Json>) => void): this {
    const state = new Map(this.#state.currentState as JsonObject);
    change(state);
    return this.snapshot({ ...this.#state, currentState: state });
  }

  finish(final: Plain = this.#state.currentState): this {
    return this.event('workflow_completed', { final_state: final });
  }

  /** Writes the final values of the execution's row. */
  end(status: Status = this.#state.status as Status): this {
    this.#recording.updateExecution(this.id, {
      status,
      currentState: this.#state.currentState,
      updatedAt: this.time(),
      completedAt: isTerminal(status) ? this.time() : undefined,
    });
    return this;
  }

  #storeOutput(output: Json): Json {
    const bytes = Buffer.from(canonicalJson(output));
    if (bytes.length <= MAX_OUTPUT_BYTES) return output;
    this.#recording.putArtifact(bytes, this.#now);
    return fromPlain({ $artifact: { hash: artifactHash(bytes), size: bytes.length, media_type: 'application/json' } });
  }
}

/** A free value with its keys in code-point order, as the runtime writes it. */
function sortedValue(value: Json): Json {
  if (value instanceof Map) return new Map(sortedKeys(value).map((key) => [key, sortedValue(value.get(key) as Json)]));
  return Array.isArray(value) ? value.map(sortedValue) : value;
}

/** A double as the runtime writes it: `1.0`, `4.5`. */
export function double(text: string): JsonNumber {
  return new JsonNumber(printDouble(Number(text)));
}

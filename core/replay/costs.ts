import type { Event } from '../jamjet/event.ts';
import { type Json, JsonNumber } from '../json/value.ts';

/** What a run, or one node of it with one model, has used. */
export interface Costs {
  completions: number;
  failures: number;
  retries: number;
  inputTokens: number;
  outputTokens: number;
  /** Dollars that events name; most name none. */
  costUsd: number;
  durationMs: number;
}

export interface NodeCosts extends Costs {
  readonly node: string;
  /** The model of its last completion that names one. */
  model: string | undefined;
}

/** Sums up what events say of tokens, dollars, time and retries: altogether and for each node. */
export class CostTotals {
  readonly total: Costs = noCosts();
  readonly #nodes = new Map<string, NodeCosts>();

  /** In the order of their first event. */
  get nodes(): readonly NodeCosts[] {
    return [...this.#nodes.values()];
  }

  add({ kind: { type }, fields, nodeId }: Event): void {
    const one = costsOf(type, (name) => numberOf(fields.get(name)));
    if (one === undefined) return;
    sum(this.total, one);
    if (nodeId === undefined) return;
    const node = this.#nodes.get(nodeId) ?? { node: nodeId, model: undefined, ...noCosts() };
    this.#nodes.set(nodeId, node);
    sum(node, one);
    const model = fields.get('gen_ai_model');
    if (typeof model === 'string') node.model = model;
  }
}

/** What one event adds; undefined for a kind that adds nothing. @param number the number in a field of it; 0 where there is none. */
export function costsOf(type: string, number: (field: string) => number): Costs | undefined {
  const one = noCosts();
  if (type === 'node_completed') {
    one.completions = 1;
    one.inputTokens = number('input_tokens');
    one.outputTokens = number('output_tokens');
    one.costUsd = number('cost_usd');
    one.durationMs = number('duration_ms');
  } else if (type === 'node_failed') one.failures = 1;
  else if (type === 'retry_scheduled') one.retries = 1;
  else if (type === 'agent_tool_completed') one.costUsd = number('total_cost');
  else return undefined;
  return one;
}

/** A value as something to add up; 0 for what is no number, or none that can be added. */
export function numberOf(value: Json | undefined): number {
  const read = typeof value === 'number' ? value : value instanceof JsonNumber ? Number(value.text) : 0;
  return Number.isFinite(read) ? read : 0;
}

export function noCosts(): Costs {
  return { completions: 0, failures: 0, retries: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, durationMs: 0 };
}

function sum(into: Costs, one: Costs): void {
  for (const name of Object.keys(one) as (keyof Costs)[]) into[name] += one[name];
}

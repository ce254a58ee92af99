import type { Event } from '../jamjet/event.ts';
import { type Json, JsonNumber } from '../json/value.ts';

/** What an execution, or one of its nodes, has used. */
export interface Costs {
  completions: number;
  failures: number;
  retries: number;
  inputTokens: number;
  outputTokens: number;
  /** In US dollars; most events have none. */
  costUsd: number;
  durationMs: number;
  /** Completions with tokens that have no cost: with one of them, the dollars are only a part of all. */
  unpriced: number;
}

/** The amounts of an event by its kind, and the fields that hold them. */
export const AMOUNT_FIELDS: Readonly<Record<string, { readonly [Name in keyof Costs]?: string }>> = {
  node_completed: { inputTokens: 'input_tokens', outputTokens: 'output_tokens', costUsd: 'cost_usd', durationMs: 'duration_ms' },
  agent_tool_completed: { costUsd: 'total_cost' },
};

export interface NodeCosts extends Costs {
  readonly node: string;
  /** From the last completion that has a model. */
  model: string | undefined;
}

/** Sums the tokens, dollars, time and retries of events, in total and for each node. */
export class CostTotals {
  readonly total: Costs = noCosts();
  readonly #nodes = new Map<string, NodeCosts>();

  /** In the order of their first event. */
  get nodes(): readonly NodeCosts[] {
    return [...this.#nodes.values()];
  }

  add({ kind: { type }, fields, nodeId }: Event): void {
    const costs = costsOf(type, (name) => numberOf(fields.get(name)));
    if (costs === undefined) return;
    addTo(this.total, costs);
    if (nodeId === undefined) return;
    const node = this.#nodes.get(nodeId) ?? { node: nodeId, model: undefined, ...noCosts() };
    this.#nodes.set(nodeId, node);
    addTo(node, costs);
    const model = fields.get('gen_ai_model');
    if (typeof model === 'string') node.model = model;
  }
}

/**
 * The costs of one event.
 *
 * @param number reads a numeric field of the event; undefined when there is none.
 * @returns undefined for a kind without costs.
 */
export function costsOf(type: string, number: (field: string) => number | undefined): Costs | undefined {
  const costs = noCosts();
  for (const [name, field] of Object.entries(AMOUNT_FIELDS[type] ?? {})) costs[name as keyof Costs] = number(field) ?? 0;
  if (type === 'node_completed') {
    costs.completions = 1;
    if (costs.inputTokens + costs.outputTokens > 0 && number('cost_usd') === undefined) costs.unpriced = 1;
  } else if (type === 'node_failed') costs.failures = 1;
  else if (type === 'retry_scheduled') costs.retries = 1;
  else if (type !== 'agent_tool_completed') return undefined;
  return costs;
}

/** The value as a finite double; undefined when it is not a number or too large for one. */
export function numberOf(value: Json | undefined): number | undefined {
  const read = typeof value === 'number' ? value : value instanceof JsonNumber ? Number(value.text) : undefined;
  return Number.isFinite(read) ? read : undefined;
}

export function noCosts(): Costs {
  return { completions: 0, failures: 0, retries: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, durationMs: 0, unpriced: 0 };
}

function addTo(sum: Costs, costs: Costs): void {
  for (const name of Object.keys(costs) as (keyof Costs)[]) sum[name] += costs[name];
}

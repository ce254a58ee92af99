import { eachEvent } from '../../export/events.ts';
import { readEvent } from '../../jamjet/event.ts';
import type { Plain } from '../../json/plain.ts';
import { type Costs, CostTotals } from '../../replay/costs.ts';
import type { OpenExecution } from '../open-execution.ts';
import { tracks } from './tracks.ts';

/**
 * The tokens, dollars, time and retries of an execution, in total and for each node.
 *
 * @param to the last sequence that counts; the end by default.
 * @param points adds this many points over the whole log, each with the costs up to it and the size of the state.
 */
export async function costsAnswer(execution: OpenExecution, to?: number, points?: number): Promise<Plain> {
  const costs = new CostTotals();
  for await (const { text, unreadable } of eachEvent(execution.source, execution.id, { to })) {
    const reading = text === undefined || unreadable !== undefined ? undefined : readEvent(text);
    if (reading?.ok) costs.add(reading.event);
  }
  const nodes = costs.nodes.map(({ node, model, ...rest }) => ({ node_id: node, model, ...costsJson(rest) }));
  const track = points === undefined ? undefined : await trackJson(execution, points);
  return { total: costsJson(costs.total), nodes, track };
}

async function trackJson(execution: OpenExecution, points: number): Promise<Plain> {
  await execution.index();
  return (await tracks(execution, points)).map(({ sequence, stateBytes, ...costs }) => ({ sequence, ...costsJson(costs), state_bytes: stateBytes }));
}

function costsJson({ completions, failures, retries, inputTokens, outputTokens, costUsd, durationMs }: Costs): { readonly [name: string]: Plain } {
  // Below a millionth of a cent, a sum of doubles has only rounding errors.
  const cost = Math.round(costUsd * 1e8) / 1e8;
  return { completions, failures, retries, input_tokens: inputTokens, output_tokens: outputTokens, cost_usd: cost, duration_ms: durationMs };
}

import type { Command } from 'commander';
import { eachEvent } from '../export/events.ts';
import { readEvent } from '../jamjet/event.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { type Costs, CostTotals } from '../replay/costs.ts';
import { wholeNumber } from './arguments.ts';
import { writeValue } from './output.ts';
import { withSource } from './source.ts';

export function addCosts(program: Command): void {
  program
    .command('costs')
    .description('print tokens, dollars, time and retries of an execution, altogether and for each node')
    .argument('<source>')
    .argument('<execution>')
    .option('--to <sequence>', 'the last event that counts', wholeNumber)
    .option('--json', 'on one line')
    .action(async (source: string, execution: string, { to, json }: { to?: number; json?: true }) => {
      await withSource(source, async (session) => {
        const costs = new CostTotals();
        for await (const { text, unreadable } of eachEvent(session.source, await session.resolve(execution), { to })) {
          const reading = text === undefined || unreadable !== undefined ? undefined : readEvent(text);
          if (reading?.ok) costs.add(reading.event);
        }
        const nodes = costs.nodes.map(({ node, model, ...rest }) => ({ node_id: node, model, ...costsJson(rest) }));
        await writeValue(fromPlain({ total: costsJson(costs.total), nodes }), { compact: json });
      });
    });
}

function costsJson({ completions, failures, retries, inputTokens, outputTokens, costUsd, durationMs }: Costs): { readonly [name: string]: Plain } {
  // A sum of doubles: what is below a millionth of a cent is its error.
  const cost = Math.round(costUsd * 1e8) / 1e8;
  return { completions, failures, retries, input_tokens: inputTokens, output_tokens: outputTokens, cost_usd: cost, duration_ms: durationMs };
}

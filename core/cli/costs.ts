import type { Command } from 'commander';
import type { OpenExecution } from '../debugger/execution.ts';
import { tracks } from '../debugger/tracks.ts';
import { eachEvent } from '../export/events.ts';
import { readEvent } from '../jamjet/event.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { type Costs, CostTotals } from '../replay/costs.ts';
import { wholeNumber } from './arguments.ts';
import { writeValue } from './output.ts';
import { withUnread } from './source.ts';

export function addCosts(program: Command): void {
  program
    .command('costs')
    .description('print tokens, dollars, time and retries of an execution, altogether and for each node')
    .argument('<source>')
    .argument('<execution>')
    .option('--to <sequence>', 'the last event that counts', wholeNumber)
    .option('--points <count>', 'so many points of the way there as well, over the whole log, with the size of the state', wholeNumber)
    .option('--json', 'on one line')
    .action(async (source: string, execution: string, { to, points, json }: { to?: number; points?: number; json?: true }) => {
      await withUnread(source, execution, async (open) => {
        const costs = new CostTotals();
        for await (const { text, unreadable } of eachEvent(open.source, open.id, { to })) {
          const reading = text === undefined || unreadable !== undefined ? undefined : readEvent(text);
          if (reading?.ok) costs.add(reading.event);
        }
        const nodes = costs.nodes.map(({ node, model, ...rest }) => ({ node_id: node, model, ...costsJson(rest) }));
        const track = points === undefined ? undefined : await trackJson(open, points);
        await writeValue(fromPlain({ total: costsJson(costs.total), nodes, track }), { compact: json });
      });
    });
}

async function trackJson(execution: OpenExecution, points: number): Promise<Plain> {
  await execution.index();
  return (await tracks(execution, points)).map(({ sequence, stateBytes, ...costs }) => ({ sequence, ...costsJson(costs), state_bytes: stateBytes }));
}

function costsJson({ completions, failures, retries, inputTokens, outputTokens, costUsd, durationMs }: Costs): { readonly [name: string]: Plain } {
  // A sum of doubles: what is below a millionth of a cent is its error.
  const cost = Math.round(costUsd * 1e8) / 1e8;
  return { completions, failures, retries, input_tokens: inputTokens, output_tokens: outputTokens, cost_usd: cost, duration_ms: durationMs };
}

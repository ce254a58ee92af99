import type { Command } from 'commander';
import { resolveExecution } from '../debugger/resolve-execution.ts';
import { eventLines } from '../export/events.ts';
import { wholeNumber } from './arguments.ts';
import { write } from './output.ts';
import { withSource } from './source.ts';

export function addEvents(program: Command): void {
  program
    .command('events')
    .description('print the events of an execution as JSON lines')
    .argument('<source>')
    .argument('<execution>')
    .option('--from <sequence>', 'the first event', wholeNumber)
    .option('--to <sequence>', 'the last event', wholeNumber)
    .option('--filter <words>', 'only events that match: words, "quoted text", -not, OR, type:, node:, text:, after:#N, before:#N')
    .option('--json', 'accepted for symmetry: the output is always JSON lines')
    .action(async (source: string, execution: string, { from, to, filter }: { from?: number; to?: number; filter?: string }) => {
      await withSource(source, async (open) => {
        const id = await resolveExecution(open, execution);
        for await (const { text } of eventLines(open, id, { from, to }, undefined, filter)) await write(text);
      });
    });
}

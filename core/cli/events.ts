import type { Command } from 'commander';
import { eventLines } from '../export/events.ts';
import { wholeNumber } from './arguments.ts';
import { write } from './output.ts';
import { type CheckOption, withUnread } from './source.ts';

interface EventsOptions extends CheckOption {
  readonly from?: number;
  readonly to?: number;
  readonly filter?: string;
}

export function addEvents(program: Command): void {
  program
    .command('events')
    .description('print the events of an execution as JSON lines')
    .argument('<source>')
    .argument('<execution>')
    .option('--from <sequence>', 'the first event', wholeNumber)
    .option('--to <sequence>', 'the last event', wholeNumber)
    .option('--filter <words>', 'only events with every word in the kind or node, or as the category; type:WORD and node:WORD test one of them')
    .option('--json', 'accepted for symmetry: the output is always JSON lines')
    .action(async (source: string, execution: string, { from, to, filter, ...options }: EventsOptions) => {
      await withUnread(
        source,
        execution,
        async (open) => {
          for await (const { text } of eventLines(open.source, open.id, { from, to }, undefined, filter)) await write(text);
        },
        options,
      );
    });
}

import type { Command } from 'commander';
import { costsAnswer } from '../debugger/answers/costs.ts';
import { fromPlain } from '../json/plain.ts';
import { wholeNumber } from './arguments.ts';
import { writeValue } from './output.ts';
import { type CheckOption, withUnread } from './source.ts';

export function addCosts(program: Command): void {
  program
    .command('costs')
    .description('print tokens, dollars, time and retries of an execution, in total and for each node')
    .argument('<source>')
    .argument('<execution>')
    .option('--to <sequence>', 'the last event that counts', wholeNumber)
    .option('--points <count>', 'add this many points over the whole log: the costs up to each, and the size of the state', wholeNumber)
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string, { to, points, json, check }: CheckOption & { to?: number; points?: number; json?: true }) => {
      await withUnread(source, execution, async (open) => writeValue(fromPlain(await costsAnswer(open, to, points)), { compact: json }), { check });
    });
}

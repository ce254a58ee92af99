import type { Command } from 'commander';
import { executionsAnswer } from '../debugger/answers/executions.ts';
import { fromPlain } from '../json/plain.ts';
import { wholeNumber } from './arguments.ts';
import { writeValue } from './output.ts';
import { withSource } from './source.ts';

export function addExecutions(program: Command): void {
  program
    .command('executions')
    .description('list the executions, newest first')
    .argument('<source>', 'a database: a path or sqlite://…')
    .option('--status <status>', 'only executions with this status')
    .option('--workflow <workflow>', 'only executions of this workflow')
    .option('--limit <n>', 'the maximum number of executions', wholeNumber)
    .option('--json', 'print on one line')
    .action(async (source: string, options: { status?: string; workflow?: string; limit?: number; json?: true }) => {
      const answer = await withSource(source, (open) => executionsAnswer(open, options));
      await writeValue(fromPlain(answer), { compact: options.json });
    });
}

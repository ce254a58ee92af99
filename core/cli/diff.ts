import type { Command } from 'commander';
import { diffAnswer } from '../debugger/answers/diff.ts';
import { wholeNumber } from './arguments.ts';
import { say, sayIfBeyond } from './output.ts';
import { type CheckOption, withExecution } from './source.ts';
import { type Column, writeRows } from './table.ts';

const COLUMNS: readonly Column[] = [
  { key: 'op', heading: 'CHANGE' },
  { key: 'path', heading: 'PATH', max: 60 },
  { key: 'old', heading: 'OLD', max: 40 },
  { key: 'new', heading: 'NEW' },
];

export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('print the changes that turn the state at sequence A into the state at sequence B')
    .argument('<source>')
    .argument('<execution>')
    .argument('<a>', 'a sequence', wholeNumber)
    .argument('<b>', 'another sequence', wholeNumber)
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string, a: number, b: number, options: CheckOption & { json?: true }) => {
      const { changes, coarse } = await withExecution(
        source,
        execution,
        async (open) => {
          for (const asked of [a, b]) sayIfBeyond(asked, open.lastSequence);
          return diffAnswer(open, a, b);
        },
        options,
      );
      for (const path of coarse) say(`The items of ${path === '' ? 'the state' : path} differ too much to match; they are compared by index.`);
      await writeRows(changes, COLUMNS, options);
    });
}

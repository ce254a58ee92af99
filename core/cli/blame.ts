import { type Command, InvalidArgumentError } from 'commander';
import { blameAnswer, blameHistoryAnswer } from '../debugger/answers/blame.ts';
import { type Pointer, pointerKeys } from '../json/pointer.ts';
import { wholeNumber } from './arguments.ts';
import { say } from './output.ts';
import { type CheckOption, withExecution } from './source.ts';
import { type Column, isForPeople, writeRows } from './table.ts';

interface BlameOptions extends CheckOption {
  readonly at?: number;
  readonly history?: true;
  readonly json?: true;
}

const COLUMNS: readonly Column[] = [
  { key: 'sequence', heading: 'SEQUENCE', right: true },
  { key: 'type', heading: 'KIND' },
  { key: 'node_id', heading: 'NODE', max: 30 },
  { key: 'how', heading: 'HOW' },
  { key: 'old', heading: 'OLD', max: 40 },
  { key: 'new', heading: 'NEW' },
];

export function addBlame(program: Command): void {
  program
    .command('blame')
    .description('print the last event that changed the value at a path')
    .argument('<source>')
    .argument('<execution>')
    .argument('<path>', 'a JSON Pointer into the state, such as /plan/steps/0; "" is the whole state', pointer)
    .option('--at <sequence>', 'the sequence to look at; the end by default', wholeNumber)
    .option('--history', 'print every change up to there, oldest first')
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string, path: Pointer, { at, history: all, json, check }: BlameOptions) => {
      await withExecution(
        source,
        execution,
        async (open) => {
          const answer = all ? blameHistoryAnswer(open, path, at) : blameAnswer(open, path, at);
          if (answer === null) say(`There has been no value at ${path === '' ? 'the root' : path} up to this sequence.`);
          await writeRows(isForPeople({ json }) && !all && answer !== null ? [answer] : answer, COLUMNS, { json });
        },
        { check },
      );
    });
}

function pointer(text: string): Pointer {
  if (pointerKeys(text) === undefined) throw new InvalidArgumentError('It must be a JSON Pointer: keys with a / before each, such as /plan/steps/0.');
  return text;
}

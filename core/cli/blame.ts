import { type Command, InvalidArgumentError } from 'commander';
import { blameAnswer, blameHistoryAnswer } from '../debugger/answers/blame.ts';
import { fromPlain } from '../json/plain.ts';
import { type Pointer, pointerKeys } from '../json/pointer.ts';
import { wholeNumber } from './arguments.ts';
import { say, writeValue } from './output.ts';
import { type CheckOption, withExecution } from './source.ts';

interface BlameOptions extends CheckOption {
  readonly at?: number;
  readonly history?: true;
  readonly json?: true;
}

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
          await writeValue(fromPlain(answer), { compact: json });
        },
        { check },
      );
    });
}

function pointer(text: string): Pointer {
  if (pointerKeys(text) === undefined) throw new InvalidArgumentError('It must be a JSON Pointer: keys with a / before each, such as /plan/steps/0.');
  return text;
}

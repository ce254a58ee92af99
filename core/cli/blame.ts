import { type Command, InvalidArgumentError } from 'commander';
import { fromPlain, type Plain } from '../json/plain.ts';
import { type Pointer, pointerKeys } from '../json/pointer.ts';
import { type Blame, blameAt, blameHistory } from '../replay/blame.ts';
import { wholeNumber } from './arguments.ts';
import { say, writeValue } from './output.ts';
import { withExecution } from './source.ts';

interface BlameOptions {
  readonly at?: number;
  readonly history?: true;
  readonly json?: true;
}

export function addBlame(program: Command): void {
  program
    .command('blame')
    .description('print which event made the value at a path what it is')
    .argument('<source>')
    .argument('<execution>')
    .argument('<path>', 'a JSON Pointer into the state, such as /plan/steps/0; "" is the whole state', pointer)
    .option('--at <sequence>', 'where to stand; the end by default', wholeNumber)
    .option('--history', 'every change up to there, oldest first')
    .option('--json', 'on one line')
    .action(async (source: string, execution: string, path: Pointer, { at, history: all, json }: BlameOptions) => {
      await withExecution(source, execution, async ({ history }) => {
        const row = at === undefined ? history.count - 1 : history.rowAt(at);
        if (all) return writeValue(fromPlain(blameHistory(history, path, row).map(blameJson)), { compact: json });
        const blame = blameAt(history, path, row);
        if (blame === undefined) say(`Nothing was ever at ${path === '' ? 'the root' : path} up to there.`);
        await writeValue(fromPlain(blame === undefined ? null : blameJson(blame)), { compact: json });
      });
    });
}

function blameJson({ path, sequence, kind, nodeId, how, old, new: value }: Blame): Plain {
  return { path, sequence, type: kind?.type ?? 'initial_input', node_id: nodeId, how, old, new: value };
}

function pointer(text: string): Pointer {
  if (pointerKeys(text) === undefined) throw new InvalidArgumentError('It has to be a JSON Pointer: / and one key after the other, such as /plan/steps/0.');
  return text;
}

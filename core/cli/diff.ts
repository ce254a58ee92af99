import type { Command } from 'commander';
import { fromPlain } from '../json/plain.ts';
import { diffJson } from '../replay/diff.ts';
import { wholeNumber } from './arguments.ts';
import { say, writeValue } from './output.ts';
import { withExecution } from './source.ts';

export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('print what turns the state at sequence A into the state at sequence B')
    .argument('<source>')
    .argument('<execution>')
    .argument('<a>', 'a sequence', wholeNumber)
    .argument('<b>', 'another one', wholeNumber)
    .option('--json', 'on one line')
    .action(async (source: string, execution: string, a: number, b: number, options: { json?: true }) => {
      const { changes, coarse } = await withExecution(source, execution, async ({ history }) =>
        diffJson(history.stateAt(history.rowAt(a)), history.stateAt(history.rowAt(b))),
      );
      for (const path of coarse) say(`The items of ${path === '' ? 'the state' : path} differ in too much to be matched; they are compared by their place.`);
      await writeValue(fromPlain(changes.map((change) => ({ op: change.op, path: change.path, old: change.old, new: change.new }))), { compact: options.json });
    });
}

import type { Command } from 'commander';
import { snapshotsAnswer } from '../debugger/answers/snapshots.ts';
import { fromPlain } from '../json/plain.ts';
import { writeValue } from './output.ts';
import { type CheckOption, withExecution } from './source.ts';

export function addSnapshots(program: Command): void {
  program
    .command('snapshots')
    .description('list the stored snapshots of an execution, each compared with replay')
    .argument('<source>')
    .argument('<execution>')
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string, options: CheckOption & { json?: true }) => {
      await writeValue(fromPlain(await withExecution(source, execution, snapshotsAnswer, options)), { compact: options.json });
    });
}

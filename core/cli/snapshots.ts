import type { Command } from 'commander';
import { snapshotsAnswer } from '../debugger/answers/snapshots.ts';
import { type CheckOption, withExecution } from './source.ts';
import { type Column, writeRows } from './table.ts';

const COLUMNS: readonly Column[] = [
  { key: 'at_sequence', heading: 'AT', right: true },
  { key: 'created_at', heading: 'CREATED' },
  { key: 'bytes', heading: 'BYTES', right: true },
  { key: 'verdict', heading: 'VERDICT' },
  { key: 'differs_in', heading: 'DIFFERS IN' },
  { key: 'reason', heading: 'REASON' },
];

export function addSnapshots(program: Command): void {
  program
    .command('snapshots')
    .description('list the stored snapshots of an execution, each compared with replay')
    .argument('<source>')
    .argument('<execution>')
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string, options: CheckOption & { json?: true }) => {
      await writeRows(await withExecution(source, execution, snapshotsAnswer, options), COLUMNS, options);
    });
}

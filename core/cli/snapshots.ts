import type { Command } from 'commander';
import { fromPlain } from '../json/plain.ts';
import { writeValue } from './output.ts';
import { withExecution } from './source.ts';

export function addSnapshots(program: Command): void {
  program
    .command('snapshots')
    .description('list the stored snapshots of an execution, each held against replay')
    .argument('<source>')
    .argument('<execution>')
    .option('--json', 'on one line')
    .action(async (source: string, execution: string, options: { json?: true }) => {
      const rows = await withExecution(source, execution, async (open) => {
        await open.checkSnapshots();
        return open.snapshots.map(({ atSequence, createdAt, bytes }) => {
          const verdict = open.verdicts.get(atSequence);
          return {
            at_sequence: atSequence,
            created_at: createdAt,
            bytes,
            verdict: verdict?.kind,
            differs_in: verdict?.kind === 'differs' ? verdict.parts : undefined,
            reason: verdict?.kind === 'unreadable' ? verdict.reason : undefined,
          };
        });
      });
      await writeValue(fromPlain(rows), { compact: options.json });
    });
}

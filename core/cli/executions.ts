import type { Command } from 'commander';
import { executionsAnswer } from '../debugger/answers/executions.ts';
import type { Plain } from '../json/plain.ts';
import { wholeNumber } from './arguments.ts';
import { writeArray } from './output.ts';
import { withSource } from './source.ts';
import { type Column, isForPeople, writeRows } from './table.ts';

const COLUMNS: readonly Column[] = [
  { key: 'execution_id', heading: 'EXECUTION' },
  { key: 'status', heading: 'STATUS' },
  { key: 'workflow_id', heading: 'WORKFLOW', max: 30 },
  { key: 'workflow_version', heading: 'VERSION', max: 12 },
  { key: 'events', heading: 'EVENTS', right: true },
  { key: 'snapshots', heading: 'SNAPSHOTS', right: true },
  { key: 'started_at', heading: 'STARTED' },
];

export function addExecutions(program: Command): void {
  program
    .command('executions')
    .description('list the executions, newest first')
    .argument('<source>', 'a database: a path, sqlite://… or postgres://…')
    .option('--status <status>', 'only executions with this status')
    .option('--workflow <workflow>', 'only executions of this workflow')
    .option('--limit <n>', 'the maximum number of executions', wholeNumber)
    .option('--json', 'print on one line')
    .action(async (source: string, options: { status?: string; workflow?: string; limit?: number; json?: true }) => {
      await withSource(source, async (open) => {
        const rows = executionsAnswer(open, options);
        if (!isForPeople(options)) return writeArray(rows, { compact: options.json });
        // The widths of columns depend on all rows.
        const all: Plain[] = [];
        for await (const row of rows) all.push(row);
        await writeRows(all, COLUMNS, options);
      });
    });
}

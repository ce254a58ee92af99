import type { Command } from 'commander';
import { fromPlain } from '../json/plain.ts';
import { wholeNumber } from './arguments.ts';
import { writeValue } from './output.ts';
import { withSource } from './source.ts';

export function addExecutions(program: Command): void {
  program
    .command('executions')
    .description('list the executions, newest first')
    .argument('<source>', 'a database: a path or sqlite://…')
    .option('--status <status>', 'only those whose row has this status')
    .option('--workflow <workflow>', 'only those of this workflow')
    .option('--limit <n>', 'at most so many', wholeNumber)
    .option('--json', 'on one line')
    .action(async (source: string, options: { status?: string; workflow?: string; limit?: number; json?: true }) => {
      const page = await withSource(source, ({ source: database }) =>
        database.executions({
          status: options.status,
          workflow: options.workflow,
          sort: 'started',
          descending: true,
          offset: 0,
          limit: options.limit ?? 1_000_000,
        }),
      );
      const rows = page.rows.map((row) => ({
        execution_id: row.id,
        workflow_id: row.workflowId,
        workflow_version: row.workflowVersion,
        status: row.status,
        started_at: row.startedAt,
        updated_at: row.updatedAt,
        completed_at: row.completedAt ?? null,
        events: row.events,
        snapshots: row.snapshots,
        last_sequence: row.lastSequence,
        tenant_id: row.tenantId,
      }));
      await writeValue(fromPlain(rows), { compact: options.json });
    });
}

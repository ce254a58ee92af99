import type { Plain } from '../../json/plain.ts';
import type { ExecutionListing, Source } from '../../source/port.ts';

export interface ExecutionsQuery {
  readonly status?: string | undefined;
  readonly workflow?: string | undefined;
  readonly limit?: number | undefined;
}

/** How many executions are read at once: a list of hundreds of thousands is never in memory as a whole. */
const PAGE = 20_000;

/** The executions of a database, most recently started first, one by one. */
export async function* executionsAnswer(source: Source, { status, workflow, limit = Number.POSITIVE_INFINITY }: ExecutionsQuery): AsyncGenerator<Plain> {
  for (let offset = 0; offset < limit; offset += PAGE) {
    const count = Math.min(PAGE, limit - offset);
    const { rows } = await source.executions({ status, workflow, sort: 'started', descending: true, offset, limit: count });
    for (const row of rows) yield executionJson(row);
    if (rows.length < count) return;
  }
}

export function executionJson(row: ExecutionListing) {
  return {
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
  };
}

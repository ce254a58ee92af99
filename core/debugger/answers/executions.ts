import type { Plain } from '../../json/plain.ts';
import type { ExecutionListing, Source } from '../../source/port.ts';

export interface ExecutionsQuery {
  readonly status?: string | undefined;
  readonly workflow?: string | undefined;
  readonly limit?: number | undefined;
}

/** The executions of a database, most recently started first. */
export async function executionsAnswer(source: Source, { status, workflow, limit = 1_000_000 }: ExecutionsQuery): Promise<Plain> {
  const { rows } = await source.executions({ status, workflow, sort: 'started', descending: true, offset: 0, limit });
  return rows.map(executionJson);
}

function executionJson(row: ExecutionListing): Plain {
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

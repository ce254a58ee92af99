import type { ExecutionRow } from '../jamjet/rows.ts';

/**
 * An execution from its columns: id, workflow, version, status, the three times, tenant, parent, segment.
 *
 * @param timeText how a stored time is written.
 */
export function toExecution(row: readonly unknown[], timeText: (time: string) => string = (time) => time): ExecutionRow {
  const [id, workflowId, workflowVersion, status, startedAt, updatedAt, completedAt, tenantId, parentId, segment] = row;
  const optional = (value: unknown): string | undefined => (value === null || value === undefined ? undefined : String(value));
  const completed = optional(completedAt);
  return {
    id: String(id),
    workflowId: String(workflowId),
    workflowVersion: String(workflowVersion),
    status: String(status),
    startedAt: timeText(String(startedAt)),
    updatedAt: timeText(String(updatedAt)),
    completedAt: completed === undefined ? undefined : timeText(completed),
    tenantId: String(tenantId),
    parentId: optional(parentId),
    segment: Number(segment),
  };
}

import type { ExecutionId } from './ids.ts';

/** Rows of the tables as the debugger reads them: texts as stored, integers checked, nothing parsed. */

export interface ExecutionRow {
  readonly id: ExecutionId;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly status: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly completedAt: string | undefined;
  readonly tenantId: string;
  /** The execution that this one continues (generation 7 and later). */
  readonly parentId: ExecutionId | undefined;
  readonly segment: number;
}

export interface EventRow {
  readonly sequence: number;
  readonly createdAt: string;
  /** `kind_json` as stored; undefined when the column does not hold text, or when a page leaves out a long event. */
  readonly text: string | undefined;
  /** Why `kind_json` is not an event: it is not text, or not UTF-8. */
  readonly unreadable: string | undefined;
  /** UTF-8 bytes of `kind_json`. */
  readonly bytes: number;
}

export interface SnapshotHeader {
  readonly atSequence: number;
  readonly createdAt: string;
  /** The size of its JSON columns, in UTF-8 bytes. */
  readonly bytes: number;
}

export interface SnapshotRow extends SnapshotHeader {
  readonly stateJson: string;
  /** Why the bytes of a column are not text; undefined when they are. */
  readonly unreadable?: string | undefined;
  /** The four columns that migration 5 added. Undefined in older databases. */
  readonly materialized: MaterializedColumns | undefined;
}

export interface MaterializedColumns {
  readonly status: string;
  readonly completedNodesJson: string;
  readonly activeNodesJson: string;
  readonly lastSequence: number;
}

/** Whether the four columns hold the defaults of the migration: then only `state_json` was recorded. */
export function areDefaults(columns: MaterializedColumns): boolean {
  return columns.status === 'running' && columns.completedNodesJson === '{}' && columns.activeNodesJson === '[]' && columns.lastSequence === 0;
}

/** A node's work in a queue, without its payload. */
export interface WorkItemRow {
  readonly id: string;
  readonly nodeId: string;
  readonly queueType: string;
  /** `pending`, `claimed`, `completed`, `failed` or `dead_lettered`. */
  readonly status: string;
  readonly attempt: number;
  readonly workerId: string | undefined;
  readonly createdAt: string;
  readonly leaseExpiresAt: string | undefined;
  readonly retryAfter: string | undefined;
}

/** The columns of an entry of the audit log as they are stored; null for none. */
export interface AuditRow {
  readonly id: string | null;
  readonly event_id: string | null;
  readonly execution_id: string | null;
  readonly sequence: bigint | null;
  readonly event_type: string | null;
  readonly actor_id: string | null;
  readonly actor_type: string | null;
  readonly tool_call_hash: string | null;
  readonly policy_decision: string | null;
  readonly http_request_id: string | null;
  readonly http_method: string | null;
  readonly http_path: string | null;
  readonly ip_address: string | null;
  readonly created_at: string | null;
  readonly raw_event: string | null;
  readonly tenant_id: string | null;
  readonly expires_at: string | null;
  readonly redacted: bigint | null;
  readonly prev_hash: string | null;
  readonly entry_hash: string | null;
  readonly signature: string | null;
}

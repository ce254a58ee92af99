import type { ExecutionId } from './ids.ts';

/** The rows of the format as the debugger reads them: texts as stored, integers checked, nothing parsed. */

export interface ExecutionRow {
  readonly id: ExecutionId;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly status: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly completedAt: string | undefined;
  readonly tenantId: string;
  /** The execution this one continues, at generation 11. */
  readonly parentId: ExecutionId | undefined;
  readonly segment: number;
}

export interface EventRow {
  readonly sequence: number;
  readonly createdAt: string;
  /** `kind_json` as stored; undefined when it is no text (or no UTF-8), with the reason. */
  readonly text: string | undefined;
  readonly unreadable: string | undefined;
  /** UTF-8 bytes of `kind_json`. */
  readonly bytes: number;
}

export interface SnapshotHeader {
  readonly atSequence: number;
  readonly createdAt: string;
  /** UTF-8 bytes of everything that is stored for it. */
  readonly bytes: number;
}

export interface SnapshotRow extends SnapshotHeader {
  readonly stateJson: string;
  /** The four fields that generation 5 added. Undefined in older files. */
  readonly materialized: MaterializedColumns | undefined;
}

export interface MaterializedColumns {
  readonly status: string;
  readonly completedNodesJson: string;
  readonly activeNodesJson: string;
  readonly lastSequence: number;
}

/** Whether the four columns still hold what the migration put there: then only `state_json` means anything. */
export function areDefaults(columns: MaterializedColumns): boolean {
  return columns.status === 'running' && columns.completedNodesJson === '{}' && columns.activeNodesJson === '[]' && columns.lastSequence === 0;
}

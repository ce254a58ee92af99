import type { Status } from '../jamjet/status.ts';
import type { Json } from '../json/value.ts';

/**
 * Records of the durable state store. Times are RFC 3339 texts (a Date would lose nanoseconds); free values are Json,
 * so that numbers keep their spelling.
 */

export interface WorkflowDefinition {
  readonly workflowId: string;
  readonly version: string;
  readonly ir: Json;
  readonly createdAt: string;
  readonly tenantId?: string;
}

export interface WorkflowExecution {
  readonly executionId: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly status: Status;
  readonly initialInput: Json;
  readonly currentState: Json;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly completedAt?: string | undefined;
  readonly tenantId?: string;
  /** Generation 7 and later: what this execution continues, and as which segment. */
  readonly parentExecutionId?: string | undefined;
  readonly segmentNumber?: number;
}

/** An event to append. Its sequence is given by the store. */
export interface NewEvent {
  readonly id: string;
  readonly executionId: string;
  /** `type` first, then its fields in the order in which they shall be written. */
  readonly kind: Json;
  readonly createdAt: string;
  readonly tenantId?: string;
}

export interface Snapshot {
  readonly id: string;
  readonly executionId: string;
  readonly atSequence: number;
  readonly state: Json;
  readonly createdAt: string;
  readonly tenantId?: string;
  /** Generation 5 and later write these four, too. */
  readonly status: Status;
  readonly completedNodes: ReadonlyMap<string, Json>;
  readonly activeNodes: ReadonlySet<string>;
  readonly lastSequence: number;
}

export interface Artifact {
  /** Lower-case hex SHA-256 of the bytes. */
  readonly hash: string;
  readonly size: number;
  readonly mediaType: string | undefined;
}

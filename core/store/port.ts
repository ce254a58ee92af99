import type { Status } from '../jamjet/status.ts';
import type { Plain } from '../json/plain.ts';
import type { Json, JsonObject } from '../json/value.ts';

/**
 * The durable state store, with the operations and semantics of jamjet-state 0.3.2 (jamjet-format.md §4).
 *
 * Times are RFC 3339 texts (a Date would lose nanoseconds). Free values are given as JavaScript values or Json and come
 * back as Json, so that numbers keep their spelling and any key is a plain key. Every operation rejects with a
 * StoreError: `NotFoundError` where it says so, `SerializationError` for rows whose JSON is none, `DatabaseError` for
 * everything else.
 */
export interface StateBackend {
  /** Inserts or replaces by tenant, workflow and version. */
  storeWorkflow(definition: WorkflowDefinition): Promise<void>;
  getWorkflow(workflowId: string, version: string): Promise<StoredWorkflow | undefined>;

  /** @throws DatabaseError when the id exists. */
  createExecution(execution: WorkflowExecution): Promise<void>;
  getExecution(executionId: string): Promise<StoredExecution | undefined>;
  /** Sets the status and `updatedAt`; `completedAt` when the status is a terminal one. Transitions are not checked. @throws NotFoundError */
  updateExecutionStatus(executionId: string, status: Status): Promise<void>;
  /** Silent when there is no such execution, as upstream. */
  updateExecutionCurrentState(executionId: string, state: Plain): Promise<void>;
  /**
   * Appends to the array under a key of the current state; makes it when there is none. One transaction.
   *
   * @throws NotFoundError · DatabaseError when the state is no object or the key holds no array.
   */
  patchAppendArray(executionId: string, key: string, value: Plain): Promise<void>;
  /** Last updated first. */
  listExecutions(query?: { readonly status?: Status; readonly limit?: number; readonly offset?: number }): Promise<StoredExecution[]>;

  /**
   * Appends with the next sequence of its execution, whatever the tenant of the other rows and whatever sequence the
   * caller has in mind.
   *
   * @returns the sequence. @throws DatabaseError when there is no such execution.
   */
  appendEvent(event: NewEvent): Promise<number>;
  /** In order; empty for an unknown execution. */
  getEvents(executionId: string): Promise<StoredEvent[]>;
  getEventsSince(executionId: string, sequence: number): Promise<StoredEvent[]>;
  /** 0 when there is none. */
  latestSequence(executionId: string): Promise<number>;

  /** Inserts or replaces by execution and sequence. */
  writeSnapshot(snapshot: Snapshot): Promise<void>;
  latestSnapshot(executionId: string): Promise<StoredSnapshot | undefined>;
  /** The newest at or before a sequence. */
  snapshotAt(executionId: string, sequence: number): Promise<StoredSnapshot | undefined>;

  /** @returns its id. */
  enqueueWorkItem(item: NewWorkItem): Promise<string>;
  /** Frees expired claims, then claims the oldest pending item of these queues for 30 seconds. */
  claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<WorkItem | undefined>;
  /** Another 30 seconds. @throws NotFoundError when it is not claimed by this worker. */
  renewLease(itemId: string, workerId: string): Promise<void>;
  /** @throws NotFoundError */
  completeWorkItem(itemId: string): Promise<void>;
  /** @throws NotFoundError */
  failWorkItem(itemId: string, error: string): Promise<void>;
  /** Expired claims count an attempt: they come back with a back-off, or go to the dead letters when none is left. */
  reclaimExpiredLeases(): Promise<{ readonly retryable: readonly WorkItem[]; readonly exhausted: readonly WorkItem[] }>;
  /** @throws NotFoundError */
  moveToDeadLetter(itemId: string, lastError: string): Promise<void>;

  /** Only the hash is stored: the plain token is seen here and never again. */
  createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: ApiToken }>;
  /** undefined when it is unknown, revoked or expired. */
  validateToken(token: string): Promise<ApiToken | undefined>;
  /** @throws NotFoundError */
  revokeToken(tokenId: string): Promise<void>;
  listTokens(): Promise<ApiToken[]>;

  createTenant(tenant: NewTenant): Promise<void>;
  getTenant(tenantId: string): Promise<Tenant | undefined>;
  /** In the order of their creation. */
  listTenants(): Promise<Tenant[]>;
  /** @throws NotFoundError */
  updateTenant(tenant: NewTenant): Promise<void>;

  /** A view that writes this tenant and neither sees nor touches another one's rows. Closing it closes nothing. */
  forTenant(tenantId: string): StateBackend;
  close(): Promise<void>;
}

export interface WorkflowDefinition {
  readonly workflowId: string;
  readonly version: string;
  readonly ir: Plain;
  readonly createdAt: string;
  readonly tenantId?: string;
}
export type StoredWorkflow = Stored<WorkflowDefinition, 'ir'>;

export interface WorkflowExecution {
  readonly executionId: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly status: Status;
  readonly initialInput: Plain;
  readonly currentState: Plain;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly completedAt?: string | undefined;
  readonly tenantId?: string;
  /** Generation 7 and later: what this execution continues, and as which segment. */
  readonly parentExecutionId?: string | undefined;
  readonly segmentNumber?: number;
}
export type StoredExecution = Stored<WorkflowExecution, 'initialInput' | 'currentState'>;

/** An event to append. */
export interface NewEvent {
  readonly id: string;
  readonly executionId: string;
  /** `type` first, then its fields in the order in which they shall be written. */
  readonly kind: Plain;
  readonly createdAt: string;
  readonly tenantId?: string;
}
export interface StoredEvent {
  readonly id: string;
  readonly executionId: string;
  readonly sequence: number;
  readonly kind: JsonObject;
  readonly createdAt: string;
  readonly tenantId: string;
}

export interface Snapshot {
  readonly id: string;
  readonly executionId: string;
  readonly atSequence: number;
  readonly state: Plain;
  readonly createdAt: string;
  readonly tenantId?: string;
  /** Generation 5 and later keep these four, too. */
  readonly status?: Status;
  readonly completedNodes?: ReadonlyMap<string, Json>;
  readonly activeNodes?: ReadonlySet<string>;
  readonly lastSequence?: number;
}
export type StoredSnapshot = Stored<Snapshot, 'state'>;

export interface NewWorkItem {
  readonly id: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly queueType: string;
  readonly payload: Plain;
  readonly attempt?: number;
  readonly maxAttempts?: number;
  readonly createdAt: string;
  readonly tenantId?: string;
}
export interface WorkItem extends Omit<Required<NewWorkItem>, 'payload'> {
  readonly payload: Json;
  readonly leaseExpiresAt: string | undefined;
  readonly workerId: string | undefined;
}

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: string;
  readonly expiresAt: string | undefined;
  readonly tenantId: string;
}

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  readonly status?: 'active' | 'suspended' | 'archived';
  readonly policy?: Plain;
  readonly limits?: Plain;
}
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'suspended' | 'archived';
  readonly policy: Json | undefined;
  readonly limits: Json | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Artifact {
  /** Lower-case hex SHA-256 of the bytes. */
  readonly hash: string;
  readonly size: number;
  readonly mediaType: string | undefined;
}

/** A record as it comes back: every free value as Json, the tenant always named. */
type Stored<Record, Free extends keyof Record> = Omit<Record, Free | 'tenantId'> & { readonly [Name in Free]: Json } & { readonly tenantId: string };

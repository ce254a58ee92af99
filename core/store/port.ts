import type { Status } from '../jamjet/status.ts';
import type { Plain } from '../json/plain.ts';
import type { Json, JsonObject } from '../json/value.ts';

/**
 * The durable state store: the operations and semantics of jamjet-state 0.3.2, timers and cron jobs, and those of
 * 0.5.0 that write what a debugger reads (jamjet-format.md §4).
 *
 * - Ids are UUIDs; an execution's may also be given as `exec_` and 32 hex digits, in any case.
 * - Times are RFC 3339 texts (a Date would lose nanoseconds), taken with any offset and given back in UTC as the
 *   runtime writes them. Postgres keeps microseconds, to the nearest.
 * - Free values are given as JavaScript values or Json, and come back as Json: numbers keep their spelling, any key is a
 *   plain key. What the runtime could not read back (NaN, a lone surrogate, more than 127 levels) is refused.
 *
 * Every operation rejects with a StoreError, and then nothing of it is written: `NotFoundError` where it says so,
 * `SerializationError` for a value that cannot be stored or a row that cannot be read, `DatabaseError` for everything else.
 */
export interface StateBackend {
  /** Inserts or replaces by tenant, workflow and version. */
  storeWorkflow(definition: WorkflowDefinition): Promise<void>;
  /** undefined when there is none. */
  getWorkflow(workflowId: string, version: string): Promise<StoredWorkflow | undefined>;

  /** @throws DatabaseError when the id exists, or the tenant does not. */
  createExecution(execution: WorkflowExecution): Promise<void>;
  /** undefined when there is none. */
  getExecution(executionId: string): Promise<StoredExecution | undefined>;
  /**
   * Sets the status and `updatedAt`; `completedAt` when the status is a terminal one, and leaves it otherwise.
   * Transitions are not checked.
   *
   * @throws NotFoundError
   */
  updateExecutionStatus(executionId: string, status: Status): Promise<void>;
  /** Silent when there is no such execution, as upstream. */
  updateExecutionCurrentState(executionId: string, state: Plain): Promise<void>;
  /**
   * Appends to the array under a key of the current state; makes it when there is none. One transaction.
   *
   * @throws NotFoundError · DatabaseError when the state is no object or the key holds no array.
   */
  patchAppendArray(executionId: string, key: string, value: Plain): Promise<void>;
  /** Last updated first; 50 from the first on unless said otherwise. */
  listExecutions(query?: ExecutionQuery): Promise<StoredExecution[]>;

  /**
   * Appends with the next sequence of its execution, whatever the tenant of the other rows and whatever sequence the
   * caller has in mind. Any number of writers may append at once: none gets a sequence that another one got.
   *
   * @returns the sequence.
   * @throws DatabaseError when there is no such execution, or the event's id exists.
   */
  appendEvent(event: NewEvent): Promise<number>;
  /** In order; empty for an unknown execution. */
  getEvents(executionId: string): Promise<StoredEvent[]>;
  /** Those with a higher sequence, in order; the first `limit` of them, when given. */
  getEventsSince(executionId: string, sequence: number, limit?: number): Promise<StoredEvent[]>;
  /** 0 when there is none. */
  latestSequence(executionId: string): Promise<number>;

  /** Inserts or replaces by execution and sequence. @throws DatabaseError when there is no such execution. */
  writeSnapshot(snapshot: Snapshot): Promise<void>;
  /** The one with the highest sequence. */
  latestSnapshot(executionId: string): Promise<StoredSnapshot | undefined>;
  /** The newest at or before a sequence. */
  snapshotAt(executionId: string, sequence: number): Promise<StoredSnapshot | undefined>;

  /** @returns its id. @throws DatabaseError when there is no such execution, or the id exists. */
  enqueueWorkItem(item: NewWorkItem): Promise<string>;
  /**
   * Frees expired claims, then claims the oldest pending item of these queues whose `retryAfter` is past, for
   * {@link LEASE_MILLISECONDS}. No two workers get one item. From generation 4 on a freed claim counts an attempt, while
   * one is left, and the claim carries a fence that no other claim of this item ever has.
   *
   * @returns undefined when there is nothing to do, or no queue was named.
   */
  claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<WorkItem | undefined>;
  /**
   * The lease from now on.
   *
   * @param fence of the claim, from generation 4 on: two claims of one worker are told apart by it alone.
   * @throws NotFoundError when it is not claimed by this worker, or FenceLostError when a fence was given.
   */
  renewLease(itemId: string, workerId: string, fence?: number): Promise<void>;
  /** @throws NotFoundError */
  completeWorkItem(itemId: string): Promise<void>;
  /** Fails it for good; the text of the error is not kept, as upstream. @throws NotFoundError */
  failWorkItem(itemId: string, error: string): Promise<void>;
  /**
   * Counts an attempt for each expired claim, oldest first: it comes back after 2^attempt seconds (64 at most), or goes to
   * the dead letters when no attempt is left.
   */
  reclaimExpiredLeases(): Promise<Reclaimed>;
  /** @throws NotFoundError */
  moveToDeadLetter(itemId: string, lastError: string): Promise<void>;

  /** Only the hash is stored: the plain token is seen here and never again. */
  createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: ApiToken }>;
  /** Notes the use. undefined when it is unknown, revoked or expired. */
  validateToken(token: string): Promise<ApiToken | undefined>;
  /** @throws NotFoundError when it is unknown or already revoked. */
  revokeToken(tokenId: string): Promise<void>;
  /** Those that are not revoked, oldest first. */
  listTokens(): Promise<ApiToken[]>;

  /** @throws DatabaseError when the id exists. */
  createTenant(tenant: NewTenant): Promise<void>;
  getTenant(tenantId: string): Promise<Tenant | undefined>;
  /** In the order of their creation. */
  listTenants(): Promise<Tenant[]>;
  /** @throws NotFoundError */
  updateTenant(tenant: NewTenant): Promise<void>;

  /** @returns the timer's id. */
  scheduleTimer(timer: NewTimer): Promise<string>;
  /** Neither fired nor cancelled, and due now; the earliest first. */
  listDueTimers(): Promise<Timer[]>;
  /** @throws NotFoundError when it is unknown, fired or cancelled. */
  markTimerFired(timerId: string): Promise<void>;
  /** @throws NotFoundError when it is unknown, fired or cancelled. */
  cancelTimer(timerId: string): Promise<void>;

  /** Inserts or replaces by id. @throws DatabaseError when another job has the name. */
  upsertCronJob(job: CronJob): Promise<void>;
  /** Enabled, and due now; the earliest first. */
  listDueCronJobs(): Promise<StoredCronJob[]>;
  /** Sets the last run to now, and the next one. @throws NotFoundError */
  recordCronRun(jobId: string, nextRunAt: string): Promise<void>;

  // Generation 11. On a file of an older one these reject with a DatabaseError that says so.

  /** @returns false when the fence is stale: the claim was lost, and nothing is changed. */
  completeWorkItemFenced(itemId: string, fence: number): Promise<boolean>;
  /** Puts it back until a time, with the attempt that comes next. @returns false when the fence is stale. */
  parkWorkItem(itemId: string, fence: number, retryAfter: string, nextAttempt: number): Promise<boolean>;
  /** Counts an attempt: later again, or to the dead letters. @returns undefined when the fence is stale. */
  failWorkItemFenced(itemId: string, fence: number, error: string): Promise<FailedItem | undefined>;
  /**
   * The end of a node's turn in one transaction: settles the claim, appends the event, records the tool effect when the
   * event has an `idempotency_key`, and writes the snapshot when asked.
   *
   * @returns the event's sequence.
   * @throws FenceLostError when the claim was lost · DatabaseError when the event is neither node_completed nor node_failed.
   */
  commitTurn(turn: Turn): Promise<number>;

  /** Kept once: what came first stays. */
  recordToolEffect(effect: ToolEffect): Promise<void>;
  /** What a tool call answered the first time. */
  getToolEffect(idempotencyKey: string): Promise<Json | undefined>;
  /** Takes the key when it is free, lapsed or already the owner's. */
  reserveToolEffect(reservation: Reservation): Promise<ReservationResult>;
  /** Silent when there is no such reservation. */
  releaseToolReservation(idempotencyKey: string, owner: string, fence: number): Promise<void>;

  /** Stores bytes under their SHA-256; once a tenant, and the first media type stays. */
  putArtifact(bytes: Uint8Array, mediaType?: string): Promise<Artifact>;
  /** @param hash 64 lower-case hex digits. */
  getArtifact(hash: string): Promise<Uint8Array | undefined>;

  /** An execution that continues another one, with its seed snapshot at 0, its first events and its first work item. */
  createSegment(segment: NewSegment): Promise<void>;
  /** Completes the item and ends the execution as `limit_exceeded`, unless it has ended. @returns false when the fence is stale. */
  finalizeRollover(executionId: string, itemId: string, fence: number): Promise<boolean>;

  /** All of the work or nothing of it. The store that is handed in is good until the work ends; the outer one waits. */
  transaction<T>(work: (store: StateBackend) => Promise<T>): Promise<T>;
  /** A view that writes this tenant and neither sees nor touches another one's rows. Closing it closes nothing. */
  forTenant(tenantId: string): StateBackend;
  close(): Promise<void>;
}

/** How long a claim holds. */
export const LEASE_MILLISECONDS = 30_000;

/** What all backends can be told. */
export interface StoreOptions {
  /** Milliseconds since 1970; `Date.now` by default. Every "now" of the store is this one. */
  readonly clock?: () => number;
}

export interface ExecutionQuery {
  readonly status?: Status;
  readonly limit?: number;
  readonly offset?: number;
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
  /** term · 2³² + epoch of the claim; 0 when it is not claimed, or before generation 4. */
  readonly fence: number;
}
export interface Reclaimed {
  readonly retryable: readonly WorkItem[];
  readonly exhausted: readonly WorkItem[];
}
export type FailedItem =
  | { readonly outcome: 'retryable'; readonly item: WorkItem; readonly delayMs: number }
  | { readonly outcome: 'exhausted'; readonly item: WorkItem };

export interface Turn {
  readonly itemId: string;
  readonly fence: number;
  /** A node_completed or a node_failed. */
  readonly event: NewEvent;
  readonly writeSnapshot?: boolean;
}

export interface ToolEffect {
  readonly idempotencyKey: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly result: Plain;
}

export interface Reservation {
  readonly idempotencyKey: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly owner: string;
  readonly fence: number;
  /** Milliseconds from now. */
  readonly timeToLive: number;
}
export type ReservationResult = { readonly outcome: 'acquired' } | { readonly outcome: 'held'; readonly owner: string; readonly expiresAt: string };

export interface NewSegment {
  readonly execution: WorkflowExecution;
  readonly snapshot: Snapshot;
  readonly events: readonly NewEvent[];
  readonly workItem: NewWorkItem;
}

export interface NewTimer {
  readonly executionId: string;
  readonly nodeId: string;
  readonly fireAt: string;
  readonly correlationKey?: string | undefined;
}
export interface Timer extends NewTimer {
  readonly id: string;
  readonly createdAt: string;
  readonly tenantId: string;
}

export interface CronJob {
  readonly id: string;
  /** One job has it in the whole database. */
  readonly name: string;
  /** Kept as it is; when it fires is the caller's to say. */
  readonly cronExpression: string;
  readonly workflowId: string;
  readonly workflowVersion?: string;
  readonly input?: Plain;
  readonly enabled?: boolean;
  readonly nextRunAt: string;
  readonly createdAt: string;
}
export interface StoredCronJob extends Omit<Required<CronJob>, 'input'> {
  readonly input: Json;
  readonly lastRunAt: string | undefined;
  readonly tenantId: string;
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

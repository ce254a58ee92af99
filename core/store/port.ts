import type { EventKind } from '../jamjet/event-kind.ts';
import type { Status } from '../jamjet/status.ts';
import type { Plain } from '../json/plain.ts';
import type { Json, JsonObject } from '../json/value.ts';

/**
 * The durable state store: the operations and semantics of jamjet-state 0.3.2, timers and cron jobs, and the operations of
 * 0.5.0 that write what a debugger reads (docs/format.md, Operations).
 *
 * - Ids are UUIDs. The id of an execution may also be given as `exec_` and 32 hex digits, in upper or lower case.
 * - Times are RFC 3339 strings, because a Date would lose nanoseconds. They are accepted with any offset and returned in
 *   UTC, as the runtime writes them. Postgres rounds them to microseconds.
 * - Free values are given as JavaScript values or Json and returned as Json. Numbers keep their spelling, and every key is
 *   an ordinary key. A value that the runtime could not read back (NaN, a lone surrogate, more than 127 levels) is refused.
 *   `toPlain` converts what is returned to JavaScript values, and JSON.stringify prints it without loss.
 * - What may be left out may also be undefined or null.
 *
 * An operation that fails rejects with a StoreError and writes nothing: `NotFoundError` where it is documented,
 * `SerializationError` for a value that cannot be stored or a row that cannot be read, `DatabaseError` for everything else.
 * Its message names the record.
 */
export interface StateBackend {
  /** The generation of the database: 3 to 11. It decides which operations there are, and which events a runtime can read. */
  readonly generation: number;

  /** Inserts or replaces by tenant, workflow and version. */
  storeWorkflow(definition: WorkflowDefinition): Promise<void>;
  /** Of several tenants' definitions, that of the first tenant by id. @returns undefined when there is none. */
  getWorkflow(workflowId: string, version: string): Promise<StoredWorkflow | undefined>;

  /** @throws DatabaseError when the id exists already, or the tenant does not exist. */
  createExecution(execution: WorkflowExecution): Promise<void>;
  /** @returns undefined when there is none. */
  getExecution(executionId: string): Promise<StoredExecution | undefined>;
  /**
   * Sets the status and `updatedAt`, and for a terminal status also `completedAt`, which is never cleared. The transition is
   * not checked.
   *
   * @throws NotFoundError
   */
  updateExecutionStatus(executionId: string, status: Status): Promise<void>;
  /** Does nothing when there is no such execution, as upstream. */
  updateExecutionCurrentState(executionId: string, state: Plain): Promise<void>;
  /**
   * Appends to the array under a key of the current state, which is created when it is missing. One transaction.
   *
   * @throws NotFoundError
   * @throws DatabaseError when the state is not an object or the value under the key is not an array.
   */
  patchAppendArray(executionId: string, key: string, value: Plain): Promise<void>;
  /** Most recently updated first; by default the first 50. */
  listExecutions(query?: Optional<ExecutionQuery>): Promise<StoredExecution[]>;

  /**
   * Appends with the next sequence of the execution, counting the events of all tenants. Any number of writers may append at
   * the same time; each gets a sequence of its own.
   *
   * @returns the sequence.
   * @throws SerializationError when a runtime of this generation could not read the event, and would then refuse the whole
   *   execution: its kind is unknown, or a field is missing or has the wrong type.
   * @throws DatabaseError when there is no such execution, or the event's id exists already.
   */
  appendEvent(event: NewEvent, options?: Optional<AppendOptions>): Promise<number>;
  /** Also appends kinds that the runtime does not know, as they are. Known ones are checked all the same. */
  appendEvent(event: NewEvent<Plain>, options: UnknownKinds): Promise<number>;
  /** In order of sequence; empty for an unknown execution. */
  getEvents(executionId: string): Promise<StoredEvent[]>;
  /** Events with a higher sequence, in order; at most `limit`, if given. */
  getEventsSince(executionId: string, sequence: number, limit?: Optional<number>): Promise<StoredEvent[]>;
  /** 0 when there is none. */
  latestSequence(executionId: string): Promise<number>;

  /**
   * Inserts or replaces by execution and sequence.
   *
   * @throws DatabaseError when there is no such execution, or the snapshot has a status, nodes or a last sequence and the
   *   database is older than generation 5, where only the state can be stored.
   */
  writeSnapshot(snapshot: Snapshot): Promise<void>;
  /** The snapshot with the highest sequence. */
  latestSnapshot(executionId: string): Promise<StoredSnapshot | undefined>;
  /** The newest snapshot at or before a sequence. */
  snapshotAt(executionId: string, sequence: number): Promise<StoredSnapshot | undefined>;

  /** @returns the id. @throws DatabaseError when there is no such execution, or the id exists already. */
  enqueueWorkItem(item: NewWorkItem): Promise<string>;
  /**
   * Releases expired claims, then claims the oldest pending item of these queues whose `retryAfter` has passed, for
   * {@link LEASE_MILLISECONDS}. No two workers claim the same item. From generation 4 on, a released claim counts as an
   * attempt while attempts are left, and each claim carries a fence that no other claim of the item ever has.
   *
   * @returns undefined when there is no such item, or no queue is given.
   */
  claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<WorkItem | undefined>;
  /**
   * Extends the lease to {@link LEASE_MILLISECONDS} from now.
   *
   * @param fence of the claim, from generation 4 on: only the fence distinguishes two claims by the same worker.
   * @throws NotFoundError when this worker does not hold the claim; FenceLostError instead, when a fence is given.
   */
  renewLease(itemId: string, workerId: string, fence?: Optional<Fence>): Promise<void>;
  /** @throws NotFoundError */
  completeWorkItem(itemId: string): Promise<void>;
  /** Fails the item permanently; the error text is not stored, as upstream. @throws NotFoundError */
  failWorkItem(itemId: string, error: string): Promise<void>;
  /**
   * Counts an attempt for each expired claim, oldest first. The item becomes pending again after 2^attempt seconds, at most
   * 64, or a dead letter when no attempt is left.
   */
  reclaimExpiredLeases(): Promise<Reclaimed>;
  /** @throws NotFoundError */
  moveToDeadLetter(itemId: string, lastError: string): Promise<void>;

  /** Only the hash is stored, so this is the only time that the token itself is returned. */
  createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: ApiToken }>;
  /** Records the use of a token. @returns undefined when it is unknown, revoked or expired. */
  validateToken(token: string): Promise<ApiToken | undefined>;
  /** @throws NotFoundError when the token is unknown or already revoked. */
  revokeToken(tokenId: string): Promise<void>;
  /** The tokens that are not revoked, oldest first. */
  listTokens(): Promise<ApiToken[]>;

  /** @throws DatabaseError when the id exists already. */
  createTenant(tenant: NewTenant): Promise<void>;
  getTenant(tenantId: string): Promise<Tenant | undefined>;
  /** In order of creation. */
  listTenants(): Promise<Tenant[]>;
  /** Changes what is given; what is left out stays, and a policy or limits of null are removed. @throws NotFoundError */
  updateTenant(tenant: TenantUpdate): Promise<void>;

  /** @returns the timer's id. */
  scheduleTimer(timer: NewTimer): Promise<string>;
  /** The timers that are due and neither fired nor cancelled, earliest first. */
  listDueTimers(): Promise<Timer[]>;
  /** @throws NotFoundError when the timer is unknown, fired or cancelled. */
  markTimerFired(timerId: string): Promise<void>;
  /** @throws NotFoundError when the timer is unknown, fired or cancelled. */
  cancelTimer(timerId: string): Promise<void>;

  /** Inserts or replaces by id. @throws DatabaseError when another job has the same name. */
  upsertCronJob(job: CronJob): Promise<void>;
  /** The enabled jobs that are due, earliest first. */
  listDueCronJobs(): Promise<StoredCronJob[]>;
  /** Sets `lastRunAt` to now, and `nextRunAt`. @throws NotFoundError */
  recordCronRun(jobId: string, nextRunAt: string): Promise<void>;

  // Generation 11. On an older database these reject with a DatabaseError that says so.

  /** @returns false when the fence is stale: the claim was lost, and nothing changes. */
  completeWorkItemFenced(itemId: string, fence: Fence): Promise<boolean>;
  /** Returns the item to the queue until a given time, with a given next attempt. @returns false when the fence is stale. */
  parkWorkItem(itemId: string, fence: Fence, retryAfter: string, nextAttempt: number): Promise<boolean>;
  /** Counts an attempt: the item is retried later or becomes a dead letter. @returns undefined when the fence is stale. */
  failWorkItemFenced(itemId: string, fence: Fence, error: string): Promise<FailedItem | undefined>;
  /**
   * Ends a node's turn in one transaction: settles the claim, appends the event, records the tool effect if the event is a
   * node_completed with an `idempotency_key`, and writes the snapshot if requested.
   *
   * @returns the event's sequence.
   * @throws FenceLostError when the claim was lost.
   * @throws DatabaseError when the event is neither node_completed nor node_failed.
   */
  commitTurn(turn: Turn): Promise<number>;

  /** Inserts; an effect that is already recorded under the key stays. */
  recordToolEffect(effect: ToolEffect): Promise<void>;
  /** The recorded result of a tool call. */
  getToolEffect(idempotencyKey: string): Promise<Json | undefined>;
  /** Reserves the key if it is free, expired, or already reserved by the owner. */
  reserveToolEffect(reservation: Reservation): Promise<ReservationResult>;
  /** Does nothing when there is no such reservation. */
  releaseToolReservation(idempotencyKey: string, owner: string, fence: Fence): Promise<void>;

  /** Stores bytes under their SHA-256, once per tenant; the first media type stays. Without a tenant: that of `default`. */
  putArtifact(bytes: Uint8Array, mediaType?: Optional<string>): Promise<Artifact>;
  /** The bytes of this tenant, or without a tenant those of `default`. @param hash 64 lower-case hex digits. */
  getArtifact(hash: string): Promise<Uint8Array | undefined>;

  /** Creates an execution that continues another, with its seed snapshot at 0, its first events and its first work item. */
  createSegment(segment: NewSegment): Promise<void>;
  /** Completes the item, and ends the execution as `limit_exceeded` unless it has ended. @returns false when the fence is stale. */
  finalizeRollover(executionId: string, itemId: string, fence: Fence): Promise<boolean>;

  /**
   * Performs all of the work or none of it. The store that is passed to `work` can be used until the work ends. Inside, using the
   * outer store waits for ever on SQLite and in memory, and so does writing with another store of this process on the same file.
   */
  transaction<T>(work: (store: StateBackend) => Promise<T>): Promise<T>;
  /** A view that writes rows of this tenant and neither reads nor changes those of others. Closing it has no effect. */
  forTenant(tenantId: string): StateBackend;
  close(): Promise<void>;
}

/** How long a claim lasts. */
export const LEASE_MILLISECONDS = 30_000;

/** Options of all backends. */
export interface StoreOptions {
  /** The source of the current time, in milliseconds since 1970; `Date.now` by default. */
  readonly clock?: (() => number) | undefined;
}

/** What may be left out: undefined and null mean the same as absent. */
export type Optional<T> = T | null | undefined;

/** term · 2³² + epoch of a claim: a number while it is a safe integer, a bigint beyond. It is given back as it was received. */
export type Fence = number | bigint;

export interface AppendOptions {
  /** Append kinds that the runtime does not know. A runtime that reads such an event refuses the whole execution. */
  readonly unknownKinds?: Optional<boolean>;
}
export interface UnknownKinds extends AppendOptions {
  readonly unknownKinds: true;
}

export interface ExecutionQuery {
  readonly status?: Optional<Status>;
  /** 50 by default. */
  readonly limit?: Optional<number>;
  readonly offset?: Optional<number>;
}

export interface WorkflowDefinition {
  readonly workflowId: string;
  readonly version: string;
  readonly ir: Plain;
  readonly createdAt: string;
  readonly tenantId?: Optional<string>;
}
export interface StoredWorkflow {
  readonly workflowId: string;
  readonly version: string;
  readonly ir: Json;
  readonly createdAt: string;
  readonly tenantId: string;
}

export interface WorkflowExecution {
  readonly executionId: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly status: Status;
  readonly initialInput: Plain;
  readonly currentState: Plain;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly completedAt?: Optional<string>;
  readonly tenantId?: Optional<string>;
  /** Generation 7 and later: the execution that this one continues, and the number of this segment. */
  readonly parentExecutionId?: Optional<string>;
  readonly segmentNumber?: Optional<number>;
}
export interface StoredExecution {
  readonly executionId: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly status: Status;
  readonly initialInput: Json;
  readonly currentState: Json;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly completedAt: string | undefined;
  readonly tenantId: string;
  readonly parentExecutionId: string | undefined;
  readonly segmentNumber: number;
}

/** An event to append. Its kind is one of the runtime's, as an object or as Json. */
export interface NewEvent<Kind extends Plain = EventKind | JsonObject> {
  readonly id: string;
  readonly executionId: string;
  /** `type` and the fields, in the order in which they are to be written. */
  readonly kind: Kind;
  readonly createdAt: string;
  readonly tenantId?: Optional<string>;
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
  readonly tenantId?: Optional<string>;
  /** These four are stored from generation 5 on. By default: pending, no nodes, `atSequence`. */
  readonly status?: Optional<Status>;
  readonly completedNodes?: Optional<ReadonlyMap<string, Plain>>;
  readonly activeNodes?: Optional<ReadonlySet<string>>;
  readonly lastSequence?: Optional<number>;
}
export interface StoredSnapshot {
  readonly id: string;
  readonly executionId: string;
  readonly atSequence: number;
  readonly state: Json;
  readonly createdAt: string;
  readonly tenantId: string;
  /** These four are undefined before generation 5. */
  readonly status?: Status | undefined;
  readonly completedNodes?: JsonObject | undefined;
  readonly activeNodes?: ReadonlySet<string> | undefined;
  readonly lastSequence?: number | undefined;
}

export interface NewWorkItem {
  readonly id: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly queueType: string;
  readonly payload: Plain;
  readonly attempt?: Optional<number>;
  readonly maxAttempts?: Optional<number>;
  readonly createdAt: string;
  readonly tenantId?: Optional<string>;
}
export interface WorkItem {
  readonly id: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly queueType: string;
  readonly payload: Json;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly createdAt: string;
  readonly tenantId: string;
  readonly leaseExpiresAt: string | undefined;
  readonly workerId: string | undefined;
  /** 0 when the item is not claimed, and before generation 4. */
  readonly fence: Fence;
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
  readonly fence: Fence;
  /** A node_completed or node_failed. */
  readonly event: NewEvent;
  readonly writeSnapshot?: Optional<boolean>;
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
  readonly fence: Fence;
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
  readonly correlationKey?: Optional<string>;
}
export interface Timer {
  readonly id: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly fireAt: string;
  readonly correlationKey: string | undefined;
  readonly createdAt: string;
  readonly tenantId: string;
}

export interface CronJob {
  readonly id: string;
  /** Unique in the database, across tenants. */
  readonly name: string;
  /** Stored as given. The caller computes `nextRunAt` from it. */
  readonly cronExpression: string;
  readonly workflowId: string;
  readonly workflowVersion?: Optional<string>;
  readonly input?: Plain;
  readonly enabled?: Optional<boolean>;
  readonly nextRunAt: string;
  readonly createdAt: string;
}
export interface StoredCronJob {
  readonly id: string;
  readonly name: string;
  readonly cronExpression: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly input: Json;
  readonly enabled: boolean;
  readonly nextRunAt: string;
  readonly createdAt: string;
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

export type TenantStatus = 'active' | 'suspended' | 'archived';

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  /** `active` by default. */
  readonly status?: Optional<TenantStatus>;
  readonly policy?: Plain;
  readonly limits?: Plain;
}
export interface TenantUpdate {
  readonly id: string;
  readonly name?: Optional<string>;
  readonly status?: Optional<TenantStatus>;
  /** null removes it. */
  readonly policy?: Plain;
  /** null removes them. */
  readonly limits?: Plain;
}
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly status: TenantStatus;
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

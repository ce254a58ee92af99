import type { Status } from '../jamjet/status.ts';
import type { Plain } from '../json/plain.ts';
import type { Json } from '../json/value.ts';
import { checkedParking } from './checked/work-items.ts';
import { commitTurn, createSegment, finalizeRollover } from './compound-operations.ts';
import { transactionEnded } from './errors.ts';
import { toExecution, toTenant } from './memory/answers.ts';
import * as effects from './memory/effects.ts';
import * as queue from './memory/queue.ts';
import * as records from './memory/records.ts';
import * as schedules from './memory/schedules.ts';
import { Tables } from './memory/tables.ts';
import { TenantView } from './memory/tenant-view.ts';
import * as tokens from './memory/tokens.ts';
import type * as port from './port.ts';
import { parseId, requireText } from './validate.ts';

/** What all views of one store share. */
interface Shared {
  tables: Tables;
  /** Settles when the current transaction ends. */
  transactionEnd: Promise<unknown> | undefined;
}

/**
 * The reference implementation of StateBackend, in memory, at generation 11. It behaves like the other two backends;
 * upstream's memory backend does not (it has one sequence counter for all executions and no `completedAt`, its latest snapshot
 * is the last one written, completing an item removes it, and tokens are not hashed).
 */
export class MemoryBackend implements port.StateBackend {
  readonly generation = 11;
  readonly #shared: Shared;
  readonly #clock: () => number;
  readonly #tenant: string | undefined;
  /** Whether this is the store of a transaction, which must not wait for itself. */
  #transaction: 'none' | 'open' | 'ended' = 'none';

  constructor({ clock }: port.StoreOptions = {}, shared?: Shared, tenant?: string) {
    this.#clock = clock ?? Date.now;
    this.#tenant = tenant;
    this.#shared = shared ?? { tables: new Tables(), transactionEnd: undefined };
    if (shared === undefined) records.createTenant(this.#view(), { id: 'default', name: 'Default' });
  }

  storeWorkflow(definition: port.WorkflowDefinition): Promise<void> {
    return this.#run((view) => records.storeWorkflow(view, definition));
  }
  getWorkflow(workflowId: string, version: string): Promise<port.StoredWorkflow | undefined> {
    return this.#run((view) => records.getWorkflow(view, workflowId, version));
  }
  createExecution(execution: port.WorkflowExecution): Promise<void> {
    return this.#run((view) => records.createExecution(view, execution));
  }
  getExecution(executionId: string): Promise<port.StoredExecution | undefined> {
    return this.#run((view) => {
      const execution = view.execution(parseId(executionId));
      return execution && toExecution(execution);
    });
  }
  updateExecutionStatus(executionId: string, status: Status): Promise<void> {
    return this.#run((view) => records.updateStatus(view, executionId, status));
  }
  updateExecutionCurrentState(executionId: string, state: Plain): Promise<void> {
    return this.#run((view) => records.updateCurrentState(view, executionId, state));
  }
  patchAppendArray(executionId: string, key: string, value: Plain): Promise<void> {
    return this.#run((view) => records.patchAppendArray(view, executionId, key, value));
  }
  listExecutions(query?: port.Optional<port.ExecutionQuery>): Promise<port.StoredExecution[]> {
    return this.#run((view) => records.listExecutions(view, query));
  }

  appendEvent(event: port.NewEvent, options?: port.Optional<port.AppendOptions>): Promise<number>;
  appendEvent(event: port.NewEvent<Plain>, options: port.UnknownKinds): Promise<number>;
  appendEvent(event: port.NewEvent<Plain>, options?: port.Optional<port.AppendOptions>): Promise<number> {
    return this.#run((view) => records.appendEvent(view, event, options ?? {}, this.generation));
  }
  getEvents(executionId: string): Promise<port.StoredEvent[]> {
    return this.getEventsSince(executionId, Number.MIN_SAFE_INTEGER);
  }
  getEventsSince(executionId: string, sequence: number, limit?: port.Optional<number>): Promise<port.StoredEvent[]> {
    return this.#run((view) => records.eventsSince(view, executionId, sequence, limit));
  }
  latestSequence(executionId: string): Promise<number> {
    return this.#run((view) => records.latestSequence(view, executionId));
  }
  writeSnapshot(snapshot: port.Snapshot): Promise<void> {
    return this.#run((view) => records.writeSnapshot(view, snapshot, this.generation));
  }
  latestSnapshot(executionId: string): Promise<port.StoredSnapshot | undefined> {
    return this.snapshotAt(executionId, Number.MAX_SAFE_INTEGER);
  }
  snapshotAt(executionId: string, sequence: number): Promise<port.StoredSnapshot | undefined> {
    return this.#run((view) => records.snapshotAt(view, executionId, sequence));
  }

  enqueueWorkItem(item: port.NewWorkItem): Promise<string> {
    return this.#run((view) => queue.enqueue(view, item));
  }
  claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<port.WorkItem | undefined> {
    return this.#run((view) => queue.claim(view, workerId, queueTypes));
  }
  renewLease(itemId: string, workerId: string, fence?: port.Optional<port.Fence>): Promise<void> {
    return this.#run((view) => queue.renew(view, itemId, workerId, fence));
  }
  completeWorkItem(itemId: string): Promise<void> {
    return this.#run((view) => queue.complete(view, queue.itemById(view, itemId)));
  }
  failWorkItem(itemId: string, _error: string): Promise<void> {
    return this.#run((view) => queue.fail(view, queue.itemById(view, itemId)));
  }
  reclaimExpiredLeases(): Promise<port.Reclaimed> {
    return this.#run(queue.reclaim);
  }
  moveToDeadLetter(itemId: string, lastError: string): Promise<void> {
    return this.#run((view) => {
      requireText(lastError, `last error of work item ${itemId}`);
      queue.deadLetter(view, queue.itemById(view, itemId));
    });
  }

  createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: port.ApiToken }> {
    return this.#run((view) => tokens.createToken(view, name, role));
  }
  validateToken(token: string): Promise<port.ApiToken | undefined> {
    return this.#run((view) => tokens.validateToken(view, token));
  }
  revokeToken(tokenId: string): Promise<void> {
    return this.#run((view) => tokens.revokeToken(view, tokenId));
  }
  listTokens(): Promise<port.ApiToken[]> {
    return this.#run(tokens.listTokens);
  }

  createTenant(tenant: port.NewTenant): Promise<void> {
    return this.#run((view) => records.createTenant(view, tenant));
  }
  getTenant(tenantId: string): Promise<port.Tenant | undefined> {
    return this.#run(({ tables }) => {
      const tenant = tables.tenants.get(tenantId);
      return tenant && toTenant(tenant);
    });
  }
  listTenants(): Promise<port.Tenant[]> {
    return this.#run(({ tables }) => [...tables.tenants.values()].map(toTenant));
  }
  updateTenant(tenant: port.TenantUpdate): Promise<void> {
    return this.#run((view) => records.updateTenant(view, tenant));
  }

  scheduleTimer(timer: port.NewTimer): Promise<string> {
    return this.#run((view) => schedules.scheduleTimer(view, timer));
  }
  listDueTimers(): Promise<port.Timer[]> {
    return this.#run(schedules.listDueTimers);
  }
  markTimerFired(timerId: string): Promise<void> {
    return this.#run((view) => schedules.settleTimer(view, timerId));
  }
  cancelTimer(timerId: string): Promise<void> {
    return this.#run((view) => schedules.settleTimer(view, timerId));
  }

  upsertCronJob(job: port.CronJob): Promise<void> {
    return this.#run((view) => schedules.upsertCronJob(view, job));
  }
  listDueCronJobs(): Promise<port.StoredCronJob[]> {
    return this.#run(schedules.listDueCronJobs);
  }
  recordCronRun(jobId: string, nextRunAt: string): Promise<void> {
    return this.#run((view) => schedules.recordCronRun(view, jobId, nextRunAt));
  }

  completeWorkItemFenced(itemId: string, fence: port.Fence): Promise<boolean> {
    return this.#fenced(itemId, fence, queue.complete);
  }
  async parkWorkItem(itemId: string, fence: port.Fence, retryAfter: string, nextAttempt: number): Promise<boolean> {
    const parking = checkedParking(itemId, retryAfter, nextAttempt);
    return this.#fenced(itemId, fence, (view, item) => queue.park(view, item, parking));
  }
  failWorkItemFenced(itemId: string, fence: port.Fence, error: string): Promise<port.FailedItem | undefined> {
    return this.#run((view) => {
      requireText(error, `error of work item ${itemId}`);
      const item = queue.itemWithFence(view, itemId, fence);
      return item && queue.settleFailure(view, item);
    });
  }
  async commitTurn(turn: port.Turn): Promise<number> {
    return commitTurn(this, turn, this.#view().time());
  }

  recordToolEffect(effect: port.ToolEffect): Promise<void> {
    return this.#run((view) => effects.recordToolEffect(view, effect));
  }
  getToolEffect(idempotencyKey: string): Promise<Json | undefined> {
    return this.#run((view) => effects.getToolEffect(view, idempotencyKey));
  }
  reserveToolEffect(reservation: port.Reservation): Promise<port.ReservationResult> {
    return this.#run((view) => effects.reserveToolEffect(view, reservation));
  }
  releaseToolReservation(idempotencyKey: string, owner: string, fence: port.Fence): Promise<void> {
    return this.#run((view) => effects.releaseToolReservation(view, idempotencyKey, owner, fence));
  }
  putArtifact(bytes: Uint8Array, mediaType?: port.Optional<string>): Promise<port.Artifact> {
    return this.#run((view) => effects.putArtifact(view, bytes, mediaType));
  }
  getArtifact(hash: string): Promise<Uint8Array | undefined> {
    return this.#run((view) => effects.getArtifact(view, hash));
  }
  async createSegment(segment: port.NewSegment): Promise<void> {
    return createSegment(this, segment);
  }
  async finalizeRollover(executionId: string, itemId: string, fence: port.Fence): Promise<boolean> {
    return finalizeRollover(this, executionId, itemId, fence);
  }

  async transaction<T>(work: (store: port.StateBackend) => Promise<T>): Promise<T> {
    if (this.#transaction === 'open') return work(this);
    while (this.#shared.transactionEnd !== undefined) await this.#shared.transactionEnd;
    const inside = new MemoryBackend({ clock: this.#clock }, this.#shared, this.#tenant);
    inside.#transaction = 'open';
    const before = this.#shared.tables.copy();
    let end = (): void => {};
    this.#shared.transactionEnd = new Promise<void>((resolve) => {
      end = resolve;
    });
    try {
      return await work(inside);
    } catch (error) {
      this.#shared.tables = before;
      throw error;
    } finally {
      inside.#transaction = 'ended';
      this.#shared.transactionEnd = undefined;
      end();
    }
  }
  forTenant(tenantId: string): port.StateBackend {
    requireText(tenantId, 'id of a tenant');
    const view = new MemoryBackend({ clock: this.#clock }, this.#shared, tenantId);
    view.#transaction = this.#transaction;
    return view;
  }
  async close(): Promise<void> {}

  /** Performs one operation, after the current transaction if this store is outside it. */
  async #run<T>(work: (view: TenantView) => T): Promise<T> {
    if (this.#transaction === 'ended') throw transactionEnded();
    while (this.#transaction === 'none' && this.#shared.transactionEnd !== undefined) await this.#shared.transactionEnd;
    return work(this.#view());
  }

  #fenced(itemId: string, fence: port.Fence, settle: (view: TenantView, item: Parameters<typeof queue.complete>[1]) => void): Promise<boolean> {
    return this.#run((view) => {
      const item = queue.itemWithFence(view, itemId, fence);
      if (item !== undefined) settle(view, item);
      return item !== undefined;
    });
  }

  #view(): TenantView {
    return new TenantView(this.#shared.tables, this.#clock, this.#tenant);
  }
}

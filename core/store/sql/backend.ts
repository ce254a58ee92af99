import type { Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { commitTurn, createSegment, finalizeRollover } from '../compound-operations.ts';
import type * as port from '../port.ts';
import { requireText } from '../validate.ts';
import * as effects from './effects.ts';
import * as events from './events.ts';
import * as executions from './executions.ts';
import * as fencedItems from './fenced-items.ts';
import * as queue from './queue.ts';
import * as schedules from './schedules.ts';
import { TenantView } from './tenant-view.ts';
import * as tenants from './tenants.ts';
import * as tokens from './tokens.ts';

/** The store on an SQL database. `port.ts` documents the operations; the files of this folder implement them. */
export class SqlBackend implements port.StateBackend {
  readonly generation: number;
  readonly #view: TenantView;

  constructor(view: TenantView) {
    this.generation = view.generation;
    this.#view = view;
  }

  // The methods are async even where they only delegate, so that an invalid argument rejects and never throws.
  async storeWorkflow(definition: port.WorkflowDefinition) {
    return executions.storeWorkflow(this.#view, definition);
  }
  async getWorkflow(workflowId: string, version: string) {
    return executions.getWorkflow(this.#view, workflowId, version);
  }
  async createExecution(execution: port.WorkflowExecution) {
    return executions.createExecution(this.#view, execution);
  }
  async getExecution(executionId: string) {
    return executions.getExecution(this.#view, executionId);
  }
  async updateExecutionStatus(executionId: string, status: Status) {
    return executions.updateExecutionStatus(this.#view, executionId, status);
  }
  async updateExecutionCurrentState(executionId: string, state: Plain) {
    return executions.updateExecutionCurrentState(this.#view, executionId, state);
  }
  async patchAppendArray(executionId: string, key: string, value: Plain) {
    return executions.patchAppendArray(this.#view, executionId, key, value);
  }
  async listExecutions(query?: port.Optional<port.ExecutionQuery>) {
    return executions.listExecutions(this.#view, query);
  }

  appendEvent(event: port.NewEvent, options?: port.Optional<port.AppendOptions>): Promise<number>;
  appendEvent(event: port.NewEvent<Plain>, options: port.UnknownKinds): Promise<number>;
  async appendEvent(event: port.NewEvent<Plain>, options?: port.Optional<port.AppendOptions>): Promise<number> {
    return events.appendEvent(this.#view, event, options ?? {});
  }
  async getEvents(executionId: string) {
    return events.getEventsSince(this.#view, executionId, Number.MIN_SAFE_INTEGER);
  }
  async getEventsSince(executionId: string, sequence: number, limit?: port.Optional<number>) {
    return events.getEventsSince(this.#view, executionId, sequence, limit);
  }
  async latestSequence(executionId: string) {
    return events.latestSequence(this.#view, executionId);
  }
  async writeSnapshot(snapshot: port.Snapshot) {
    return events.writeSnapshot(this.#view, snapshot);
  }
  async latestSnapshot(executionId: string) {
    return events.snapshotAt(this.#view, executionId, Number.MAX_SAFE_INTEGER);
  }
  async snapshotAt(executionId: string, sequence: number) {
    return events.snapshotAt(this.#view, executionId, sequence);
  }

  async enqueueWorkItem(item: port.NewWorkItem) {
    return queue.enqueueWorkItem(this.#view, item);
  }
  async claimWorkItem(workerId: string, queueTypes: readonly string[]) {
    return queue.claimWorkItem(this.#view, workerId, queueTypes);
  }
  async renewLease(itemId: string, workerId: string, fence?: port.Optional<port.Fence>) {
    return queue.renewLease(this.#view, itemId, workerId, fence);
  }
  async completeWorkItem(itemId: string) {
    return queue.completeWorkItem(this.#view, itemId);
  }
  async failWorkItem(itemId: string, _error: string) {
    return queue.failWorkItem(this.#view, itemId);
  }
  async reclaimExpiredLeases() {
    return queue.reclaimExpiredLeases(this.#view);
  }
  async moveToDeadLetter(itemId: string, lastError: string) {
    return queue.moveToDeadLetter(this.#view, itemId, lastError);
  }

  async createToken(name: string, role: string) {
    return tokens.createToken(this.#view, name, role);
  }
  async validateToken(token: string) {
    return tokens.validateToken(this.#view, token);
  }
  async revokeToken(tokenId: string) {
    return tokens.revokeToken(this.#view, tokenId);
  }
  async listTokens() {
    return tokens.listTokens(this.#view);
  }

  async createTenant(tenant: port.NewTenant) {
    return tenants.createTenant(this.#view, tenant);
  }
  async getTenant(tenantId: string) {
    return tenants.getTenant(this.#view, tenantId);
  }
  async listTenants() {
    return tenants.listTenants(this.#view);
  }
  async updateTenant(tenant: port.TenantUpdate) {
    return tenants.updateTenant(this.#view, tenant);
  }

  async scheduleTimer(timer: port.NewTimer) {
    return schedules.scheduleTimer(this.#view, timer);
  }
  async listDueTimers() {
    return schedules.listDueTimers(this.#view);
  }
  async markTimerFired(timerId: string) {
    return schedules.markTimerFired(this.#view, timerId);
  }
  async cancelTimer(timerId: string) {
    return schedules.cancelTimer(this.#view, timerId);
  }
  async upsertCronJob(job: port.CronJob) {
    return schedules.upsertCronJob(this.#view, job);
  }
  async listDueCronJobs() {
    return schedules.listDueCronJobs(this.#view);
  }
  async recordCronRun(jobId: string, nextRunAt: string) {
    return schedules.recordCronRun(this.#view, jobId, nextRunAt);
  }

  async completeWorkItemFenced(itemId: string, fence: port.Fence) {
    return fencedItems.completeWorkItemFenced(this.#view, itemId, fence);
  }
  async parkWorkItem(itemId: string, fence: port.Fence, retryAfter: string, nextAttempt: number) {
    return fencedItems.parkWorkItem(this.#view, itemId, fence, retryAfter, nextAttempt);
  }
  async failWorkItemFenced(itemId: string, fence: port.Fence, error: string) {
    return fencedItems.failWorkItemFenced(this.#view, itemId, fence, error);
  }
  async commitTurn(turn: port.Turn) {
    return commitTurn(this, turn, this.#view.time());
  }
  async recordToolEffect(effect: port.ToolEffect) {
    return effects.recordToolEffect(this.#view, effect);
  }
  async getToolEffect(idempotencyKey: string) {
    return effects.getToolEffect(this.#view, idempotencyKey);
  }
  async reserveToolEffect(reservation: port.Reservation) {
    return effects.reserveToolEffect(this.#view, reservation);
  }
  async releaseToolReservation(idempotencyKey: string, owner: string, fence: port.Fence) {
    return effects.releaseToolReservation(this.#view, idempotencyKey, owner, fence);
  }
  async putArtifact(bytes: Uint8Array, mediaType?: port.Optional<string>) {
    return effects.putArtifact(this.#view, bytes, mediaType);
  }
  async getArtifact(hash: string) {
    return effects.getArtifact(this.#view, hash);
  }
  async createSegment(segment: port.NewSegment) {
    return createSegment(this, segment);
  }
  async finalizeRollover(executionId: string, itemId: string, fence: port.Fence) {
    return finalizeRollover(this, executionId, itemId, fence);
  }

  async transaction<T>(work: (store: port.StateBackend) => Promise<T>): Promise<T> {
    return this.#view.transaction((inside) => work(new SqlBackend(inside)));
  }
  forTenant(tenantId: string): port.StateBackend {
    const { connection, generation, clock } = this.#view;
    return new SqlBackend(new TenantView(connection, generation, clock, requireText(tenantId, 'id of a tenant')));
  }
  async close() {
    if (this.#view.tenant === undefined && !this.#view.connection.inTransaction) await this.#view.connection.close();
  }
}

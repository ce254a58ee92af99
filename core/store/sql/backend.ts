import type { Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import type * as port from '../port.ts';
import { commitTurn, createSegment, finalizeRollover } from '../turn.ts';
import * as effects from './effects.ts';
import * as events from './events.ts';
import * as executions from './executions.ts';
import * as queue from './queue.ts';
import * as schedules from './schedules.ts';
import { Scope } from './scope.ts';
import * as tenants from './tenants.ts';
import * as tokens from './tokens.ts';
import * as turns from './turns.ts';

/** The store on a database that speaks SQL. What each operation means is said at the port; how it is done, in the file of its noun. */
export class SqlBackend implements port.StateBackend {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  // Asynchronous also where it only hands on, so that what is refused is a rejection and never thrown.
  async storeWorkflow(definition: port.WorkflowDefinition) {
    return executions.storeWorkflow(this.#scope, definition);
  }
  async getWorkflow(workflowId: string, version: string) {
    return executions.getWorkflow(this.#scope, workflowId, version);
  }
  async createExecution(execution: port.WorkflowExecution) {
    return executions.createExecution(this.#scope, execution);
  }
  async getExecution(executionId: string) {
    return executions.getExecution(this.#scope, executionId);
  }
  async updateExecutionStatus(executionId: string, status: Status) {
    return executions.updateExecutionStatus(this.#scope, executionId, status);
  }
  async updateExecutionCurrentState(executionId: string, state: Plain) {
    return executions.updateExecutionCurrentState(this.#scope, executionId, state);
  }
  async patchAppendArray(executionId: string, key: string, value: Plain) {
    return executions.patchAppendArray(this.#scope, executionId, key, value);
  }
  async listExecutions(query?: port.ExecutionQuery) {
    return executions.listExecutions(this.#scope, query);
  }

  async appendEvent(event: port.NewEvent) {
    return events.appendEvent(this.#scope, event);
  }
  async getEvents(executionId: string) {
    return events.getEventsSince(this.#scope, executionId, Number.MIN_SAFE_INTEGER);
  }
  async getEventsSince(executionId: string, sequence: number, limit?: number) {
    return events.getEventsSince(this.#scope, executionId, sequence, limit);
  }
  async latestSequence(executionId: string) {
    return events.latestSequence(this.#scope, executionId);
  }
  async writeSnapshot(snapshot: port.Snapshot) {
    return events.writeSnapshot(this.#scope, snapshot);
  }
  async latestSnapshot(executionId: string) {
    return events.snapshotAt(this.#scope, executionId, Number.MAX_SAFE_INTEGER);
  }
  async snapshotAt(executionId: string, sequence: number) {
    return events.snapshotAt(this.#scope, executionId, sequence);
  }

  async enqueueWorkItem(item: port.NewWorkItem) {
    return queue.enqueueWorkItem(this.#scope, item);
  }
  async claimWorkItem(workerId: string, queueTypes: readonly string[]) {
    return queue.claimWorkItem(this.#scope, workerId, queueTypes);
  }
  async renewLease(itemId: string, workerId: string, fence?: number) {
    return queue.renewLease(this.#scope, itemId, workerId, fence);
  }
  async completeWorkItem(itemId: string) {
    return queue.completeWorkItem(this.#scope, itemId);
  }
  async failWorkItem(itemId: string, _error: string) {
    return queue.failWorkItem(this.#scope, itemId);
  }
  async reclaimExpiredLeases() {
    return queue.reclaimExpiredLeases(this.#scope);
  }
  async moveToDeadLetter(itemId: string, lastError: string) {
    return queue.moveToDeadLetter(this.#scope, itemId, lastError);
  }

  async createToken(name: string, role: string) {
    return tokens.createToken(this.#scope, name, role);
  }
  async validateToken(token: string) {
    return tokens.validateToken(this.#scope, token);
  }
  async revokeToken(tokenId: string) {
    return tokens.revokeToken(this.#scope, tokenId);
  }
  async listTokens() {
    return tokens.listTokens(this.#scope);
  }

  async createTenant(tenant: port.NewTenant) {
    return tenants.createTenant(this.#scope, tenant);
  }
  async getTenant(tenantId: string) {
    return tenants.getTenant(this.#scope, tenantId);
  }
  async listTenants() {
    return tenants.listTenants(this.#scope);
  }
  async updateTenant(tenant: port.NewTenant) {
    return tenants.updateTenant(this.#scope, tenant);
  }

  async scheduleTimer(timer: port.NewTimer) {
    return schedules.scheduleTimer(this.#scope, timer);
  }
  async listDueTimers() {
    return schedules.listDueTimers(this.#scope);
  }
  async markTimerFired(timerId: string) {
    return schedules.markTimerFired(this.#scope, timerId);
  }
  async cancelTimer(timerId: string) {
    return schedules.cancelTimer(this.#scope, timerId);
  }
  async upsertCronJob(job: port.CronJob) {
    return schedules.upsertCronJob(this.#scope, job);
  }
  async listDueCronJobs() {
    return schedules.listDueCronJobs(this.#scope);
  }
  async recordCronRun(jobId: string, nextRunAt: string) {
    return schedules.recordCronRun(this.#scope, jobId, nextRunAt);
  }

  async completeWorkItemFenced(itemId: string, fence: number) {
    return turns.completeWorkItemFenced(this.#scope, itemId, fence);
  }
  async parkWorkItem(itemId: string, fence: number, retryAfter: string, nextAttempt: number) {
    return turns.parkWorkItem(this.#scope, itemId, fence, retryAfter, nextAttempt);
  }
  async failWorkItemFenced(itemId: string, fence: number, error: string) {
    return turns.failWorkItemFenced(this.#scope, itemId, fence, error);
  }
  async commitTurn(turn: port.Turn) {
    return commitTurn(this, turn, this.#scope.time());
  }
  async recordToolEffect(effect: port.ToolEffect) {
    return effects.recordToolEffect(this.#scope, effect);
  }
  async getToolEffect(idempotencyKey: string) {
    return effects.getToolEffect(this.#scope, idempotencyKey);
  }
  async reserveToolEffect(reservation: port.Reservation) {
    return effects.reserveToolEffect(this.#scope, reservation);
  }
  async releaseToolReservation(idempotencyKey: string, owner: string, fence: number) {
    return effects.releaseToolReservation(this.#scope, idempotencyKey, owner, fence);
  }
  async putArtifact(bytes: Uint8Array, mediaType?: string) {
    return effects.putArtifact(this.#scope, bytes, mediaType);
  }
  async getArtifact(hash: string) {
    return effects.getArtifact(this.#scope, hash);
  }
  async createSegment(segment: port.NewSegment) {
    return createSegment(this, segment);
  }
  async finalizeRollover(executionId: string, itemId: string, fence: number) {
    return finalizeRollover(this, executionId, itemId, fence);
  }

  async transaction<T>(work: (store: port.StateBackend) => Promise<T>): Promise<T> {
    return this.#scope.transaction((inside) => work(new SqlBackend(inside)));
  }
  forTenant(tenantId: string): port.StateBackend {
    const { connection, generation, clock } = this.#scope;
    return new SqlBackend(new Scope(connection, generation, clock, tenantId));
  }
  async close() {
    if (this.#scope.tenant === undefined && !this.#scope.connection.inside) await this.#scope.connection.close();
  }
}

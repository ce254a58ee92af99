import { randomUUID } from 'node:crypto';
import type { Status } from '../jamjet/status.ts';
import type { Plain } from '../json/plain.ts';
import type { Json } from '../json/value.ts';
import { artifactHash } from './artifact.ts';
import { commitTurn, createSegment, finalizeRollover } from './compound-operations.ts';
import { DatabaseError, NotFoundError, transactionEnded } from './errors.ts';
import * as queue from './memory/queue.ts';
import * as records from './memory/records.ts';
import { Tables, type TimerRecord, type TokenRecord } from './memory/tables.ts';
import { TenantView } from './memory/tenant-view.ts';
import type * as port from './port.ts';
import { newToken, tokenHash } from './token.ts';
import { jsonValue, parseId, requireId, requireTime } from './validate.ts';

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
  readonly #shared: Shared;
  readonly #clock: () => number;
  readonly #tenant: string | undefined;
  /** Whether this is the store of a transaction, which must not wait for itself. */
  #transaction: 'none' | 'open' | 'ended' = 'none';

  constructor({ clock = Date.now }: port.StoreOptions = {}, shared?: Shared, tenant?: string) {
    this.#clock = clock;
    this.#tenant = tenant;
    this.#shared = shared ?? { tables: new Tables(), transactionEnd: undefined };
    if (shared === undefined) records.createTenant(this.#view(), { id: 'default', name: 'Default' });
  }

  storeWorkflow(definition: port.WorkflowDefinition): Promise<void> {
    return this.#run((view) => records.storeWorkflow(view, definition));
  }
  getWorkflow(workflowId: string, version: string): Promise<port.StoredWorkflow | undefined> {
    return this.#run(({ tables, isVisible }) =>
      [...tables.workflows.values()].find((known) => known.workflowId === workflowId && known.version === version && isVisible(known)),
    );
  }
  createExecution(execution: port.WorkflowExecution): Promise<void> {
    return this.#run((view) => records.createExecution(view, execution));
  }
  getExecution(executionId: string): Promise<port.StoredExecution | undefined> {
    return this.#run((view) => view.execution(parseId(executionId)));
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
  listExecutions(query?: port.ExecutionQuery): Promise<port.StoredExecution[]> {
    return this.#run((view) => records.listExecutions(view, query));
  }

  appendEvent(event: port.NewEvent): Promise<number> {
    return this.#run((view) => records.appendEvent(view, event));
  }
  getEvents(executionId: string): Promise<port.StoredEvent[]> {
    return this.getEventsSince(executionId, Number.NEGATIVE_INFINITY);
  }
  getEventsSince(executionId: string, sequence: number, limit?: number): Promise<port.StoredEvent[]> {
    return this.#run((view) => records.eventsSince(view, executionId, sequence).slice(0, limit));
  }
  async latestSequence(executionId: string): Promise<number> {
    return (await this.getEvents(executionId)).at(-1)?.sequence ?? 0;
  }
  writeSnapshot(snapshot: port.Snapshot): Promise<void> {
    return this.#run((view) => records.writeSnapshot(view, snapshot));
  }
  latestSnapshot(executionId: string): Promise<port.StoredSnapshot | undefined> {
    return this.snapshotAt(executionId, Number.POSITIVE_INFINITY);
  }
  snapshotAt(executionId: string, sequence: number): Promise<port.StoredSnapshot | undefined> {
    return this.#run((view) => records.snapshotAt(view, executionId, sequence));
  }

  enqueueWorkItem(item: port.NewWorkItem): Promise<string> {
    return this.#run((view) => queue.enqueue(view, item));
  }
  claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<port.WorkItem | undefined> {
    return this.#run((view) => (queueTypes.length === 0 ? undefined : queue.claim(view, workerId, queueTypes)));
  }
  renewLease(itemId: string, workerId: string, fence?: number): Promise<void> {
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
  moveToDeadLetter(itemId: string, _lastError: string): Promise<void> {
    return this.#run((view) => void queue.deadLetter(view, queue.itemById(view, itemId)));
  }

  createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: port.ApiToken }> {
    return this.#run((view) => {
      const token = newToken();
      const info: port.ApiToken = { id: randomUUID(), name, role, createdAt: view.time(), expiresAt: undefined, tenantId: view.tenantOf() };
      view.tables.tokens.set(info.id, { ...info, hash: tokenHash(token), revoked: false });
      return { token, info };
    });
  }
  validateToken(token: string): Promise<port.ApiToken | undefined> {
    const hash = tokenHash(token);
    return this.#run(({ tables, isVisible }) => toToken([...tables.tokens.values()].find((held) => held.hash === hash && !held.revoked && isVisible(held))));
  }
  revokeToken(tokenId: string): Promise<void> {
    return this.#run(({ tables, isVisible }) => {
      const held = tables.tokens.get(tokenId);
      if (held === undefined || held.revoked || !isVisible(held)) throw new NotFoundError('token', tokenId);
      tables.tokens.set(tokenId, { ...held, revoked: true });
    });
  }
  listTokens(): Promise<port.ApiToken[]> {
    return this.#run(({ tables, isVisible }) =>
      [...tables.tokens.values()].filter((held) => !held.revoked && isVisible(held)).flatMap((held) => toToken(held) ?? []),
    );
  }

  createTenant(tenant: port.NewTenant): Promise<void> {
    return this.#run((view) => records.createTenant(view, tenant));
  }
  getTenant(tenantId: string): Promise<port.Tenant | undefined> {
    return this.#run(({ tables }) => tables.tenants.get(tenantId));
  }
  listTenants(): Promise<port.Tenant[]> {
    return this.#run(({ tables }) => [...tables.tenants.values()]);
  }
  updateTenant(tenant: port.NewTenant): Promise<void> {
    return this.#run((view) => records.updateTenant(view, tenant));
  }

  scheduleTimer({ executionId, nodeId, fireAt, correlationKey }: port.NewTimer): Promise<string> {
    return this.#run((view) => {
      const id = randomUUID();
      const execution = requireId(executionId, 'an execution');
      if (view.tenant !== undefined) view.requireExecution(execution);
      const timer = {
        id,
        executionId: execution,
        nodeId,
        fireAt: requireTime(fireAt),
        correlationKey,
        createdAt: view.time(),
        tenantId: view.tenantOf(),
        fired: false,
      };
      view.tables.timers.set(id, timer);
      return id;
    });
  }
  listDueTimers(): Promise<port.Timer[]> {
    return this.#run((view) => {
      const now = view.time();
      const due = [...view.tables.timers.values()].filter((timer) => !timer.fired && timer.fireAt <= now && view.isVisible(timer));
      return due.sort((a, b) => (a.fireAt < b.fireAt ? -1 : 1)).map(toTimer);
    });
  }
  markTimerFired(timerId: string): Promise<void> {
    return this.#run(({ tables, isVisible }) => {
      const timer = tables.timers.get(timerId);
      if (timer === undefined || timer.fired || !isVisible(timer)) throw new NotFoundError('waiting timer', timerId);
      tables.timers.set(timerId, { ...timer, fired: true });
    });
  }
  cancelTimer(timerId: string): Promise<void> {
    return this.markTimerFired(timerId);
  }

  upsertCronJob(job: port.CronJob): Promise<void> {
    return this.#run((view) => {
      const { tables, isVisible } = view;
      const id = requireId(job.id, 'a cron job');
      const known = tables.cronJobs.get(id);
      if (known !== undefined && !isVisible(known)) throw new DatabaseError(`The cron job ${id} belongs to another tenant.`);
      if ([...tables.cronJobs.values()].some((other) => other.name === job.name && other.id !== id)) {
        throw new DatabaseError(`A cron job named "${job.name}" exists already.`);
      }
      tables.cronJobs.set(id, {
        workflowVersion: '1.0.0',
        enabled: true,
        ...job,
        id,
        input: jsonValue(job.input ?? {}, `the cron job ${job.name}`),
        nextRunAt: requireTime(job.nextRunAt),
        createdAt: known?.createdAt ?? requireTime(job.createdAt),
        lastRunAt: known?.lastRunAt,
        tenantId: known?.tenantId ?? view.tenantOf(),
      });
    });
  }
  listDueCronJobs(): Promise<port.StoredCronJob[]> {
    return this.#run((view) => {
      const now = view.time();
      const due = [...view.tables.cronJobs.values()].filter((job) => job.enabled && job.nextRunAt <= now && view.isVisible(job));
      return due.sort((a, b) => (a.nextRunAt < b.nextRunAt ? -1 : 1));
    });
  }
  recordCronRun(jobId: string, nextRunAt: string): Promise<void> {
    return this.#run((view) => {
      const job = view.tables.cronJobs.get(parseId(jobId) ?? '');
      if (job === undefined || !view.isVisible(job)) throw new NotFoundError('cron job', jobId);
      view.tables.cronJobs.set(job.id, { ...job, lastRunAt: view.time(), nextRunAt: requireTime(nextRunAt) });
    });
  }

  completeWorkItemFenced(itemId: string, fence: number): Promise<boolean> {
    return this.#fenced(itemId, fence, queue.complete);
  }
  parkWorkItem(itemId: string, fence: number, retryAfter: string, nextAttempt: number): Promise<boolean> {
    return this.#fenced(itemId, fence, (view, item) => queue.park(view, item, retryAfter, nextAttempt));
  }
  failWorkItemFenced(itemId: string, fence: number, _error: string): Promise<port.FailedItem | undefined> {
    return this.#run((view) => {
      const item = queue.itemWithFence(view, itemId, fence);
      return item && queue.settleFailure(view, item);
    });
  }
  async commitTurn(turn: port.Turn): Promise<number> {
    return commitTurn(this, turn, this.#view().time());
  }

  recordToolEffect({ idempotencyKey, executionId, result }: port.ToolEffect): Promise<void> {
    return this.#run((view) => {
      requireId(executionId, 'an execution');
      const effect = { result: jsonValue(result, `the effect ${idempotencyKey}`), tenantId: view.tenantOf() };
      if (!view.tables.effects.has(idempotencyKey)) view.tables.effects.set(idempotencyKey, effect);
    });
  }
  getToolEffect(idempotencyKey: string): Promise<Json | undefined> {
    return this.#run(({ tables, isVisible }) => {
      const effect = tables.effects.get(idempotencyKey);
      return effect !== undefined && isVisible(effect) ? effect.result : undefined;
    });
  }
  reserveToolEffect({ idempotencyKey, executionId, owner, fence, timeToLive }: port.Reservation): Promise<port.ReservationResult> {
    return this.#run((view) => {
      requireId(executionId, 'an execution');
      const key = JSON.stringify([view.tenantOf(), idempotencyKey]);
      const held = view.tables.reservations.get(key);
      if (held !== undefined && held.owner !== owner && held.expiresAt > view.time()) return { outcome: 'held', owner: held.owner, expiresAt: held.expiresAt };
      view.tables.reservations.set(key, { owner, fence, expiresAt: view.time(timeToLive) });
      return { outcome: 'acquired' };
    });
  }
  releaseToolReservation(idempotencyKey: string, owner: string, fence: number): Promise<void> {
    return this.#run((view) => {
      const key = JSON.stringify([view.tenantOf(), idempotencyKey]);
      const held = view.tables.reservations.get(key);
      if (held?.owner === owner && held.fence === fence) view.tables.reservations.delete(key);
    });
  }
  putArtifact(bytes: Uint8Array, mediaType?: string): Promise<port.Artifact> {
    return this.#run((view) => {
      const hash = artifactHash(bytes);
      const key = JSON.stringify([view.tenantOf(), hash]);
      const kept = view.tables.artifacts.get(key) ?? { bytes: new Uint8Array(bytes), mediaType, tenantId: view.tenantOf() };
      view.tables.artifacts.set(key, kept);
      return { hash, size: bytes.length, mediaType: kept.mediaType };
    });
  }
  getArtifact(hash: string): Promise<Uint8Array | undefined> {
    return this.#run(({ tables, isVisible }) => {
      const kept = [...tables.artifacts].find(([key, artifact]) => isVisible(artifact) && key === JSON.stringify([artifact.tenantId, hash]))?.[1];
      return kept && new Uint8Array(kept.bytes);
    });
  }
  async createSegment(segment: port.NewSegment): Promise<void> {
    return createSegment(this, segment);
  }
  async finalizeRollover(executionId: string, itemId: string, fence: number): Promise<boolean> {
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

  #fenced(itemId: string, fence: number, settle: (view: TenantView, item: Parameters<typeof queue.complete>[1]) => void): Promise<boolean> {
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

function toToken(held: TokenRecord | undefined): port.ApiToken | undefined {
  if (held === undefined) return undefined;
  const { hash: _, revoked: __, ...token } = held;
  return token;
}

function toTimer({ fired: _, ...timer }: TimerRecord): port.Timer {
  return timer;
}

import { randomUUID } from 'node:crypto';
import type { Status } from '../jamjet/status.ts';
import type { Plain } from '../json/plain.ts';
import type { Json } from '../json/value.ts';
import { hashOf } from './artifact.ts';
import { idOf, jsonOf, knownId, timeOf } from './checked.ts';
import { DatabaseError, NotFoundError, transactionOver } from './errors.ts';
import * as queue from './memory/queue.ts';
import * as records from './memory/records.ts';
import { type HeldTimer, type HeldToken, Tables, View } from './memory/view.ts';
import type * as port from './port.ts';
import { newToken, tokenHash } from './token.ts';
import { commitTurn, createSegment, finalizeRollover } from './turn.ts';

/** What all views of one memory share. */
interface Shared {
  tables: Tables;
  /** The end of the transaction that runs. */
  running: Promise<unknown> | undefined;
}

/**
 * The reference of the StateBackend, in memory, at generation 11. It follows the rules of the other two; upstream's own
 * memory backend does not (one sequence counter for all executions, no `completedAt`, latest snapshot = last written,
 * complete removes the item, tokens are not hashed).
 */
export class MemoryBackend implements port.StateBackend {
  readonly #shared: Shared;
  readonly #clock: () => number;
  readonly #tenant: string | undefined;
  /** Of a transaction's store: it does not wait for the transaction. */
  #inside: 'outside' | 'inside' | 'over' = 'outside';

  constructor({ clock = Date.now }: port.StoreOptions = {}, shared?: Shared, tenant?: string) {
    this.#clock = clock;
    this.#tenant = tenant;
    this.#shared = shared ?? { tables: new Tables(), running: undefined };
    if (shared === undefined) records.createTenant(this.#view(), { id: 'default', name: 'Default' });
  }

  storeWorkflow(definition: port.WorkflowDefinition): Promise<void> {
    return this.#do((view) => records.storeWorkflow(view, definition));
  }
  getWorkflow(workflowId: string, version: string): Promise<port.StoredWorkflow | undefined> {
    return this.#do(({ tables, mine }) =>
      [...tables.workflows.values()].find((known) => known.workflowId === workflowId && known.version === version && mine(known)),
    );
  }
  createExecution(execution: port.WorkflowExecution): Promise<void> {
    return this.#do((view) => records.createExecution(view, execution));
  }
  getExecution(executionId: string): Promise<port.StoredExecution | undefined> {
    return this.#do((view) => view.execution(knownId(executionId)));
  }
  updateExecutionStatus(executionId: string, status: Status): Promise<void> {
    return this.#do((view) => records.updateStatus(view, executionId, status));
  }
  updateExecutionCurrentState(executionId: string, state: Plain): Promise<void> {
    return this.#do((view) => records.updateCurrentState(view, executionId, state));
  }
  patchAppendArray(executionId: string, key: string, value: Plain): Promise<void> {
    return this.#do((view) => records.patchAppendArray(view, executionId, key, value));
  }
  listExecutions(query?: port.ExecutionQuery): Promise<port.StoredExecution[]> {
    return this.#do((view) => records.listExecutions(view, query));
  }

  appendEvent(event: port.NewEvent): Promise<number> {
    return this.#do((view) => records.appendEvent(view, event));
  }
  getEvents(executionId: string): Promise<port.StoredEvent[]> {
    return this.getEventsSince(executionId, Number.NEGATIVE_INFINITY);
  }
  getEventsSince(executionId: string, sequence: number, limit?: number): Promise<port.StoredEvent[]> {
    return this.#do((view) => records.eventsSince(view, executionId, sequence).slice(0, limit));
  }
  async latestSequence(executionId: string): Promise<number> {
    return (await this.getEvents(executionId)).at(-1)?.sequence ?? 0;
  }
  writeSnapshot(snapshot: port.Snapshot): Promise<void> {
    return this.#do((view) => records.writeSnapshot(view, snapshot));
  }
  latestSnapshot(executionId: string): Promise<port.StoredSnapshot | undefined> {
    return this.snapshotAt(executionId, Number.POSITIVE_INFINITY);
  }
  snapshotAt(executionId: string, sequence: number): Promise<port.StoredSnapshot | undefined> {
    return this.#do((view) => records.snapshotAt(view, executionId, sequence));
  }

  enqueueWorkItem(item: port.NewWorkItem): Promise<string> {
    return this.#do((view) => queue.enqueue(view, item));
  }
  claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<port.WorkItem | undefined> {
    return this.#do((view) => (queueTypes.length === 0 ? undefined : queue.claim(view, workerId, queueTypes)));
  }
  renewLease(itemId: string, workerId: string, fence?: number): Promise<void> {
    return this.#do((view) => queue.renew(view, itemId, workerId, fence));
  }
  completeWorkItem(itemId: string): Promise<void> {
    return this.#do((view) => queue.complete(view, queue.itemById(view, itemId)));
  }
  failWorkItem(itemId: string, _error: string): Promise<void> {
    return this.#do((view) => queue.fail(view, queue.itemById(view, itemId)));
  }
  reclaimExpiredLeases(): Promise<port.Reclaimed> {
    return this.#do(queue.reclaim);
  }
  moveToDeadLetter(itemId: string, _lastError: string): Promise<void> {
    return this.#do((view) => void queue.bury(view, queue.itemById(view, itemId)));
  }

  createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: port.ApiToken }> {
    return this.#do((view) => {
      const token = newToken();
      const info: port.ApiToken = { id: randomUUID(), name, role, createdAt: view.time(), expiresAt: undefined, tenantId: view.owner() };
      view.tables.tokens.set(info.id, { ...info, hash: tokenHash(token), revoked: false });
      return { token, info };
    });
  }
  validateToken(token: string): Promise<port.ApiToken | undefined> {
    const hash = tokenHash(token);
    return this.#do(({ tables, mine }) => tokenOf([...tables.tokens.values()].find((held) => held.hash === hash && !held.revoked && mine(held))));
  }
  revokeToken(tokenId: string): Promise<void> {
    return this.#do(({ tables, mine }) => {
      const held = tables.tokens.get(tokenId);
      if (held === undefined || held.revoked || !mine(held)) throw new NotFoundError('token', tokenId);
      tables.tokens.set(tokenId, { ...held, revoked: true });
    });
  }
  listTokens(): Promise<port.ApiToken[]> {
    return this.#do(({ tables, mine }) => [...tables.tokens.values()].filter((held) => !held.revoked && mine(held)).flatMap((held) => tokenOf(held) ?? []));
  }

  createTenant(tenant: port.NewTenant): Promise<void> {
    return this.#do((view) => records.createTenant(view, tenant));
  }
  getTenant(tenantId: string): Promise<port.Tenant | undefined> {
    return this.#do(({ tables }) => tables.tenants.get(tenantId));
  }
  listTenants(): Promise<port.Tenant[]> {
    return this.#do(({ tables }) => [...tables.tenants.values()]);
  }
  updateTenant(tenant: port.NewTenant): Promise<void> {
    return this.#do((view) => records.updateTenant(view, tenant));
  }

  scheduleTimer({ executionId, nodeId, fireAt, correlationKey }: port.NewTimer): Promise<string> {
    return this.#do((view) => {
      const id = randomUUID();
      const execution = idOf(executionId, 'an execution');
      if (view.tenant !== undefined) view.mustSee(execution);
      const timer = {
        id,
        executionId: execution,
        nodeId,
        fireAt: timeOf(fireAt),
        correlationKey,
        createdAt: view.time(),
        tenantId: view.owner(),
        fired: false,
      };
      view.tables.timers.set(id, timer);
      return id;
    });
  }
  listDueTimers(): Promise<port.Timer[]> {
    return this.#do((view) => {
      const now = view.time();
      const due = [...view.tables.timers.values()].filter((timer) => !timer.fired && timer.fireAt <= now && view.mine(timer));
      return due.sort((a, b) => (a.fireAt < b.fireAt ? -1 : 1)).map(timerOf);
    });
  }
  markTimerFired(timerId: string): Promise<void> {
    return this.#do(({ tables, mine }) => {
      const timer = tables.timers.get(timerId);
      if (timer === undefined || timer.fired || !mine(timer)) throw new NotFoundError('waiting timer', timerId);
      tables.timers.set(timerId, { ...timer, fired: true });
    });
  }
  cancelTimer(timerId: string): Promise<void> {
    return this.markTimerFired(timerId);
  }

  upsertCronJob(job: port.CronJob): Promise<void> {
    return this.#do((view) => {
      const { tables, mine } = view;
      const id = idOf(job.id, 'a cron job');
      const known = tables.cronJobs.get(id);
      if (known !== undefined && !mine(known)) throw new DatabaseError(`The cron job ${id} is another tenant's.`);
      if ([...tables.cronJobs.values()].some((other) => other.name === job.name && other.id !== id)) {
        throw new DatabaseError(`There is a cron job named "${job.name}" already.`);
      }
      tables.cronJobs.set(id, {
        workflowVersion: '1.0.0',
        enabled: true,
        ...job,
        id,
        input: jsonOf(job.input ?? {}, `the cron job ${job.name}`),
        nextRunAt: timeOf(job.nextRunAt),
        createdAt: known?.createdAt ?? timeOf(job.createdAt),
        lastRunAt: known?.lastRunAt,
        tenantId: known?.tenantId ?? view.owner(),
      });
    });
  }
  listDueCronJobs(): Promise<port.StoredCronJob[]> {
    return this.#do((view) => {
      const now = view.time();
      const due = [...view.tables.cronJobs.values()].filter((job) => job.enabled && job.nextRunAt <= now && view.mine(job));
      return due.sort((a, b) => (a.nextRunAt < b.nextRunAt ? -1 : 1));
    });
  }
  recordCronRun(jobId: string, nextRunAt: string): Promise<void> {
    return this.#do((view) => {
      const job = view.tables.cronJobs.get(knownId(jobId) ?? '');
      if (job === undefined || !view.mine(job)) throw new NotFoundError('cron job', jobId);
      view.tables.cronJobs.set(job.id, { ...job, lastRunAt: view.time(), nextRunAt: timeOf(nextRunAt) });
    });
  }

  completeWorkItemFenced(itemId: string, fence: number): Promise<boolean> {
    return this.#fenced(itemId, fence, queue.complete);
  }
  parkWorkItem(itemId: string, fence: number, retryAfter: string, nextAttempt: number): Promise<boolean> {
    return this.#fenced(itemId, fence, (view, item) => queue.park(view, item, retryAfter, nextAttempt));
  }
  failWorkItemFenced(itemId: string, fence: number, _error: string): Promise<port.FailedItem | undefined> {
    return this.#do((view) => {
      const item = queue.heldBy(view, itemId, fence);
      return item && queue.settleFailure(view, item);
    });
  }
  async commitTurn(turn: port.Turn): Promise<number> {
    return commitTurn(this, turn, this.#view().time());
  }

  recordToolEffect({ idempotencyKey, executionId, result }: port.ToolEffect): Promise<void> {
    return this.#do((view) => {
      idOf(executionId, 'an execution');
      const effect = { result: jsonOf(result, `the effect ${idempotencyKey}`), tenantId: view.owner() };
      if (!view.tables.effects.has(idempotencyKey)) view.tables.effects.set(idempotencyKey, effect);
    });
  }
  getToolEffect(idempotencyKey: string): Promise<Json | undefined> {
    return this.#do(({ tables, mine }) => {
      const effect = tables.effects.get(idempotencyKey);
      return effect !== undefined && mine(effect) ? effect.result : undefined;
    });
  }
  reserveToolEffect({ idempotencyKey, executionId, owner, fence, timeToLive }: port.Reservation): Promise<port.ReservationResult> {
    return this.#do((view) => {
      idOf(executionId, 'an execution');
      const key = JSON.stringify([view.owner(), idempotencyKey]);
      const held = view.tables.reservations.get(key);
      if (held !== undefined && held.owner !== owner && held.expiresAt > view.time()) return { outcome: 'held', owner: held.owner, expiresAt: held.expiresAt };
      view.tables.reservations.set(key, { owner, fence, expiresAt: view.time(timeToLive) });
      return { outcome: 'acquired' };
    });
  }
  releaseToolReservation(idempotencyKey: string, owner: string, fence: number): Promise<void> {
    return this.#do((view) => {
      const key = JSON.stringify([view.owner(), idempotencyKey]);
      const held = view.tables.reservations.get(key);
      if (held?.owner === owner && held.fence === fence) view.tables.reservations.delete(key);
    });
  }
  putArtifact(bytes: Uint8Array, mediaType?: string): Promise<port.Artifact> {
    return this.#do((view) => {
      const hash = hashOf(bytes);
      const key = JSON.stringify([view.owner(), hash]);
      const kept = view.tables.artifacts.get(key) ?? { bytes: new Uint8Array(bytes), mediaType, tenantId: view.owner() };
      view.tables.artifacts.set(key, kept);
      return { hash, size: bytes.length, mediaType: kept.mediaType };
    });
  }
  getArtifact(hash: string): Promise<Uint8Array | undefined> {
    return this.#do(({ tables, mine }) => {
      const kept = [...tables.artifacts].find(([key, artifact]) => mine(artifact) && key === JSON.stringify([artifact.tenantId, hash]))?.[1];
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
    if (this.#inside === 'inside') return work(this);
    while (this.#shared.running !== undefined) await this.#shared.running;
    const inside = new MemoryBackend({ clock: this.#clock }, this.#shared, this.#tenant);
    inside.#inside = 'inside';
    const before = this.#shared.tables.copy();
    let end = (): void => {};
    this.#shared.running = new Promise<void>((resolve) => {
      end = resolve;
    });
    try {
      return await work(inside);
    } catch (error) {
      this.#shared.tables = before;
      throw error;
    } finally {
      inside.#inside = 'over';
      this.#shared.running = undefined;
      end();
    }
  }
  forTenant(tenantId: string): port.StateBackend {
    const view = new MemoryBackend({ clock: this.#clock }, this.#shared, tenantId);
    view.#inside = this.#inside;
    return view;
  }
  async close(): Promise<void> {}

  /** One operation, when no transaction of others runs. */
  async #do<T>(work: (view: View) => T): Promise<T> {
    if (this.#inside === 'over') throw transactionOver();
    while (this.#inside === 'outside' && this.#shared.running !== undefined) await this.#shared.running;
    return work(this.#view());
  }

  #fenced(itemId: string, fence: number, settle: (view: View, item: Parameters<typeof queue.complete>[1]) => void): Promise<boolean> {
    return this.#do((view) => {
      const item = queue.heldBy(view, itemId, fence);
      if (item !== undefined) settle(view, item);
      return item !== undefined;
    });
  }

  #view(): View {
    return new View(this.#shared.tables, this.#clock, this.#tenant);
  }
}

function tokenOf(held: HeldToken | undefined): port.ApiToken | undefined {
  if (held === undefined) return undefined;
  const { hash: _, revoked: __, ...token } = held;
  return token;
}

function timerOf({ fired: _, ...timer }: HeldTimer): port.Timer {
  return timer;
}

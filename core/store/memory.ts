import { randomUUID } from 'node:crypto';
import { isTerminal, type Status } from '../jamjet/status.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { isObject } from '../json/value.ts';
import { withAppended } from './append-array.ts';
import { DatabaseError, NotFoundError } from './errors.ts';
import { backOff, fromNow, LEASE } from './lease.ts';
import type {
  ApiToken,
  NewEvent,
  NewTenant,
  NewWorkItem,
  Snapshot,
  StateBackend,
  StoredEvent,
  StoredExecution,
  StoredSnapshot,
  StoredWorkflow,
  Tenant,
  WorkflowDefinition,
  WorkflowExecution,
  WorkItem,
} from './port.ts';
import { hashOf, newToken } from './token.ts';

interface HeldItem extends WorkItem {
  readonly status: 'pending' | 'claimed' | 'completed' | 'failed' | 'dead_lettered';
  readonly retryAfter: string | undefined;
}

interface HeldToken extends ApiToken {
  readonly hash: string;
  readonly revoked: boolean;
}

/** Everything there is, shared by all views. */
class Tables {
  readonly workflows = new Map<string, StoredWorkflow>();
  readonly executions = new Map<string, StoredExecution>();
  readonly events = new Map<string, StoredEvent[]>();
  readonly snapshots = new Map<string, StoredSnapshot[]>();
  readonly items = new Map<string, HeldItem>();
  readonly tokens = new Map<string, HeldToken>();
  readonly tenants = new Map<string, Tenant>();
}

/**
 * The reference of the StateBackend, in memory. It follows the rules of the other two; upstream's own memory backend
 * does not (one sequence counter for all executions, no `completedAt`, latest snapshot = last written).
 */
export class MemoryBackend implements StateBackend {
  readonly #tables: Tables;
  readonly #tenant: string | undefined;

  constructor(tables = new Tables(), tenant?: string) {
    this.#tables = tables;
    this.#tenant = tenant;
    if (tables.tenants.size === 0) tables.tenants.set('default', newTenant({ id: 'default', name: 'Default' }));
  }

  async storeWorkflow(definition: WorkflowDefinition): Promise<void> {
    const stored = { ...definition, ir: fromPlain(definition.ir), tenantId: this.#owner(definition) };
    this.#tables.workflows.set(JSON.stringify([stored.tenantId, stored.workflowId, stored.version]), stored);
  }

  async getWorkflow(workflowId: string, version: string): Promise<StoredWorkflow | undefined> {
    return [...this.#tables.workflows.values()].find((known) => known.workflowId === workflowId && known.version === version && this.#mine(known));
  }

  async createExecution(execution: WorkflowExecution): Promise<void> {
    const { executionId } = execution;
    if (this.#tables.executions.has(executionId)) throw new DatabaseError(`The execution ${executionId} exists.`);
    const tenantId = this.#owner(execution);
    if (!this.#tables.tenants.has(tenantId)) throw new DatabaseError(`There is no tenant ${tenantId}.`);
    this.#tables.executions.set(executionId, {
      ...execution,
      initialInput: fromPlain(execution.initialInput),
      currentState: fromPlain(execution.currentState),
      completedAt: execution.completedAt,
      parentExecutionId: execution.parentExecutionId,
      segmentNumber: execution.segmentNumber ?? 0,
      tenantId,
    });
  }

  async getExecution(executionId: string): Promise<StoredExecution | undefined> {
    const execution = this.#tables.executions.get(executionId);
    return execution !== undefined && this.#mine(execution) ? execution : undefined;
  }

  async updateExecutionStatus(executionId: string, status: Status): Promise<void> {
    const execution = await this.getExecution(executionId);
    if (execution === undefined) throw new NotFoundError('execution', executionId);
    const now = fromNow(0);
    this.#tables.executions.set(executionId, { ...execution, status, updatedAt: now, completedAt: isTerminal(status) ? now : execution.completedAt });
  }

  async updateExecutionCurrentState(executionId: string, state: Plain): Promise<void> {
    const execution = await this.getExecution(executionId);
    if (execution !== undefined) this.#tables.executions.set(executionId, { ...execution, currentState: fromPlain(state), updatedAt: fromNow(0) });
  }

  async patchAppendArray(executionId: string, key: string, value: Plain): Promise<void> {
    const execution = await this.getExecution(executionId);
    if (execution === undefined) throw new NotFoundError('execution', executionId);
    const currentState = withAppended(execution.currentState, executionId, key, value);
    this.#tables.executions.set(executionId, { ...execution, currentState, updatedAt: fromNow(0) });
  }

  async listExecutions({
    status,
    limit = 50,
    offset = 0,
  }: {
    readonly status?: Status;
    readonly limit?: number;
    readonly offset?: number;
  } = {}): Promise<StoredExecution[]> {
    return [...this.#tables.executions.values()]
      .filter((execution) => this.#mine(execution) && (status === undefined || execution.status === status))
      .sort((a, b) => compare(b.updatedAt, a.updatedAt) || compare(a.executionId, b.executionId))
      .slice(offset, offset + limit);
  }

  async appendEvent(event: NewEvent): Promise<number> {
    const { id, executionId, createdAt } = event;
    const kind = fromPlain(event.kind);
    if (!this.#tables.executions.has(executionId)) throw new DatabaseError(`There is no execution ${executionId} to append to.`);
    if (!isObject(kind)) throw new DatabaseError('An event is a JSON object.');
    const events = this.#tables.events.get(executionId) ?? [];
    const sequence = (events.at(-1)?.sequence ?? 0) + 1;
    this.#tables.events.set(executionId, [...events, { id, executionId, sequence, kind, createdAt, tenantId: this.#owner(event) }]);
    return sequence;
  }

  async getEvents(executionId: string): Promise<StoredEvent[]> {
    return (this.#tables.events.get(executionId) ?? []).filter((event) => this.#mine(event));
  }

  async getEventsSince(executionId: string, sequence: number): Promise<StoredEvent[]> {
    return (await this.getEvents(executionId)).filter((event) => event.sequence > sequence);
  }

  async latestSequence(executionId: string): Promise<number> {
    return (await this.getEvents(executionId)).at(-1)?.sequence ?? 0;
  }

  async writeSnapshot(snapshot: Snapshot): Promise<void> {
    const { executionId, atSequence } = snapshot;
    if (!this.#tables.executions.has(executionId)) throw new DatabaseError(`There is no execution ${executionId} to take a snapshot of.`);
    const others = (this.#tables.snapshots.get(executionId) ?? []).filter((known) => known.atSequence !== atSequence);
    const stored: StoredSnapshot = { ...snapshot, state: fromPlain(snapshot.state), tenantId: this.#owner(snapshot) };
    this.#tables.snapshots.set(
      executionId,
      [...others, stored].sort((a, b) => a.atSequence - b.atSequence),
    );
  }

  async latestSnapshot(executionId: string): Promise<StoredSnapshot | undefined> {
    return this.snapshotAt(executionId, Number.MAX_SAFE_INTEGER);
  }

  async snapshotAt(executionId: string, sequence: number): Promise<StoredSnapshot | undefined> {
    return (this.#tables.snapshots.get(executionId) ?? []).findLast((snapshot) => snapshot.atSequence <= sequence && this.#mine(snapshot));
  }

  async enqueueWorkItem(item: NewWorkItem): Promise<string> {
    if (!this.#tables.executions.has(item.executionId)) throw new DatabaseError(`There is no execution ${item.executionId} to work on.`);
    this.#tables.items.set(item.id, {
      ...item,
      payload: fromPlain(item.payload),
      attempt: item.attempt ?? 0,
      maxAttempts: item.maxAttempts ?? 3,
      tenantId: this.#owner(item),
      leaseExpiresAt: undefined,
      workerId: undefined,
      status: 'pending',
      retryAfter: undefined,
    });
    return item.id;
  }

  async claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<WorkItem | undefined> {
    if (queueTypes.length === 0) return undefined;
    const now = fromNow(0);
    for (const item of this.#expired()) this.#put({ ...item, ...FREE, status: 'pending' });
    const [next] = this.#items(
      ({ status, queueType, retryAfter }) => status === 'pending' && queueTypes.includes(queueType) && (retryAfter === undefined || retryAfter <= now),
    );
    return next && itemOf(this.#put({ ...next, status: 'claimed', workerId, leaseExpiresAt: fromNow(LEASE) }));
  }

  async renewLease(itemId: string, workerId: string): Promise<void> {
    const item = this.#item(itemId, 'claimed work item');
    if (item.status !== 'claimed' || item.workerId !== workerId) throw new NotFoundError('claimed work item', itemId);
    this.#put({ ...item, leaseExpiresAt: fromNow(LEASE) });
  }

  async completeWorkItem(itemId: string): Promise<void> {
    this.#put({ ...this.#item(itemId), status: 'completed', leaseExpiresAt: undefined });
  }

  async failWorkItem(itemId: string, _error: string): Promise<void> {
    this.#put({ ...this.#item(itemId), ...FREE, status: 'failed' });
  }

  async reclaimExpiredLeases(): Promise<{ readonly retryable: readonly WorkItem[]; readonly exhausted: readonly WorkItem[] }> {
    const retryable: WorkItem[] = [];
    const exhausted: WorkItem[] = [];
    for (const item of this.#expired()) {
      const attempt = item.attempt + 1;
      if (attempt >= item.maxAttempts) exhausted.push(itemOf(this.#put({ ...item, ...FREE, attempt, status: 'dead_lettered' })));
      else retryable.push(itemOf(this.#put({ ...item, ...FREE, attempt, status: 'pending', retryAfter: fromNow(backOff(attempt)) })));
    }
    return { retryable, exhausted };
  }

  async moveToDeadLetter(itemId: string, _lastError: string): Promise<void> {
    this.#put({ ...this.#item(itemId), ...FREE, status: 'dead_lettered' });
  }

  async createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: ApiToken }> {
    const token = newToken();
    const info: ApiToken = { id: randomUUID(), name, role, createdAt: fromNow(0), expiresAt: undefined, tenantId: this.#tenant ?? 'default' };
    this.#tables.tokens.set(info.id, { ...info, hash: hashOf(token), revoked: false });
    return { token, info };
  }

  async validateToken(token: string): Promise<ApiToken | undefined> {
    const hash = hashOf(token);
    const held = [...this.#tables.tokens.values()].find((known) => known.hash === hash && !known.revoked && this.#mine(known));
    return held && tokenOf(held);
  }

  async revokeToken(tokenId: string): Promise<void> {
    const held = this.#tables.tokens.get(tokenId);
    if (held === undefined || held.revoked || !this.#mine(held)) throw new NotFoundError('token', tokenId);
    this.#tables.tokens.set(tokenId, { ...held, revoked: true });
  }

  async listTokens(): Promise<ApiToken[]> {
    return [...this.#tables.tokens.values()].filter((held) => !held.revoked && this.#mine(held)).map(tokenOf);
  }

  async createTenant(tenant: NewTenant): Promise<void> {
    if (this.#tables.tenants.has(tenant.id)) throw new DatabaseError(`The tenant ${tenant.id} exists.`);
    this.#tables.tenants.set(tenant.id, newTenant(tenant));
  }

  async getTenant(tenantId: string): Promise<Tenant | undefined> {
    return this.#tables.tenants.get(tenantId);
  }

  async listTenants(): Promise<Tenant[]> {
    return [...this.#tables.tenants.values()];
  }

  async updateTenant(tenant: NewTenant): Promise<void> {
    const known = this.#tables.tenants.get(tenant.id);
    if (known === undefined) throw new NotFoundError('tenant', tenant.id);
    this.#tables.tenants.set(tenant.id, { ...newTenant(tenant), createdAt: known.createdAt });
  }

  forTenant(tenantId: string): StateBackend {
    return new MemoryBackend(this.#tables, tenantId);
  }

  async close(): Promise<void> {}

  #owner({ tenantId }: { readonly tenantId?: string }): string {
    return this.#tenant ?? tenantId ?? 'default';
  }

  #mine({ tenantId }: { readonly tenantId: string }): boolean {
    return this.#tenant === undefined || tenantId === this.#tenant;
  }

  /** Oldest first. */
  #items(wanted: (item: HeldItem) => boolean): HeldItem[] {
    return [...this.#tables.items.values()].filter((item) => this.#mine(item) && wanted(item)).sort((a, b) => compare(a.createdAt, b.createdAt));
  }

  #expired(): HeldItem[] {
    const now = fromNow(0);
    return this.#items(({ status, leaseExpiresAt }) => status === 'claimed' && leaseExpiresAt !== undefined && leaseExpiresAt < now);
  }

  #item(itemId: string, what = 'work item'): HeldItem {
    const item = this.#tables.items.get(itemId);
    if (item === undefined || !this.#mine(item)) throw new NotFoundError(what, itemId);
    return item;
  }

  #put(item: HeldItem): HeldItem {
    this.#tables.items.set(item.id, item);
    return item;
  }
}

const FREE = { workerId: undefined, leaseExpiresAt: undefined } as const;

function itemOf({ status: _, retryAfter: __, ...item }: HeldItem): WorkItem {
  return item;
}

function tokenOf({ hash: _, revoked: __, ...token }: HeldToken): ApiToken {
  return token;
}

function newTenant({ id, name, status = 'active', policy, limits }: NewTenant): Tenant {
  const now = fromNow(0);
  return {
    id,
    name,
    status,
    policy: policy === undefined ? undefined : fromPlain(policy),
    limits: limits === undefined ? undefined : fromPlain(limits),
    createdAt: now,
    updatedAt: now,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

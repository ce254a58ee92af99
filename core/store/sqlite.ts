import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isTerminal, type Status } from '../jamjet/status.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { canonicalJson } from '../json/print.ts';
import { withAppended } from './append-array.ts';
import { DatabaseError, NotFoundError, StoreError } from './errors.ts';
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
import { json, parse, type Row, text, toEvent, toExecution, toSnapshot, toTenant, toToken, toWorkflow, toWorkItem } from './sqlite-rows.ts';
import { MIGRATIONS } from './sqlite-schema.ts';
import { type SqliteOptions, SqliteWriter } from './sqlite-writer.ts';
import { hashOf, newToken } from './token.ts';

const BUSY_TIMEOUT = 5000;

type Value = string | number | null;

interface Shared {
  readonly database: Database.Database;
  readonly writer: SqliteWriter;
  readonly generation: number;
}

/** The durable state store on an SQLite file; files written here open in the runtime of their generation, and the other way round. */
export class SqliteBackend implements StateBackend {
  readonly #shared: Shared;
  readonly #tenant: string | undefined;

  private constructor(shared: Shared, tenant: string | undefined) {
    this.#shared = shared;
    this.#tenant = tenant;
  }

  /**
   * Opens a file, or makes it when it is missing.
   *
   * @param pathOrUrl a path, `sqlite://PATH` or `sqlite::memory:`.
   * @param options the generation of a new file (3 by default); an existing one keeps its own.
   * @throws DatabaseError when it is no JamJet database, or one of a generation that is not known here.
   */
  static async open(pathOrUrl: string, options: SqliteOptions = {}): Promise<SqliteBackend> {
    const path = pathOf(pathOrUrl);
    return guarded(() => {
      if (path === ':memory:' || !existsSync(path)) {
        const { database, generation, writer } = SqliteWriter.makeFile(path, options);
        return new SqliteBackend({ database, generation, writer }, undefined);
      }
      const database = new Database(path, { timeout: BUSY_TIMEOUT });
      try {
        const generation = generationOfFile(database, path);
        database.pragma('foreign_keys = ON');
        return new SqliteBackend({ database, generation, writer: new SqliteWriter(database, generation) }, undefined);
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  async storeWorkflow(definition: WorkflowDefinition): Promise<void> {
    guarded(() => this.#shared.writer.storeWorkflow(this.#owned(definition)));
  }

  async getWorkflow(workflowId: string, version: string): Promise<StoredWorkflow | undefined> {
    const row = this.#get('SELECT * FROM workflow_definitions WHERE workflow_id = ? AND version = ?', workflowId, version);
    return row && toWorkflow(row);
  }

  async createExecution(execution: WorkflowExecution): Promise<void> {
    guarded(() => this.#shared.writer.createExecution(this.#owned(execution)));
  }

  async getExecution(executionId: string): Promise<StoredExecution | undefined> {
    const row = this.#get('SELECT * FROM workflow_executions WHERE execution_id = ?', executionId);
    return row && toExecution(row);
  }

  async updateExecutionStatus(executionId: string, status: Status): Promise<void> {
    const now = fromNow(0);
    const changed = this.#change(
      'UPDATE workflow_executions SET status = ?, updated_at = ?, completed_at = coalesce(?, completed_at) WHERE execution_id = ?',
      status,
      now,
      isTerminal(status) ? now : null,
      executionId,
    );
    if (changed === 0) throw new NotFoundError('execution', executionId);
  }

  async updateExecutionCurrentState(executionId: string, state: Plain): Promise<void> {
    this.#change(
      'UPDATE workflow_executions SET current_state = ?, updated_at = ? WHERE execution_id = ?',
      canonicalJson(fromPlain(state)),
      fromNow(0),
      executionId,
    );
  }

  async patchAppendArray(executionId: string, key: string, value: Plain): Promise<void> {
    this.#immediate(() => {
      const row = this.#get('SELECT current_state FROM workflow_executions WHERE execution_id = ?', executionId);
      if (row === undefined) throw new NotFoundError('execution', executionId);
      const state = parse(row['current_state'], `the state of ${executionId}`);
      const next = withAppended(state, executionId, key, value);
      this.#change('UPDATE workflow_executions SET current_state = ?, updated_at = ? WHERE execution_id = ?', canonicalJson(next), fromNow(0), executionId);
    });
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
    const rows = this.#all(
      'SELECT * FROM workflow_executions WHERE (? IS NULL OR status = ?)',
      [status ?? null, status ?? null],
      'ORDER BY updated_at DESC, execution_id LIMIT ? OFFSET ?',
      [limit, offset],
    );
    return rows.map(toExecution);
  }

  async appendEvent(event: NewEvent): Promise<number> {
    return this.#immediate(() => this.#shared.writer.appendEvent(this.#owned(event)));
  }

  async getEvents(executionId: string): Promise<StoredEvent[]> {
    return this.getEventsSince(executionId, Number.MIN_SAFE_INTEGER);
  }

  async getEventsSince(executionId: string, sequence: number): Promise<StoredEvent[]> {
    return this.#all('SELECT * FROM events WHERE execution_id = ? AND sequence > ?', [executionId, sequence], 'ORDER BY sequence').map(toEvent);
  }

  async latestSequence(executionId: string): Promise<number> {
    const row = this.#get('SELECT coalesce(max(sequence), 0) AS latest FROM events WHERE execution_id = ?', executionId);
    return Number(row?.['latest'] ?? 0);
  }

  async writeSnapshot(snapshot: Snapshot): Promise<void> {
    this.#immediate(() => this.#shared.writer.writeSnapshot(this.#owned(snapshot)));
  }

  async latestSnapshot(executionId: string): Promise<StoredSnapshot | undefined> {
    return this.snapshotAt(executionId, Number.MAX_SAFE_INTEGER);
  }

  async snapshotAt(executionId: string, sequence: number): Promise<StoredSnapshot | undefined> {
    const [row] = this.#all(
      'SELECT * FROM snapshots WHERE execution_id = ? AND at_sequence <= ?',
      [executionId, sequence],
      'ORDER BY at_sequence DESC LIMIT 1',
    );
    return row && toSnapshot(row);
  }

  async enqueueWorkItem({
    id,
    executionId,
    nodeId,
    queueType,
    payload,
    attempt = 0,
    maxAttempts = 3,
    createdAt,
    tenantId = 'default',
  }: NewWorkItem): Promise<string> {
    this.#run(
      `INSERT INTO work_items (id, execution_id, node_id, queue_type, payload_json, attempt, max_attempts, status, created_at, tenant_id) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
      id,
      executionId,
      nodeId,
      queueType,
      canonicalJson(fromPlain(payload)),
      attempt,
      maxAttempts,
      createdAt,
      this.#tenant ?? tenantId,
    );
    return id;
  }

  async claimWorkItem(workerId: string, queueTypes: readonly string[]): Promise<WorkItem | undefined> {
    if (queueTypes.length === 0) return undefined;
    return this.#immediate(() => {
      const now = fromNow(0);
      const fenced = this.#shared.generation >= 4;
      // From generation 4 on a freed claim counts an attempt, as long as one is left; the rest wait to be reclaimed.
      const freed = fenced ? 'attempt = attempt + 1, lease_epoch = lease_epoch + 1, lease_fence = 0,' : '';
      this.#change(
        `UPDATE work_items SET ${freed} status = 'pending', worker_id = NULL, lease_expires_at = NULL, claimed_at = NULL WHERE status = 'claimed' AND lease_expires_at < ?${fenced ? ' AND attempt + 1 < max_attempts' : ''}`,
        now,
      );
      const places = queueTypes.map(() => '?').join(', ');
      const [row] = this.#all(
        `SELECT id FROM work_items WHERE status = 'pending' AND queue_type IN (${places}) AND (retry_after IS NULL OR retry_after <= ?)`,
        [...queueTypes, now],
        'ORDER BY created_at, rowid LIMIT 1',
      );
      if (row === undefined) return undefined;
      const minted = fenced
        ? 'lease_epoch = lease_epoch + 1, lease_fence = (SELECT term FROM store_identity WHERE id = 1) * 4294967296 + lease_epoch + 1,'
        : '';
      this.#run(
        `UPDATE work_items SET ${minted} status = 'claimed', worker_id = ?, claimed_at = ?, lease_expires_at = ? WHERE id = ?`,
        workerId,
        now,
        fromNow(LEASE),
        text(row['id']),
      );
      return this.#workItem(text(row['id']));
    });
  }

  async renewLease(itemId: string, workerId: string): Promise<void> {
    const changed = this.#change(
      `UPDATE work_items SET lease_expires_at = ? WHERE id = ? AND worker_id = ? AND status = 'claimed'`,
      fromNow(LEASE),
      itemId,
      workerId,
    );
    if (changed === 0) throw new NotFoundError('claimed work item', itemId);
  }

  async completeWorkItem(itemId: string): Promise<void> {
    const changed = this.#change(`UPDATE work_items SET status = 'completed', completed_at = ?, lease_expires_at = NULL WHERE id = ?`, fromNow(0), itemId);
    if (changed === 0) throw new NotFoundError('work item', itemId);
  }

  async failWorkItem(itemId: string, _error: string): Promise<void> {
    const changed = this.#change(`UPDATE work_items SET status = 'failed', lease_expires_at = NULL, worker_id = NULL WHERE id = ?`, itemId);
    if (changed === 0) throw new NotFoundError('work item', itemId);
  }

  async reclaimExpiredLeases(): Promise<{ readonly retryable: readonly WorkItem[]; readonly exhausted: readonly WorkItem[] }> {
    return this.#immediate(() => {
      const retryable: WorkItem[] = [];
      const exhausted: WorkItem[] = [];
      for (const row of this.#all(
        `SELECT id, attempt, max_attempts FROM work_items WHERE status = 'claimed' AND lease_expires_at < ?`,
        [fromNow(0)],
        'ORDER BY created_at, rowid',
      )) {
        const id = text(row['id']);
        const attempt = Number(row['attempt']) + 1;
        this.#run('UPDATE work_items SET attempt = ? WHERE id = ?', attempt, id);
        if (attempt >= Number(row['max_attempts'])) {
          this.#bury(id, 'lease expired: worker dead', 'INSERT OR IGNORE');
          exhausted.push(this.#workItem(id));
        } else {
          const fence = this.#shared.generation >= 4 ? 'lease_epoch = lease_epoch + 1, lease_fence = 0,' : '';
          this.#run(
            `UPDATE work_items SET ${fence} status = 'pending', worker_id = NULL, lease_expires_at = NULL, retry_after = ? WHERE id = ?`,
            fromNow(backOff(attempt)),
            id,
          );
          retryable.push(this.#workItem(id));
        }
      }
      return { retryable, exhausted };
    });
  }

  async moveToDeadLetter(itemId: string, lastError: string): Promise<void> {
    this.#immediate(() => {
      if (this.#get('SELECT id FROM work_items WHERE id = ?', itemId) === undefined) throw new NotFoundError('work item', itemId);
      this.#bury(itemId, lastError, 'INSERT OR REPLACE');
    });
  }

  async createToken(name: string, role: string): Promise<{ readonly token: string; readonly info: ApiToken }> {
    const token = newToken();
    const info: ApiToken = { id: randomUUID(), name, role, createdAt: fromNow(0), expiresAt: undefined, tenantId: this.#tenant ?? 'default' };
    this.#run(
      'INSERT INTO api_tokens (id, token_hash, name, role, created_at, tenant_id) VALUES (?, ?, ?, ?, ?, ?)',
      info.id,
      hashOf(token),
      name,
      role,
      info.createdAt,
      info.tenantId,
    );
    return { token, info };
  }

  async validateToken(token: string): Promise<ApiToken | undefined> {
    const now = fromNow(0);
    const row = this.#get(
      'SELECT * FROM api_tokens WHERE token_hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)',
      hashOf(token),
      now,
    );
    if (row === undefined) return undefined;
    this.#run('UPDATE api_tokens SET last_used_at = ? WHERE id = ?', now, text(row['id']));
    return toToken(row);
  }

  async revokeToken(tokenId: string): Promise<void> {
    const changed = this.#change('UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', fromNow(0), tokenId);
    if (changed === 0) throw new NotFoundError('token', tokenId);
  }

  async listTokens(): Promise<ApiToken[]> {
    return this.#all('SELECT * FROM api_tokens WHERE revoked_at IS NULL', [], 'ORDER BY created_at, rowid').map(toToken);
  }

  async createTenant(tenant: NewTenant): Promise<void> {
    const now = fromNow(0);
    this.#run(
      'INSERT INTO tenants (id, name, status, policy_json, limits_json, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      tenant.id,
      tenant.name,
      tenant.status ?? 'active',
      json(tenant.policy),
      json(tenant.limits),
      now,
      now,
    );
  }

  async getTenant(tenantId: string): Promise<Tenant | undefined> {
    const row = guarded(() => this.#shared.database.prepare('SELECT * FROM tenants WHERE id = ?').get(tenantId)) as Row | undefined;
    return row && toTenant(row);
  }

  async listTenants(): Promise<Tenant[]> {
    const rows = guarded(() => this.#shared.database.prepare('SELECT * FROM tenants ORDER BY created_at, rowid').all()) as Row[];
    return rows.map(toTenant);
  }

  async updateTenant({ id, name, status = 'active', policy, limits }: NewTenant): Promise<void> {
    const { changes } = guarded(() =>
      this.#shared.database
        .prepare('UPDATE tenants SET name = ?, status = ?, policy_json = ?, limits_json = ?, updated_at = ? WHERE id = ?')
        .run(name, status, json(policy), json(limits), fromNow(0), id),
    );
    if (changes === 0) throw new NotFoundError('tenant', id);
  }

  forTenant(tenantId: string): StateBackend {
    return new SqliteBackend(this.#shared, tenantId);
  }

  async close(): Promise<void> {
    if (this.#tenant === undefined) this.#shared.database.close();
  }

  /** A scoped view writes its own tenant, whatever the record says. */
  #owned<T extends { readonly tenantId?: string }>(record: T): T {
    return this.#tenant === undefined ? record : { ...record, tenantId: this.#tenant };
  }

  #immediate<T>(work: () => T): T {
    return guarded(() => this.#shared.database.transaction(work).immediate());
  }

  #run(sql: string, ...params: readonly Value[]): number {
    return guarded(() => this.#shared.database.prepare(sql).run(...params)).changes;
  }

  /** An UPDATE of rows this view may touch. The statement ends in its WHERE clause. */
  #change(sql: string, ...params: readonly Value[]): number {
    return this.#tenant === undefined ? this.#run(sql, ...params) : this.#run(`${sql} AND tenant_id = ?`, ...params, this.#tenant);
  }

  /** Rows this view may see. `select` ends in its WHERE clause; `tail` orders and limits. */
  #all(select: string, params: readonly Value[], tail = '', tailParams: readonly Value[] = []): Row[] {
    const own = this.#tenant === undefined ? '' : ' AND tenant_id = ?';
    const owner = this.#tenant === undefined ? [] : [this.#tenant];
    return guarded(() => this.#shared.database.prepare(`${select}${own} ${tail}`).all(...params, ...owner, ...tailParams)) as Row[];
  }

  #get(select: string, ...params: readonly Value[]): Row | undefined {
    return this.#all(select, params)[0];
  }

  #workItem(id: string): WorkItem {
    const row = this.#get('SELECT * FROM work_items WHERE id = ?', id);
    if (row === undefined) throw new NotFoundError('work item', id);
    return toWorkItem(row);
  }

  #bury(id: string, lastError: string, insert: 'INSERT OR IGNORE' | 'INSERT OR REPLACE'): void {
    this.#run(
      `${insert} INTO dead_letter_items (id, execution_id, node_id, queue_type, payload_json, attempt, last_error, created_at, dead_lettered_at, tenant_id)
       SELECT id, execution_id, node_id, queue_type, payload_json, attempt, ?, created_at, ?, tenant_id FROM work_items WHERE id = ?`,
      lastError,
      fromNow(0),
      id,
    );
    this.#run(`UPDATE work_items SET status = 'dead_lettered', lease_expires_at = NULL, worker_id = NULL WHERE id = ?`, id);
  }
}

function pathOf(pathOrUrl: string): string {
  if (pathOrUrl === 'sqlite::memory:') return ':memory:';
  if (!pathOrUrl.startsWith('sqlite://')) return pathOrUrl;
  return decodeURIComponent(pathOrUrl.slice('sqlite://'.length).replace(/\?.*$/, ''));
}

function generationOfFile(database: Database.Database, path: string): number {
  const tables = database
    .prepare(`SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('workflow_executions', 'events', 'snapshots', '_sqlx_migrations')`)
    .pluck()
    .get();
  if (tables !== 4) throw new DatabaseError(`${path} is an SQLite database, but not one of JamJet's state.`);
  const newest = Number(database.prepare('SELECT max(version) FROM _sqlx_migrations').pluck().get());
  if (newest > MIGRATIONS.length)
    throw new DatabaseError(`${path} was written by a newer runtime (migration ${newest}); this store knows ${MIGRATIONS.length}.`);
  return newest;
}

/** Driver errors become DatabaseErrors; ours pass. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new DatabaseError(error instanceof Error ? `The database refused: ${error.message}.` : String(error), error);
  }
}

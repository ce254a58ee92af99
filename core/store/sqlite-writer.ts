import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { formatTime } from '../jamjet/time.ts';
import { fromPlain } from '../json/plain.ts';
import { canonicalJson, printJson } from '../json/print.ts';
import { compareKeys, type Json } from '../json/value.ts';
import type { Artifact, NewEvent, Snapshot, WorkflowDefinition, WorkflowExecution } from './port.ts';
import { MIGRATION_TABLE, MIGRATIONS } from './sqlite-schema.ts';

export interface SqliteOptions {
  /** Which generation of the format a new file gets. */
  readonly generation?: 3 | 11;
  /** When the file is said to have been made; RFC 3339. Now, by default. */
  readonly createdAt?: string;
}

/**
 * The writing half of the store on an SQLite file, without waiting: what a generator of databases needs, and what
 * {@link SqliteBackend} wraps. Each record is written as the runtime of the file's generation writes it.
 */
export class SqliteWriter {
  readonly #database: Database.Database;
  readonly #generation: number;

  constructor(database: Database.Database, generation: number) {
    this.#database = database;
    this.#generation = generation;
  }

  /** Creates the file at `path`. @throws Error when there is one already. */
  static create(path: string, options: SqliteOptions = {}): SqliteWriter {
    return SqliteWriter.makeFile(path, options).writer;
  }

  /** The same, with what a backend needs besides. */
  static makeFile(
    path: string,
    { generation = 3, createdAt = formatTime(Date.now()) }: SqliteOptions = {},
  ): { database: Database.Database; generation: number; writer: SqliteWriter } {
    const database = new Database(path);
    if (database.prepare('SELECT count(*) FROM sqlite_master').pluck().get() !== 0) {
      database.close();
      throw new Error(`${path} exists and is not empty`);
    }
    database.pragma('journal_mode = WAL');
    const installedOn = createdAt.slice(0, 19).replace('T', ' ');
    database.transaction(() => {
      database.exec(MIGRATION_TABLE);
      const record = database.prepare('INSERT INTO _sqlx_migrations VALUES (?, ?, ?, 1, ?, 0)');
      for (const { version, description, checksum, sql } of MIGRATIONS.slice(0, generation)) {
        database.exec(sql);
        record.run(version, description, installedOn, Buffer.from(checksum, 'hex'));
      }
      database
        .prepare(`INSERT INTO tenants (id, name, status, created_at, updated_at) VALUES ('default', 'Default', 'active', ?, ?)`)
        .run(installedOn, installedOn);
    })();
    database.pragma('foreign_keys = ON');
    return { database, generation, writer: new SqliteWriter(database, generation) };
  }

  /** All of `work` or nothing of it. */
  transaction(work: () => void): void {
    this.#database.transaction(work).immediate();
  }

  createTenant(id: string, name: string, createdAt: string): void {
    this.#run('INSERT INTO tenants (id, name, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?)', id, name, 'active', createdAt, createdAt);
  }

  storeWorkflow({ workflowId, version, ir, createdAt, tenantId = 'default' }: WorkflowDefinition): void {
    this.#run(
      'INSERT OR REPLACE INTO workflow_definitions (workflow_id, version, ir_json, created_at, tenant_id) VALUES (?, ?, ?, ?, ?)',
      workflowId,
      version,
      canonicalJson(fromPlain(ir)),
      createdAt,
      tenantId,
    );
  }

  createExecution(execution: WorkflowExecution): void {
    const { executionId, workflowId, workflowVersion, status, initialInput, currentState, startedAt, updatedAt, completedAt, tenantId = 'default' } = execution;
    this.#run(
      `INSERT INTO workflow_executions (execution_id, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at, completed_at, tenant_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      executionId,
      workflowId,
      workflowVersion,
      status,
      canonicalJson(fromPlain(initialInput)),
      canonicalJson(fromPlain(currentState)),
      startedAt,
      updatedAt,
      completedAt ?? null,
      tenantId,
    );
    if (this.#generation >= 7 && execution.parentExecutionId !== undefined) {
      this.#run(
        'UPDATE workflow_executions SET parent_execution_id = ?, segment_number = ? WHERE execution_id = ?',
        execution.parentExecutionId,
        execution.segmentNumber ?? 0,
        executionId,
      );
    }
  }

  /** What the row says about a run, which its events do not. */
  updateExecution(
    executionId: string,
    { status, currentState, updatedAt, completedAt }: Pick<WorkflowExecution, 'status' | 'currentState' | 'updatedAt' | 'completedAt'>,
  ): void {
    this.#run(
      'UPDATE workflow_executions SET status = ?, current_state = ?, updated_at = ?, completed_at = ? WHERE execution_id = ?',
      status,
      canonicalJson(fromPlain(currentState)),
      updatedAt,
      completedAt ?? null,
      executionId,
    );
  }

  /** @returns the sequence it got: one more than the highest of its execution. */
  appendEvent({ id, executionId, kind, createdAt, tenantId = 'default' }: NewEvent): number {
    const row = this.#prepare(
      `INSERT INTO events (id, execution_id, sequence, kind_json, created_at, tenant_id)
       SELECT ?, ?, 1 + coalesce(max(sequence), 0), ?, ?, ? FROM events WHERE execution_id = ? RETURNING sequence`,
    ).get(id, executionId, printJson(fromPlain(kind)), createdAt, tenantId, executionId) as { sequence: number };
    return row.sequence;
  }

  writeSnapshot({ id, executionId, atSequence, state, createdAt, tenantId = 'default', ...rest }: Snapshot): void {
    this.#run(
      'INSERT OR REPLACE INTO snapshots (id, execution_id, at_sequence, state_json, created_at, tenant_id) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      executionId,
      atSequence,
      canonicalJson(fromPlain(state)),
      createdAt,
      tenantId,
    );
    if (this.#generation < 5) return;
    this.#run(
      'UPDATE snapshots SET status = ?, completed_nodes_json = ?, active_nodes_json = ?, last_sequence = ? WHERE id = ?',
      rest.status ?? 'running',
      canonicalJson(rest.completedNodes ?? new Map()),
      canonicalJson([...(rest.activeNodes ?? [])].sort(compareKeys)),
      rest.lastSequence ?? 0,
      id,
    );
  }

  /** Stores an output under its hash and returns what stands for it in the event (jamjet-format.md §7). */
  putArtifact(value: Json, createdAt: string, mediaType?: string): Artifact {
    const bytes = Buffer.from(canonicalJson(value));
    const hash = createHash('sha256').update(bytes).digest('hex');
    this.#run(
      'INSERT OR IGNORE INTO artifacts (tenant_id, hash, bytes, size, media_type, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      'default',
      hash,
      bytes,
      bytes.length,
      mediaType ?? null,
      createdAt,
    );
    return { hash, size: bytes.length, mediaType };
  }

  close(): void {
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    this.#database.close();
  }

  readonly #statements = new Map<string, Database.Statement>();

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #run(sql: string, ...params: readonly (string | number | null | Buffer)[]): void {
    this.#prepare(sql).run(...params);
  }
}

import { isUtf8 } from 'node:buffer';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { FaultError } from '../../fault.ts';
import type { EventChunk } from '../../jamjet/chunk.ts';
import { type ExecutionId, hyphenated, idDigits } from '../../jamjet/ids.ts';
import type { EventRow, ExecutionRow, SnapshotHeader, SnapshotRow } from '../../jamjet/rows.ts';
import { NOT_UTF8, notText } from '../chunk-builder.ts';
import type { ExecutionDetail, ExecutionPage, ExecutionQuery, Facets, SnapshotPlaces, Source, SourceCounts, SourceSummary } from '../port.ts';
import { type Connection, connect, type SqlRow, type SqlValue } from './connection.ts';
import { countRows } from './counts.ts';
import { executionColumns, listExecutions, toExecution } from './executions.ts';
import { sqliteFault } from './faults.ts';
import type { PreparedFile } from './prepare.ts';
import { type DatabaseShape, recognise } from './recognise.ts';
import { scanEvents } from './scan.ts';

/** A page leaves out the text of a longer event, which is read when it is displayed. */
const LIST_EVENT_BYTES = 256 * 1024;

/** Reads a JamJet state database in an SQLite file. It cannot write. */
export class SqliteSource implements Source {
  readonly #file: PreparedFile;
  readonly #connection: Connection;
  readonly #shape: DatabaseShape;
  #closed = false;

  private constructor(file: PreparedFile, connection: Connection, shape: DatabaseShape) {
    this.#file = file;
    this.#connection = connection;
    this.#shape = shape;
  }

  get generation(): number {
    return this.#shape.generation;
  }

  /** @throws FaultError when the file cannot be opened or is not a JamJet database. */
  static open(file: PreparedFile): SqliteSource {
    const name = basename(file.original);
    let connection: Connection | undefined;
    try {
      connection = connect(file);
      if (file.access === 'copy') checkCopy(connection, name);
      return new SqliteSource(file, connection, recognise(connection, name));
    } catch (error) {
      connection?.close();
      throw sqliteFault(error, name);
    }
  }

  async describe(): Promise<SourceSummary> {
    return {
      name: basename(this.#file.original),
      location: this.#file.original,
      kind: 'SQLite',
      generation: this.generation,
      size: fileSize(this.#file.path) + fileSize(`${this.#file.path}-wal`),
      access: this.#file.access,
    };
  }

  async *count(signal?: AbortSignal): AsyncIterable<SourceCounts> {
    for (const counts of countRows((sql, ...params) => this.#all(sql, ...params), this.#shape.uniqueSequences)) {
      yield counts;
      signal?.throwIfAborted();
    }
  }

  async executions(query: ExecutionQuery): Promise<ExecutionPage> {
    return listExecutions((sql, ...params) => this.#all(sql, ...params), this.#shape.columns, query);
  }

  async facets(): Promise<Facets> {
    const grouped = (column: 'status' | 'workflow_id'): { name: string; count: number }[] =>
      this.#all(`SELECT ${column}, count(*) FROM workflow_executions GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000`).map(([name, count]) => ({
        name: String(name),
        count: Number(count),
      }));
    const statuses = grouped('status');
    return { total: statuses.reduce((sum, { count }) => sum + count, 0), statuses, workflows: grouped('workflow_id') };
  }

  async execution(id: ExecutionId): Promise<ExecutionDetail | undefined> {
    const [row] = this.#all(
      `SELECT ${executionColumns(this.#shape.columns)}, CAST(x.initial_input AS TEXT), CAST(x.current_state AS TEXT) FROM workflow_executions AS x WHERE x.execution_id = ?`,
      id,
    );
    return row && { ...toExecution(row), initialInputJson: String(row[10] ?? ''), currentStateJson: String(row[11] ?? '') };
  }

  async resolve(text: string, limit: number): Promise<readonly ExecutionId[]> {
    const digits = idDigits(text);
    const prefix = digits === undefined ? text : hyphenated(digits);
    const rows = this.#all(
      'SELECT execution_id FROM workflow_executions WHERE execution_id = ? OR (? AND execution_id >= ? AND execution_id < ?) ORDER BY 1 LIMIT ?',
      text,
      digits === undefined ? 0 : 1,
      prefix,
      `${prefix}~`,
      limit,
    );
    return rows.map(([id]) => String(id));
  }

  async head(id: ExecutionId): Promise<number> {
    const [row] = this.#all('SELECT max(sequence) FROM events WHERE execution_id = ? AND sequence BETWEEN 1 AND 9007199254740991', id);
    return Math.floor(Number(row?.[0] ?? 0));
  }

  async outOfOrder(id: ExecutionId): Promise<number> {
    // Three searches of the index. Text and BLOBs sort after every number, so `>` finds them, too.
    const parts = ['sequence IS NULL', 'sequence <= 0', 'sequence > 9007199254740991'];
    const counts = parts.map((part) => this.#all(`SELECT count(*) FROM events WHERE execution_id = ? AND ${part}`, id)[0]?.[0]);
    return counts.reduce<number>((sum, count) => sum + Number(count), 0);
  }

  async snapshotCount(id: ExecutionId): Promise<number> {
    return Number(this.#all(`SELECT count(*) FROM snapshots WHERE execution_id = ? AND ${isInteger('at_sequence')}`, id)[0]?.[0] ?? 0);
  }

  async snapshotsAround(id: ExecutionId, sequence: number): Promise<SnapshotPlaces> {
    const nearest = (side: '<' | '<=' | '>'): number | undefined => {
      const [row] = this.#all(
        `SELECT at_sequence FROM snapshots WHERE execution_id = ? AND at_sequence ${side} ? AND ${isInteger('at_sequence')} ORDER BY at_sequence ${side === '>' ? 'ASC' : 'DESC'} LIMIT 1`,
        id,
        sequence,
      );
      return row === undefined ? undefined : Number(row[0]);
    };
    return { previous: nearest('<'), base: nearest('<='), next: nearest('>') };
  }

  async page(id: ExecutionId, after: number, limit: number): Promise<readonly EventRow[]> {
    return this.#all(
      `SELECT sequence, created_at, typeof(kind_json), octet_length(kind_json), CASE WHEN octet_length(kind_json) <= ${LIST_EVENT_BYTES} THEN CAST(kind_json AS BLOB) END
       FROM events WHERE execution_id = ? AND sequence > ? AND sequence <= 9007199254740991 AND ${isInteger('sequence')} ORDER BY sequence LIMIT ?`,
      id,
      after,
      limit,
    ).map(toEvent);
  }

  async *scan(id: ExecutionId, after: number, signal?: AbortSignal): AsyncIterable<EventChunk> {
    for (const chunk of scanEvents((sql, ...params) => this.#all(sql, ...params), id, after, this.#shape.uniqueSequences)) {
      signal?.throwIfAborted();
      yield chunk;
    }
  }

  async payload(id: ExecutionId, sequence: number): Promise<EventRow | undefined> {
    const row = this.#all(
      'SELECT sequence, created_at, typeof(kind_json), octet_length(kind_json), CAST(kind_json AS BLOB) FROM events WHERE execution_id = ? AND sequence = ?',
      id,
      sequence,
    ).at(-1);
    return row && toEvent(row);
  }

  async snapshots(id: ExecutionId): Promise<readonly SnapshotHeader[]> {
    return this.#all(
      `SELECT at_sequence, created_at, ${this.#snapshotBytes()} FROM snapshots WHERE execution_id = ? AND ${isInteger('at_sequence')} ORDER BY at_sequence`,
      id,
    ).map(([at, created, bytes]) => ({ atSequence: Number(at), createdAt: String(created), bytes: Number(bytes) }));
  }

  async snapshot(id: ExecutionId, sequence: number): Promise<SnapshotRow | undefined> {
    const materialized = this.#shape.columns.get('snapshots')?.has('last_sequence') === true;
    const [row] = this.#all(
      `SELECT at_sequence, created_at, ${this.#snapshotBytes()}, CAST(state_json AS TEXT)${materialized ? ', status, CAST(completed_nodes_json AS TEXT), CAST(active_nodes_json AS TEXT), last_sequence' : ''}
       FROM snapshots WHERE execution_id = ? AND at_sequence <= ? AND ${isInteger('at_sequence')} ORDER BY at_sequence DESC LIMIT 1`,
      id,
      sequence,
    );
    if (row === undefined) return undefined;
    const [at, created, bytes, state, status, completed, active, last] = row;
    return {
      atSequence: Number(at),
      createdAt: String(created),
      bytes: Number(bytes),
      stateJson: String(state ?? ''),
      materialized: materialized
        ? { status: String(status), completedNodesJson: String(completed ?? ''), activeNodesJson: String(active ?? ''), lastSequence: Number(last) }
        : undefined,
    };
  }

  async definition(workflowId: string, version: string): Promise<string | undefined> {
    if (!this.#shape.columns.has('workflow_definitions')) return undefined;
    const [row] = this.#all('SELECT CAST(ir_json AS TEXT) FROM workflow_definitions WHERE workflow_id = ? AND version = ? LIMIT 1', workflowId, version);
    return row && String(row[0]);
  }

  async children(id: ExecutionId): Promise<readonly ExecutionRow[]> {
    if (!this.#shape.columns.get('workflow_executions')?.has('parent_execution_id')) return [];
    return this.#all(
      `SELECT ${executionColumns(this.#shape.columns)} FROM workflow_executions AS x WHERE x.parent_execution_id = ? ORDER BY x.segment_number LIMIT 100`,
      id,
    ).map(toExecution);
  }

  async artifact(hash: string): Promise<string | undefined> {
    if (!this.#shape.columns.has('artifacts')) return undefined;
    const [row] = this.#all('SELECT bytes FROM artifacts WHERE hash = ? LIMIT 1', hash);
    return row?.[0] instanceof Uint8Array ? Buffer.from(row[0]).toString('utf8') : undefined;
  }

  close(): void {
    this.#closed = true;
    this.#connection.close();
  }

  #all(sql: string, ...params: readonly SqlValue[]): SqlRow[] {
    // Somebody went on reading after it was closed: that is no mistake of the driver.
    if (this.#closed) throw new FaultError('no-source', { subject: basename(this.#file.original) });
    try {
      return this.#connection.all(sql, ...params);
    } catch (error) {
      throw sqliteFault(error, basename(this.#file.original));
    }
  }

  #snapshotBytes(): string {
    const extra = this.#shape.columns.get('snapshots')?.has('last_sequence') ? ' + octet_length(completed_nodes_json) + octet_length(active_nodes_json)' : '';
    return `octet_length(state_json)${extra}`;
  }
}

/** Tables that were made by hand may have columns without types, in which an integer can be stored as REAL. */
function isInteger(column: 'sequence' | 'at_sequence'): string {
  return `(typeof(${column}) IN ('integer', 'real') AND ${column} = CAST(${column} AS INTEGER))`;
}

/** A copy that was made during a write may be inconsistent even if the file's time did not change. */
function checkCopy(connection: Connection, name: string): void {
  const [row] = connection.all('PRAGMA quick_check(1)');
  if (row?.[0] !== 'ok') throw new FaultError('damaged', { subject: name, detail: String(row?.[0] ?? 'its integrity check returned nothing') });
}

function toEvent(row: SqlRow): EventRow {
  const [sequence, createdAt, type, bytes, content] = row;
  const event = { sequence: Number(sequence), createdAt: String(createdAt), bytes: Number(bytes ?? 0) };
  if (type !== 'text') return { ...event, text: undefined, unreadable: notText(String(type)) };
  if (!(content instanceof Uint8Array)) return { ...event, text: undefined, unreadable: undefined };
  if (!isUtf8(content)) return { ...event, text: Buffer.from(content).toString('utf8'), unreadable: NOT_UTF8 };
  return { ...event, text: Buffer.from(content).toString('utf8'), unreadable: undefined };
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

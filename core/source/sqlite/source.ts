import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FaultError } from '../../fault.ts';
import type { EventChunk } from '../../jamjet/chunk.ts';
import { type ExecutionId, hyphenated, idDigits } from '../../jamjet/ids.ts';
import type { AuditRow, EventRow, ExecutionRow, SnapshotHeader, SnapshotRow, WorkItemRow } from '../../jamjet/rows.ts';
import { toExecution } from '../execution-row.ts';
import { facetsOf, type Group } from '../facets.ts';
import {
  type ExecutionDetail,
  type ExecutionFilter,
  type ExecutionListing,
  type ExecutionPage,
  type ExecutionQuery,
  type Facets,
  type IdentifiedEvent,
  type LackingExecution,
  MAX_WORK_ITEMS,
  type Pause,
  type RunCheck,
  type SnapshotPlaces,
  type Source,
  type SourceCounts,
  type SourceSummary,
  type SourceVersion,
  searchWords,
} from '../port.ts';
import { auditPages } from './audit-log.ts';
import { type SqlRow, type SqlValue, undoUnfinished } from './connection.ts';
import { countRows } from './counts.ts';
import {
  addGroups,
  compareOrdered,
  executionColumns,
  groupsOf,
  isOneOf,
  lackingExecutions,
  listings,
  matchingExecutions,
  type OrderedRow,
} from './executions.ts';
import { sqliteFault } from './faults.ts';
import { BUSY_FOR, BUSY_PAUSE, busyPause, GuardedConnection, isBusy, retryingWhileBusy, sizeOnDisk } from './guarded.ts';
import { checkExecution } from './integrity.ts';
import { Kept } from './kept.ts';
import { networkOf, networkRemark } from './network-folder.ts';
import { fileStamp, filesOf, type PreparedFile } from './prepare.ts';
import { type DatabaseShape, recognise } from './recognise.ts';
import { MAX_EVENT_BYTES, readText, scanEvents } from './scan.ts';
import { type Condition, inTurns, mergeInTurns } from './turns.ts';

/** A page leaves out the text of a longer event, which is read when it is displayed. */
const LIST_EVENT_BYTES = 256 * 1024;
const UNDONE =
  'A program was stopped in the middle of a write to this file. What is shown is a private copy in which that write is undone, as that program will undo it; the file is as it was.';
/** How often a chunk of a scan is read again while a writer has the file locked. */
const MAX_TRIES = BUSY_FOR / BUSY_PAUSE;
const SNAPSHOTS_PER_TURN = 250;

/** Reads a JamJet state database in an SQLite file. It cannot write. */
export class SqliteSource implements Source {
  readonly #file: PreparedFile;
  readonly #connection: GuardedConnection;
  readonly #shape: DatabaseShape;
  readonly #size: number;
  readonly #remarks: SourceSummary['remarks'];
  /** Ids as they are stored, if that is not the text that is shown: some other program wrote integers. */
  readonly #storedIds = new Map<ExecutionId, SqlValue>();
  /** The keys of the executions of the last lists, in order. */
  readonly #orders = new Kept<readonly SqlValue[]>();
  readonly #groups = new Kept<readonly Group[]>();

  private constructor(file: PreparedFile, connection: GuardedConnection, shape: DatabaseShape, remarks: readonly string[]) {
    this.#file = file;
    this.#connection = connection;
    this.#shape = shape;
    this.#size = sizeOnDisk(file);
    this.#remarks = remarks.length === 0 ? undefined : remarks.map((text) => ({ text }));
  }

  get generation(): number {
    return this.#shape.generation;
  }

  get files(): readonly string[] {
    return filesOf(this.#file);
  }

  /** @throws FaultError when the file cannot be opened or is not a JamJet database. */
  static async open(file: PreparedFile, signal?: AbortSignal): Promise<SqliteSource> {
    const name = basename(file.original);
    let connection: GuardedConnection | undefined;
    try {
      if (file.isUnfinished) undoUnfinished(file.path);
      const opened = await retryingWhileBusy(() => new GuardedConnection(file), signal);
      connection = opened;
      // A writer at full speed leaves only moments between its locks, so each query is tried again by itself.
      const query = (sql: string): Promise<SqlRow[]> => retryingWhileBusy(() => opened.all(sql), signal);
      if (file.access === 'copy') checkCopy(opened, name);
      const shape = await recognise(query, name);
      await opened.remember(shape.events.rowid, signal);
      const network = await networkOf(file.real);
      const remarks = [...(network === undefined ? [] : [networkRemark(network)]), ...(file.isUnfinished ? [UNDONE] : [])];
      return new SqliteSource(file, opened, shape, remarks);
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
      size: this.#file.access === 'copy' ? this.#size : sizeOnDisk(this.#file),
      access: this.#connection.access,
      ...(this.#remarks !== undefined && { remarks: this.#remarks }),
    };
  }

  async *count(signal?: AbortSignal): AsyncIterable<SourceCounts> {
    for (const counts of countRows(this.#all, this.#shape)) {
      yield counts;
      signal?.throwIfAborted();
    }
  }

  async executions(query: ExecutionQuery, signal?: AbortSignal): Promise<ExecutionPage> {
    const { offset, limit, ...list } = query;
    const version = await this.#read(() => this.#connection.version(), signal);
    const order = await this.#orders.get(version, JSON.stringify(list), (stop) => this.#order(query, stop), signal);
    const keys = order.slice(offset, offset + limit);
    if (keys.length === 0) return { rows: [], total: order.length };
    const rows = new Map<SqlValue, ExecutionListing>();
    for (const [key, id, row] of await this.#read(() => listings(this.#all, this.#shape, keys), signal)) {
      this.#remember(id);
      rows.set(key, row);
    }
    return { rows: keys.flatMap((key) => rows.get(key) ?? []), total: order.length };
  }

  async facets(filter: ExecutionFilter, signal?: AbortSignal): Promise<Facets> {
    const { text, startedFrom, startedTo, ids } = filter;
    const version = await this.#read(() => this.#connection.version(), signal);
    const groups = (of: ExecutionFilter): Promise<readonly Group[]> => this.#groups.get(version, JSON.stringify(of), (stop) => this.#group(of, stop), signal);
    return facetsOf(await groups({}), await groups({ text, startedFrom, startedTo, ids }), filter);
  }

  async lacking(query: ExecutionQuery, signal?: AbortSignal): Promise<readonly LackingExecution[]> {
    if (searchWords(query.text).wanted.length === 0 && query.hasError !== true) return [];
    const only = this.#only(query);
    const rows = await this.#sorted((range) => lackingExecutions(this.#all, this.#shape, query, [...range, ...only]), query, signal);
    return rows.map((row) => {
      this.#remember(row[2]);
      return row[3];
    });
  }

  /** The keys of the executions of a list. No index of the database has them in the order of a list, so they are sorted once. */
  async #order(query: ExecutionQuery, signal: AbortSignal): Promise<readonly SqlValue[]> {
    const only = this.#only(query);
    const rows = await this.#sorted((range) => matchingExecutions(this.#all, this.#shape, query, [...range, ...only]), query, signal);
    // Without destructuring, which takes several times as long for a hundred thousand rows.
    return rows.map((row) => row[0]);
  }

  #only({ ids }: ExecutionFilter): readonly Condition[] {
    if (ids === undefined) return [];
    const stored = ids.map((id) => this.#stored(id));
    return stored.length === 0 ? [{ sql: '0', params: [] }] : [isOneOf('x.execution_id', stored)];
  }

  async #sorted<Row extends OrderedRow>(
    read: (range: readonly Condition[]) => Row[],
    { descending, ids }: ExecutionQuery,
    signal?: AbortSignal,
  ): Promise<readonly Row[]> {
    const compare = (a: OrderedRow, b: OrderedRow): number => compareOrdered(a, b, descending);
    const parts: Row[][] = [];
    // A few ids are found by their index.
    const rowid = ids === undefined ? this.#shape.executionRowid : undefined;
    for await (const rows of inTurns(this.#all, rowid, read, signal)) parts.push(rows.sort(compare));
    return mergeInTurns(parts, compare, signal);
  }

  async #group(filter: ExecutionFilter, signal: AbortSignal): Promise<readonly Group[]> {
    const groups = new Map<string, Group>();
    const only = this.#only(filter);
    const read = (range: readonly Condition[]): SqlRow[] => groupsOf(this.#all, this.#shape.columns, filter, [...range, ...only]);
    for await (const rows of inTurns(this.#all, this.#shape.executionRowid, read, signal)) addGroups(groups, rows);
    return [...groups.values()];
  }

  /** Keeps an id as it is stored, if that is not the text that is shown. */
  #remember(id: SqlValue): void {
    if (typeof id !== 'string') this.#storedIds.set(String(id), id);
  }

  async execution(id: ExecutionId, signal?: AbortSignal): Promise<ExecutionDetail | undefined> {
    return this.#read(() => {
      const [row] = this.#all(
        `SELECT ${executionColumns(this.#shape.columns)}, ${asText('x.initial_input')}, ${asText('x.current_state')}
         FROM workflow_executions AS x WHERE x.execution_id = ?`,
        this.#stored(id),
      );
      if (row === undefined) return undefined;
      const [input, state] = [this.#text(row, 10), this.#text(row, 12)];
      return { ...toExecution(row), initialInputJson: input.text, inputUnreadable: input.unreadable, currentStateJson: state.text };
    }, signal);
  }

  async resolve(text: string, limit: number, signal?: AbortSignal): Promise<readonly ExecutionId[]> {
    const digits = idDigits(text);
    const prefix = digits === undefined ? text : hyphenated(digits);
    return this.#read(() => {
      const found = this.#all(
        'SELECT execution_id FROM workflow_executions WHERE execution_id = ? OR (? AND execution_id >= ? AND execution_id < ?) ORDER BY 1 LIMIT ?',
        text,
        digits === undefined ? 0 : 1,
        prefix,
        `${prefix}~`,
        limit,
      );
      // Ids in another spelling than the runtime's are found only by reading all of them.
      const rows =
        found.length > 0
          ? found
          : this.#all(
              `SELECT execution_id FROM workflow_executions WHERE lower(CAST(execution_id AS TEXT)) = lower(?) OR (? AND lower(replace(CAST(execution_id AS TEXT), '-', '')) LIKE ? ESCAPE '\\') LIMIT ?`,
              text,
              digits === undefined ? 0 : 1,
              `${digits}%`,
              limit,
            );
      return rows.map(([id]) => {
        this.#remember(id as SqlValue);
        return String(id);
      });
    }, signal);
  }

  async version(signal?: AbortSignal): Promise<SourceVersion> {
    if (this.#file.access === 'copy') {
      const stamp = await fileStamp(this.#file.real);
      return { text: stamp, list: stamp, isOutdated: stamp !== this.#file.stamp };
    }
    const text = await this.#read(() => this.#connection.version(), signal);
    return { text, list: text, isOutdated: false };
  }

  async status(id: ExecutionId, signal?: AbortSignal): Promise<string | undefined> {
    const [row] = await this.#read(() => this.#all('SELECT status FROM workflow_executions WHERE execution_id = ?', this.#stored(id)), signal);
    return row === undefined ? undefined : String(row[0]);
  }

  async head(id: ExecutionId, signal?: AbortSignal): Promise<number> {
    const [row] = await this.#read(
      () => this.#all('SELECT max(sequence) FROM events WHERE execution_id = ? AND sequence BETWEEN 1 AND 9007199254740991', this.#stored(id)),
      signal,
    );
    return Math.floor(Number(row?.[0] ?? 0));
  }

  async outOfOrder(id: ExecutionId, signal?: AbortSignal): Promise<number> {
    // Three searches of the index. Text and BLOBs sort after every number, so `>` finds them, too.
    const parts = ['sequence IS NULL', 'sequence <= 0', 'sequence > 9007199254740991'];
    return this.#read(() => {
      const counts = parts.map((part) => this.#all(`SELECT count(*) FROM events WHERE execution_id = ? AND ${part}`, this.#stored(id))[0]?.[0]);
      return counts.reduce<number>((sum, count) => sum + Number(count), 0);
    }, signal);
  }

  async snapshotCount(id: ExecutionId, signal?: AbortSignal): Promise<number> {
    const [row] = await this.#read(
      () => this.#all(`SELECT count(*) FROM snapshots WHERE execution_id = ? AND ${isInteger('at_sequence')}`, this.#stored(id)),
      signal,
    );
    return Number(row?.[0] ?? 0);
  }

  async snapshotsAround(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotPlaces> {
    const nearest = (side: '<' | '<=' | '>'): number | undefined => {
      const [row] = this.#all(
        `SELECT at_sequence FROM snapshots WHERE execution_id = ? AND at_sequence ${side} ? AND ${isInteger('at_sequence')} ORDER BY at_sequence ${side === '>' ? 'ASC' : 'DESC'} LIMIT 1`,
        this.#stored(id),
        sequence,
      );
      return row === undefined ? undefined : Number(row[0]);
    };
    return this.#read(() => ({ previous: nearest('<'), base: nearest('<='), next: nearest('>') }), signal);
  }

  async page(id: ExecutionId, after: number, limit: number, signal?: AbortSignal): Promise<readonly EventRow[]> {
    return this.#read(() => {
      const select = `SELECT sequence, created_at, typeof(kind_json), CASE WHEN octet_length(kind_json) <= ${LIST_EVENT_BYTES} THEN CAST(kind_json AS BLOB) END,
          octet_length(kind_json) FROM events WHERE execution_id = ? AND ${isInteger('sequence')}`;
      const rows = this.#all(`${select} AND sequence > ? AND sequence <= 9007199254740991 ORDER BY sequence LIMIT ?`, this.#stored(id), after, limit);
      const last = rows.at(-1)?.[0];
      if (this.#shape.events.unique || rows.length < limit || last === undefined) return rows.map((row) => this.#event(row));
      // All rows of the last sequence belong to the page, because the next one starts after this sequence.
      const whole = [...rows.filter(([sequence]) => sequence !== last), ...this.#all(`${select} AND sequence = ?`, this.#stored(id), last as bigint)];
      return whole.map((row) => this.#event(row));
    }, signal);
  }

  async *scan(id: ExecutionId, after: number, signal?: AbortSignal): AsyncIterable<EventChunk> {
    const { events, encoding } = this.#shape;
    let last = after;
    for (let tries = 0; ; tries++) {
      try {
        for (const chunk of scanEvents(this.#all, { events, encoding }, this.#stored(id), last)) {
          signal?.throwIfAborted();
          yield chunk;
          last = chunk.sequences.at(-1) ?? last;
          tries = 0;
        }
        return;
      } catch (error) {
        // A chunk has all rows of its sequences, so the scan can be continued after the last one.
        if (!isBusy(error) || tries > MAX_TRIES) throw error;
        await busyPause(signal);
      }
    }
  }

  async check(id: ExecutionId, pause: Pause, signal?: AbortSignal): Promise<RunCheck> {
    const { events, snapshotRowid } = this.#shape;
    return checkExecution(this.#all, events, snapshotRowid, this.#stored(id), async () => {
      await pause();
      signal?.throwIfAborted();
    });
  }

  async payload(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<EventRow | undefined> {
    const rows = await this.#read(
      () =>
        this.#all(
          `SELECT sequence, created_at, typeof(kind_json), CASE WHEN octet_length(kind_json) <= ${MAX_EVENT_BYTES} THEN CAST(kind_json AS BLOB) END,
             octet_length(kind_json) FROM events WHERE execution_id = ? AND sequence = ?`,
          this.#stored(id),
          sequence,
        ),
      signal,
    );
    const row = rows.at(-1);
    if (row === undefined) return undefined;
    const { bytes, unreadable } = readText(row[2], row[3], Number(row[4] ?? 0), this.#shape.encoding);
    return { ...this.#event(row), text: row[2] === 'text' ? Buffer.from(bytes).toString('utf8') : undefined, unreadable };
  }

  async snapshots(id: ExecutionId, signal?: AbortSignal): Promise<readonly SnapshotHeader[]> {
    const select = `SELECT at_sequence, created_at, ${this.#snapshotBytes()} FROM snapshots WHERE execution_id = ? AND ${isInteger('at_sequence')}`;
    const found: SnapshotHeader[] = [];
    // A header costs a page of its state, so a long run has them read in turns.
    for (let after: SqlValue | undefined; ; ) {
      const beyond = after === undefined ? [] : [after];
      const rows = await this.#read(() => {
        const page = this.#all(
          `${select} ${after === undefined ? '' : 'AND at_sequence > ?'} ORDER BY at_sequence LIMIT ${SNAPSHOTS_PER_TURN}`,
          this.#stored(id),
          ...beyond,
        );
        const last = page.at(-1)?.[0];
        if (page.length < SNAPSHOTS_PER_TURN || last === undefined) return page;
        // All that are at the last sequence belong together, because the next turn starts after it.
        return [...page.filter(([at]) => at !== last), ...this.#all(`${select} AND at_sequence = ?`, this.#stored(id), last as SqlValue)];
      }, signal);
      for (const [at, created, bytes] of rows) found.push({ atSequence: Number(at), createdAt: String(created), bytes: Number(bytes) });
      const last = rows.at(-1)?.[0] as SqlValue;
      // In a damaged index the next rows may be those of before, for ever.
      if (rows.length < SNAPSHOTS_PER_TURN || (after !== undefined && Number(last) <= Number(after))) return found;
      after = last;
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  async snapshot(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotRow | undefined> {
    const materialized = this.#shape.columns.get('snapshots')?.has('last_sequence') === true;
    const extra = materialized ? `, ${asText('completed_nodes_json')}, ${asText('active_nodes_json')}, status, last_sequence` : '';
    const [row] = await this.#read(
      () =>
        this.#all(
          `SELECT at_sequence, created_at, ${this.#snapshotBytes()}, ${asText('state_json')}${extra}
           FROM snapshots WHERE execution_id = ? AND at_sequence <= ? AND ${isInteger('at_sequence')} ORDER BY at_sequence DESC LIMIT 1`,
          this.#stored(id),
          sequence,
        ),
      signal,
    );
    if (row === undefined) return undefined;
    const state = this.#text(row, 3);
    const [completed, active] = materialized ? [this.#text(row, 5), this.#text(row, 7)] : [];
    return {
      atSequence: Number(row[0]),
      createdAt: String(row[1]),
      bytes: Number(row[2]),
      stateJson: state.text,
      unreadable: state.unreadable ?? completed?.unreadable ?? active?.unreadable,
      materialized:
        completed === undefined || active === undefined
          ? undefined
          : { status: String(row[9]), completedNodesJson: completed.text, activeNodesJson: active.text, lastSequence: Number(row[10]) },
    };
  }

  async definition(workflowId: string, version: string, signal?: AbortSignal): Promise<string | undefined> {
    if (!this.#shape.columns.has('workflow_definitions')) return undefined;
    const [row] = await this.#read(
      () => this.#all('SELECT CAST(ir_json AS TEXT) FROM workflow_definitions WHERE workflow_id = ? AND version = ? LIMIT 1', workflowId, version),
      signal,
    );
    return row && String(row[0]);
  }

  async children(id: ExecutionId, signal?: AbortSignal): Promise<readonly ExecutionRow[]> {
    if (!this.#shape.columns.get('workflow_executions')?.has('parent_execution_id')) return [];
    const rows = await this.#read(
      () =>
        this.#all(
          `SELECT ${executionColumns(this.#shape.columns)} FROM workflow_executions AS x WHERE x.parent_execution_id = ? ORDER BY x.segment_number LIMIT 100`,
          this.#stored(id),
        ),
      signal,
    );
    return rows.map((row) => toExecution(row));
  }

  async artifact(hash: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    if (!this.#shape.columns.has('artifacts')) return undefined;
    const [row] = await this.#read(() => this.#all('SELECT CAST(bytes AS BLOB) FROM artifacts WHERE hash = ? LIMIT 1', hash), signal);
    return row?.[0] instanceof Uint8Array ? row[0] : undefined;
  }

  async workItems(id: ExecutionId, node?: string, signal?: AbortSignal): Promise<readonly WorkItemRow[] | undefined> {
    const columns = this.#shape.columns.get('work_items');
    if (columns === undefined) return undefined;
    const rows = await this.#read(
      () =>
        this.#all(
          `SELECT id, node_id, queue_type, status, attempt, worker_id, created_at, lease_expires_at, ${columns.has('retry_after') ? 'retry_after' : 'NULL'}
           FROM work_items WHERE execution_id = ?${node === undefined ? '' : ' AND node_id = ?'} ORDER BY created_at, id LIMIT ${MAX_WORK_ITEMS}`,
          this.#stored(id),
          ...(node === undefined ? [] : [node]),
        ),
      signal,
    );
    const text = (value: unknown): string | undefined => (value === null || value === undefined ? undefined : String(value));
    return rows.map((row) => ({
      id: String(row[0]),
      nodeId: String(row[1]),
      queueType: String(row[2]),
      status: String(row[3]),
      attempt: Number(row[4]),
      workerId: text(row[5]),
      createdAt: String(row[6]),
      leaseExpiresAt: text(row[7]),
      retryAfter: text(row[8]),
    }));
  }

  async workItemPayload(itemId: string, signal?: AbortSignal): Promise<string | undefined> {
    if (!this.#shape.columns.has('work_items')) return undefined;
    const [row] = await this.#read(
      () =>
        this.#all(
          `SELECT payload_json FROM work_items WHERE id = ? AND typeof(payload_json) = 'text' AND octet_length(payload_json) <= ${MAX_EVENT_BYTES}`,
          itemId,
        ),
      signal,
    );
    return row && String(row[0]);
  }

  auditLog(signal?: AbortSignal): AsyncIterable<readonly AuditRow[]> | undefined {
    const columns = this.#shape.columns.get('audit_log');
    return columns && auditPages((sql, ...params) => this.#read(() => this.#all(sql, ...params), signal), columns);
  }

  async eventById(eventId: string, signal?: AbortSignal): Promise<IdentifiedEvent | undefined> {
    if (!this.#shape.columns.get('events')?.has('id')) return undefined;
    const [row] = await this.#read(
      () =>
        this.#all(
          `SELECT execution_id, sequence, kind_json FROM events WHERE id = ? AND typeof(kind_json) = 'text' AND octet_length(kind_json) <= ${MAX_EVENT_BYTES}`,
          eventId,
        ),
      signal,
    );
    return row && { executionId: String(row[0]), sequence: Number(row[1]), text: String(row[2]) };
  }

  close(): void {
    this.#connection.close();
  }

  readonly #all = (sql: string, ...params: readonly SqlValue[]): SqlRow[] => this.#connection.all(sql, ...params);

  #read<T>(read: () => T, signal: AbortSignal | undefined): Promise<T> {
    return retryingWhileBusy(read, signal);
  }

  #stored(id: ExecutionId): SqlValue {
    return this.#storedIds.get(id) ?? id;
  }

  /** The text of a column that was selected with {@link asText}, at an index of the row. */
  #text(row: SqlRow, index: number): { readonly text: string; readonly unreadable: string | undefined } {
    const [type, content] = [row[index], row[index + 1]];
    const { bytes, unreadable } = readText(type, content, 0, this.#shape.encoding);
    return { text: Buffer.from(bytes).toString('utf8'), unreadable: type === 'blob' ? undefined : unreadable };
  }

  #event(row: SqlRow): EventRow {
    const [sequence, createdAt, type, content, size] = row;
    const event = { sequence: Number(sequence), createdAt: String(createdAt), bytes: Number(size ?? 0) };
    // The page leaves the text out; it is read when it is displayed.
    if (type === 'text' && !(content instanceof Uint8Array)) return { ...event, text: undefined, unreadable: undefined };
    const { bytes, unreadable } = readText(type, content, event.bytes, this.#shape.encoding);
    return { ...event, text: type === 'text' ? Buffer.from(bytes).toString('utf8') : undefined, unreadable };
  }

  #snapshotBytes(): string {
    const extra = this.#shape.columns.get('snapshots')?.has('last_sequence') ? ' + octet_length(completed_nodes_json) + octet_length(active_nodes_json)' : '';
    return `octet_length(state_json)${extra}`;
  }
}

/** A column's type and bytes: as text, bytes that are not valid would be replaced without a word. */
function asText(column: string): string {
  return `typeof(${column}), CAST(${column} AS BLOB)`;
}

/** Tables that were made by hand may have columns without types, in which an integer can be stored as REAL. */
function isInteger(column: 'sequence' | 'at_sequence'): string {
  return `(typeof(${column}) IN ('integer', 'real') AND ${column} = CAST(${column} AS INTEGER))`;
}

/** A copy that was made during a write may be inconsistent even if the file's time did not change. */
function checkCopy(connection: GuardedConnection, name: string): void {
  const [row] = connection.all('PRAGMA quick_check(1)');
  if (row?.[0] !== 'ok') throw new FaultError('damaged', { subject: name, detail: String(row?.[0] ?? 'its integrity check returned nothing') });
}

import { setImmediate } from 'node:timers/promises';
import { FaultError } from '../../fault.ts';
import type { EventChunk } from '../../jamjet/chunk.ts';
import { type ExecutionId, hyphenated, idDigits } from '../../jamjet/ids.ts';
import type { EventRow, ExecutionRow, SnapshotHeader, SnapshotRow, WorkItemRow } from '../../jamjet/rows.ts';
import { AddressError, parseAddress, withoutPassword } from '../../postgres/address.ts';
import { toExecution } from '../execution-row.ts';
import { facetsOf } from '../facets.ts';
import {
  type ExecutionDetail,
  type ExecutionFilter,
  type ExecutionPage,
  type ExecutionQuery,
  type Facets,
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
import { PostgresConnection } from './connection.ts';
import { countRows } from './counts.ts';
import { executionColumns, groupExecutions, lackingExecutions, listExecutions } from './executions.ts';
import { addressFault } from './faults.ts';
import { equals, integerText, isoTime, isPlaced, type Layout, problemOf, textOf } from './layout.ts';
import { readOnlyRole } from './read-only-role.ts';
import type { Query } from './reading.ts';
import { recognise, SIZE, TABLE_NAMES } from './recognise.ts';
import { chunksOf, FIRST_ROWS, MAX_EVENT_BYTES, NULL_COLUMN, scanRows, tooLong } from './scan.ts';
import type { Row } from './session.ts';
import { inputIn, withType } from './typed-event.ts';
import { Values } from './values.ts';

/** A page leaves out the text of a longer event, which is read when it is displayed. */
const LIST_EVENT_BYTES = 256 * 1024;
/** Snapshots may have any sequence that is an integer. */
const LOWEST = -9_007_199_254_740_991;
const MAX_CHILDREN = 100;

/**
 * The first changes with every transaction in the whole server that begins or ends, so also without a change here; the second
 * with rows that are written. A replica counts no rows: what it has replayed tells both. The third is how far it is behind, in milliseconds; cut off from its primary, it is as old as what it replayed last.
 */
const VERSION = `SELECT txid_current_snapshot()::text,
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text
    ELSE (SELECT (tup_inserted + tup_updated + tup_deleted)::text FROM pg_stat_database WHERE datname = current_database()) END,
  CASE WHEN NOT pg_is_in_recovery() THEN NULL
    WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN '0'
    ELSE coalesce(round(1000 * extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())), 0)::text END`;

/**
 * Reads a JamJet state database on a server that speaks the Postgres protocol: the tables of our store, or those of JamJet's
 * document. It cannot write: every statement runs in a transaction that only reads, and none can end it.
 */
export class PostgresSource implements Source {
  readonly files: readonly string[] = [];
  readonly #connection: PostgresConnection;
  readonly #layout: Layout;
  readonly #summary: SourceSummary;

  private constructor(connection: PostgresConnection, layout: Layout, summary: SourceSummary) {
    this.#connection = connection;
    this.#layout = layout;
    this.#summary = summary;
  }

  get generation(): number {
    return this.#layout.generation;
  }

  /**
   * @param address see {@link parseAddress}; without `?schema=NAME` the schema is found.
   * @throws FaultError that never contains the password.
   */
  static async open(address: string, signal?: AbortSignal): Promise<PostgresSource> {
    const { parsed, location } = parse(address);
    const server = parsed.host.startsWith('/') ? parsed.host : `${parsed.host}:${parsed.port}`;
    const name = `${parsed.database} on ${server}`;
    const connection = new PostgresConnection(parsed, name);
    try {
      // Asked for together with the tables, for most databases are in the schema that is named, or in this one.
      const likely = parsed.schema ?? 'public';
      const likelySize = sizeOf(connection, likely, signal);
      likelySize.catch(() => {});
      const { layout, tables, user } = await connection.read((query, searchPath) => recognise(query, searchPath, parsed.schema, name), signal);
      const size = await (layout.schema === likely ? likelySize : sizeOf(connection, layout.schema, signal));
      const warning = readOnlyRole(tables, { user, database: parsed.database, schema: layout.schema });
      const remarks = [...layout.remarks, ...(warning === undefined ? [] : [warning])];
      return new PostgresSource(connection, layout, {
        name: parsed.schema === undefined && layout.schema === 'public' ? parsed.database : `${parsed.database}.${layout.schema}`,
        location,
        kind: 'Postgres',
        generation: layout.generation,
        size,
        access: 'live',
        ...(remarks.length > 0 && { remarks }),
      });
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** As it was when it was opened: who asks for it then waits for no further answer of the server. */
  async describe(): Promise<SourceSummary> {
    return this.#summary;
  }

  async *count(signal?: AbortSignal): AsyncIterable<SourceCounts> {
    yield* countRows((work) => this.#connection.read(work, signal), this.#layout);
  }

  async executions(query: ExecutionQuery, signal?: AbortSignal): Promise<ExecutionPage> {
    return this.#connection.read((run) => listExecutions(run, this.#layout, query), signal);
  }

  async facets(filter: ExecutionFilter, signal?: AbortSignal): Promise<Facets> {
    const { text, startedFrom, startedTo, ids } = filter;
    const { wanted, unwanted } = searchWords(text);
    const isWhole = wanted.length + unwanted.length === 0 && startedFrom === undefined && startedTo === undefined && ids === undefined;
    return this.#connection.read(async (run) => {
      const groups = isWhole ? [{}] : [{}, filter];
      const [everything = [], matching = everything] = await Promise.all(groups.map((wanted) => groupExecutions(run, this.#layout, wanted)));
      return facetsOf(everything, matching, filter);
    }, signal);
  }

  async lacking(query: ExecutionQuery, signal?: AbortSignal): Promise<readonly LackingExecution[]> {
    if (searchWords(query.text).wanted.length === 0 && query.hasError !== true) return [];
    return this.#connection.read((run) => lackingExecutions(run, this.#layout, query), signal);
  }

  async execution(id: ExecutionId, signal?: AbortSignal): Promise<ExecutionDetail | undefined> {
    const { execution, tables } = this.#layout;
    const values = new Values();
    const [row] = await this.#rows(
      `SELECT ${executionColumns(this.#layout)}, ${textOf(execution.initialInput)}, ${textOf(execution.currentState)}
       FROM ${tables.executions} AS x WHERE ${equals(execution.id, id, values)} LIMIT 1`,
      values.list,
      signal,
    );
    if (row === undefined) return undefined;
    const problem = problemOf(execution.initialInput) ?? (row[10] === null ? NULL_COLUMN : undefined);
    const input = row[10] ?? '';
    return {
      ...toExecution(row, isoTime),
      initialInputJson: execution.isInputInEvent ? inputIn(input) : input,
      inputUnreadable: problem,
      currentStateJson: row[11] ?? '',
    };
  }

  async resolve(text: string, limit: number, signal?: AbortSignal): Promise<readonly ExecutionId[]> {
    const { id } = this.#layout.execution;
    const values = new Values();
    const digits = idDigits(text);
    const conditions = [equals(id, text, values)];
    if (digits !== undefined && id.type === 'uuid') {
      const [first, last] = ['0', 'f'].map((rest) => values.add(hyphenated(digits.padEnd(32, rest))));
      conditions.push(`${id.sql} BETWEEN ${first}::uuid AND ${last}::uuid`);
    } else if (digits !== undefined) {
      conditions.push(`lower(replace(${textOf(id)}, '-', '')) LIKE ${values.add(`${digits}%`)}`);
    }
    const rows = await this.#rows(
      `SELECT ${textOf(id)} FROM ${this.#layout.tables.executions} AS x WHERE ${conditions.join(' OR ')} ORDER BY (${textOf(id)}) COLLATE "C" LIMIT ${values.add(limit)}::bigint`,
      values.list,
      signal,
    );
    return rows.map(([found]) => String(found));
  }

  async version(signal?: AbortSignal): Promise<SourceVersion> {
    const [row] = await this.#connection.read((run) => run(VERSION, []), signal);
    const [text, list, behind = null] = row ?? [];
    return { text: String(text), list: String(list), isOutdated: false, ...(behind !== null && { behind: Number(behind) }) };
  }

  async status(id: ExecutionId, signal?: AbortSignal): Promise<string | undefined> {
    const { execution, tables } = this.#layout;
    const values = new Values();
    const [row] = await this.#connection.read(
      (run) => run(`SELECT ${textOf(execution.status)} FROM ${tables.executions} AS x WHERE ${equals(execution.id, id, values)}`, values.list),
      signal,
    );
    return row?.[0] === undefined || row[0] === null ? undefined : String(row[0]);
  }

  async head(id: ExecutionId, signal?: AbortSignal): Promise<number> {
    const { event } = this.#layout;
    const max = integerText({ ...event.sequence, sql: `max(${event.sequence.sql})` });
    const [row] = await this.#ofEvents((of) => `SELECT ${max} ${of} AND ${isPlaced(event.sequence)}`, id, [], signal);
    return Number(row?.[0] ?? 0);
  }

  async outOfOrder(id: ExecutionId, signal?: AbortSignal): Promise<number> {
    const { sequence } = this.#layout.event;
    // Each part is a search of the index; fractions are counted here, too, because no scan returns them.
    const parts = [`${sequence.sql} IS NULL`, `${sequence.sql} <= 0`, `${sequence.sql} > 9007199254740991`];
    if (sequence.type === 'numeric' || sequence.type.startsWith('float'))
      parts.push(`${sequence.sql} BETWEEN 0 AND 9007199254740991 AND NOT (${isPlaced(sequence)}) AND ${sequence.sql} > 0`);
    const [row] = await this.#ofEvents((of) => `SELECT ${parts.map((part) => `(SELECT count(*) ${of} AND ${part})`).join(' + ')}`, id, [], signal);
    return Number(row?.[0] ?? 0);
  }

  async page(id: ExecutionId, after: number, limit: number, signal?: AbortSignal): Promise<readonly EventRow[]> {
    const { event, keys } = this.#layout;
    // All rows of the last sequence belong to the page, because the next one starts after this sequence.
    const first = keys.events.isUnique ? 'LIMIT $3::bigint' : 'FETCH FIRST ($3::bigint) ROWS WITH TIES';
    const rows = await this.#ofEvents(
      (of) =>
        `SELECT ${this.#eventColumns(LIST_EVENT_BYTES)} ${of} AND ${event.sequence.sql} > $2::bigint AND ${isPlaced(event.sequence)} ORDER BY ${event.sequence.sql} ${first}`,
      id,
      [after, limit],
      signal,
    );
    return rows.map((row) => this.#event(row));
  }

  async *scan(id: ExecutionId, after: number, signal?: AbortSignal): AsyncIterable<EventChunk> {
    const read = (from: number, rows: number) => this.#connection.read((query) => scanRows(query, this.#layout, id, from, rows), signal);
    let next = read(Math.max(after, 0), FIRST_ROWS);
    for (;;) {
      const scanned = await next;
      if (scanned === undefined) return;
      // The server reads on while the events are indexed. A failure is told to who waits for it, if anybody does.
      next = read(scanned.last, scanned.next);
      next.catch(() => {});
      // It is asked before the events are made.
      await setImmediate();
      yield* chunksOf(this.#layout, scanned.rows);
    }
  }

  /** The server reads the rows by the same index, and offers no comparison to a user without special rights. */
  async check(_id: ExecutionId, _pause: Pause, signal?: AbortSignal): Promise<RunCheck> {
    const [row] = await this.#rows(`SELECT current_setting('data_checksums', true)`, [], signal);
    const detail =
      row?.[0] === 'on'
        ? 'the server checks the pages of its tables itself whenever it reads them'
        : 'the server does not check the pages of its tables; its administrator can compare tables and indexes with pg_amcheck';
    return { verdict: 'unchecked', detail };
  }

  async payload(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<EventRow | undefined> {
    const { event } = this.#layout;
    const rows = await this.#ofEvents(
      (of) => `SELECT ${this.#eventColumns(MAX_EVENT_BYTES)} ${of} AND ${event.sequence.sql} = $2::bigint`,
      id,
      [sequence],
      signal,
    );
    const row = rows.at(-1);
    if (row === undefined) return undefined;
    const found = this.#event(row);
    return found.text === undefined && found.unreadable === undefined ? { ...found, unreadable: tooLong(found.bytes) } : found;
  }

  async snapshotCount(id: ExecutionId, signal?: AbortSignal): Promise<number> {
    const [row] = await this.#ofSnapshots((of) => `SELECT count(*) ${of}`, id, [], signal);
    return Number(row?.[0] ?? 0);
  }

  async snapshotsAround(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotPlaces> {
    const at = this.#layout.snapshot.sequence;
    const nearest = (extreme: 'max' | 'min', side: string) => (of: string) =>
      `(SELECT ${integerText({ ...at, sql: `${extreme}(${at.sql})` })} ${of} AND ${at.sql} ${side} $2::bigint)`;
    const parts = [nearest('max', '<'), nearest('max', '<='), nearest('min', '>')];
    const [row] = await this.#ofSnapshots((of) => `SELECT ${parts.map((part) => part(of)).join(', ')}`, id, [sequence], signal);
    const [previous, base, next] = (row ?? []).map((place) => (place === null ? undefined : Number(place)));
    return { previous, base, next };
  }

  async snapshots(id: ExecutionId, signal?: AbortSignal): Promise<readonly SnapshotHeader[]> {
    const { sequence, createdAt } = this.#layout.snapshot;
    const columns = [integerText(sequence), textOf(createdAt), this.#snapshotBytes()];
    const rows = await this.#ofSnapshots((of) => `SELECT ${columns.join(', ')} ${of} ORDER BY ${sequence.sql}`, id, [], signal);
    return rows.map(([at, created, bytes]) => ({ atSequence: Number(at), createdAt: isoTime(String(created)), bytes: Number(bytes) }));
  }

  async snapshot(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotRow | undefined> {
    const { sequence: at, createdAt, state, materialized } = this.#layout.snapshot;
    const extra = materialized === undefined ? [] : [materialized.completed, materialized.active, materialized.status, materialized.lastSequence];
    const columns = [integerText(at), textOf(createdAt), this.#snapshotBytes(), textOf(state), ...extra.map(textOf)];
    const [row] = await this.#ofSnapshots(
      (of) => `SELECT ${columns.join(', ')} ${of} AND ${at.sql} <= $2::bigint ORDER BY ${at.sql} DESC LIMIT 1`,
      id,
      [sequence],
      signal,
    );
    if (row === undefined) return undefined;
    const [place, created, bytes, stateJson, completed, active, status, lastSequence] = row;
    const json = [state, ...(materialized === undefined ? [] : [materialized.completed, materialized.active])];
    const isNull = stateJson === null || (materialized !== undefined && (completed === null || active === null));
    return {
      atSequence: Number(place),
      createdAt: isoTime(String(created)),
      bytes: Number(bytes),
      stateJson: stateJson ?? '',
      unreadable: json.map(problemOf).find((problem) => problem !== undefined) ?? (isNull ? NULL_COLUMN : undefined),
      materialized:
        materialized === undefined
          ? undefined
          : { status: String(status), completedNodesJson: completed ?? '', activeNodesJson: active ?? '', lastSequence: Number(lastSequence) },
    };
  }

  async definition(workflowId: string, version: string, signal?: AbortSignal): Promise<string | undefined> {
    const { definitions } = this.#layout.tables;
    if (definitions === undefined || `${workflowId}${version}`.includes('\0')) return undefined;
    const [row] = await this.#rows(`SELECT ir_json::text FROM ${definitions} WHERE workflow_id = $1 AND version = $2 LIMIT 1`, [workflowId, version], signal);
    return row?.[0] ?? undefined;
  }

  async children(id: ExecutionId, signal?: AbortSignal): Promise<readonly ExecutionRow[]> {
    const { execution, tables } = this.#layout;
    const values = new Values();
    const rows = await this.#rows(
      `SELECT ${executionColumns(this.#layout)} FROM ${tables.executions} AS x WHERE ${equals(execution.parentId, id, values)} ORDER BY ${execution.segment.sql} LIMIT ${MAX_CHILDREN}`,
      values.list,
      signal,
    );
    return rows.map((row) => toExecution(row, isoTime));
  }

  async artifact(hash: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const { artifacts } = this.#layout.tables;
    if (artifacts === undefined || hash.includes('\0')) return undefined;
    const [row] = await this.#rows(`SELECT encode(bytes, 'hex') FROM ${artifacts} WHERE hash = $1 LIMIT 1`, [hash], signal);
    return typeof row?.[0] === 'string' ? Buffer.from(row[0], 'hex') : undefined;
  }

  async workItems(id: ExecutionId, node?: string, signal?: AbortSignal): Promise<readonly WorkItemRow[] | undefined> {
    const { workItems } = this.#layout.tables;
    if (workItems === undefined) return undefined;
    const columns = ['id', 'node_id', 'queue_type', 'status', 'attempt', 'worker_id', 'created_at', 'lease_expires_at', 'retry_after'];
    const rows = await this.#rows(
      `SELECT ${columns.map((name) => `${name}::text`).join(', ')} FROM ${workItems} WHERE execution_id::text = $1${node === undefined ? '' : ' AND node_id = $2'}
       ORDER BY created_at, id LIMIT ${MAX_WORK_ITEMS}`,
      node === undefined ? [id] : [id, node],
      signal,
    );
    return rows.map((row) => ({
      id: String(row[0]),
      nodeId: String(row[1]),
      queueType: String(row[2]),
      status: String(row[3]),
      attempt: Number(row[4]),
      workerId: row[5] ?? undefined,
      createdAt: isoTime(String(row[6])),
      leaseExpiresAt: row[7] == null ? undefined : isoTime(row[7]),
      retryAfter: row[8] == null ? undefined : isoTime(row[8]),
    }));
  }

  async workItemPayload(itemId: string, signal?: AbortSignal): Promise<string | undefined> {
    const { workItems } = this.#layout.tables;
    if (workItems === undefined || itemId.includes('\0')) return undefined;
    const [row] = await this.#rows(`SELECT payload_json::text FROM ${workItems} WHERE id::text = $1 LIMIT 1`, [itemId], signal);
    return row?.[0] ?? undefined;
  }

  /** Only the runtime's own server writes an audit log, and into an SQLite file. */
  auditLog(): undefined {
    return undefined;
  }

  async eventById(): Promise<undefined> {
    return undefined;
  }

  close(): void {
    this.#connection.close();
  }

  #rows(sql: string, values: Parameters<Query>[1], signal: AbortSignal | undefined): Promise<Row[]> {
    return this.#connection.read((query) => query(sql, values), signal);
  }

  /** @param statement makes the statement from its `FROM … WHERE …`, in which `$1` is the execution. */
  #ofEvents(statement: (of: string) => string, id: ExecutionId, rest: readonly number[], signal: AbortSignal | undefined): Promise<Row[]> {
    const { event, tables } = this.#layout;
    return this.#of(event.id, `${tables.events} AS e`, 'true', statement, id, rest, signal);
  }

  #ofSnapshots(statement: (of: string) => string, id: ExecutionId, rest: readonly number[], signal: AbortSignal | undefined): Promise<Row[]> {
    const { snapshot, tables } = this.#layout;
    return this.#of(snapshot.id, `${tables.snapshots} AS s`, isPlaced(snapshot.sequence, LOWEST), statement, id, rest, signal);
  }

  async #of(
    column: Layout['event']['id'],
    from: string,
    condition: string,
    statement: (of: string) => string,
    id: ExecutionId,
    rest: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<Row[]> {
    const values = new Values();
    const isIt = equals(column, id, values);
    // No row can have such an id.
    if (isIt === 'false') return [];
    return this.#rows(statement(`FROM ${from} WHERE ${isIt} AND ${condition}`), [...values.list, ...rest], signal);
  }

  /** @param longest a longer text is left out. */
  #eventColumns(longest: number): string {
    const { sequence, createdAt, kind, type } = this.#layout.event;
    const text = textOf(kind);
    return `${integerText(sequence)}, ${textOf(createdAt)}, CASE WHEN octet_length(${text}) <= ${longest} THEN ${text} END, octet_length(${text}), ${textOf(type)}`;
  }

  #event([sequence, createdAt, text, size, type]: Row): EventRow {
    const problem = problemOf(this.#layout.event.kind);
    const event = { sequence: Number(sequence), createdAt: isoTime(String(createdAt)), bytes: Number(size ?? 0) };
    if (size === null) return { ...event, text: undefined, unreadable: NULL_COLUMN };
    if (problem !== undefined) return { ...event, text: undefined, unreadable: problem };
    if (text === null || text === undefined) return { ...event, text: undefined, unreadable: undefined };
    if (type === null || type === undefined) return { ...event, text, unreadable: undefined };
    const typed = withType(text, type);
    return { ...event, text: typed, bytes: Buffer.byteLength(typed), unreadable: undefined };
  }

  #snapshotBytes(): string {
    const { state, materialized } = this.#layout.snapshot;
    const columns = [state, ...(materialized === undefined ? [] : [materialized.completed, materialized.active])];
    return columns.map((column) => `coalesce(octet_length(${textOf(column)}), 0)`).join(' + ');
  }
}

/** The size of the tables of a database in a schema, in bytes; 0 where it is not known. */
async function sizeOf(connection: PostgresConnection, schema: string, signal: AbortSignal | undefined): Promise<number> {
  const [row] = await connection
    .read((query) => query(SIZE, [TABLE_NAMES, schema]), signal)
    .catch((error: unknown): Row[] => {
      // Not every server that speaks the protocol knows the sizes of its tables.
      if (error instanceof FaultError && error.fault.kind === 'server-error') return [];
      throw error;
    });
  return Number(row?.[0] ?? 0);
}

function parse(address: string): { readonly parsed: ReturnType<typeof parseAddress>; readonly location: string } {
  try {
    return { parsed: parseAddress(address), location: withoutPassword(address) };
  } catch (error) {
    throw error instanceof AddressError ? addressFault(error) : error;
  }
}

import type { EventChunk } from '../jamjet/chunk.ts';
import { type ExecutionId, hyphenated, idDigits, idParts } from '../jamjet/ids.ts';
import type { AuditRow, EventRow, ExecutionRow, SnapshotHeader, SnapshotRow, WorkItemRow } from '../jamjet/rows.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { ChunkBuilder } from './chunk-builder.ts';
import {
  CHUNK_BYTES,
  type ExecutionDetail,
  type ExecutionFilter,
  type ExecutionListing,
  type ExecutionPage,
  type ExecutionQuery,
  type FacetCount,
  type Facets,
  type IdentifiedEvent,
  type LackingExecution,
  type RunCheck,
  type SnapshotPlaces,
  type Source,
  type SourceCounts,
  type SourceSummary,
  searchWords,
} from './port.ts';

export interface MemoryExecution extends ExecutionDetail {
  readonly eventRows: readonly { readonly sequence: number; readonly createdAt: string; readonly text: string }[];
  readonly snapshotRows: readonly Omit<SnapshotRow, 'bytes'>[];
  readonly workItemRows?: readonly (WorkItemRow & { readonly payloadJson: string })[];
}

export interface MemoryDatabase {
  readonly generation: number;
  readonly executions: readonly MemoryExecution[];
  readonly definitions: readonly { readonly workflowId: string; readonly version: string; readonly irJson: string }[];
}

/** A Source over values in memory: the reference for the other backends, and a source for tests. */
export class MemorySource implements Source {
  readonly files: readonly string[] = [];
  readonly #database: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  get generation(): number {
    return this.#database.generation;
  }

  async describe(): Promise<SourceSummary> {
    return { name: 'memory', location: 'memory', kind: 'memory', generation: this.generation, size: 0, access: 'memory' };
  }

  async *count(): AsyncIterable<SourceCounts> {
    const { executions } = this.#database;
    const snapshots = executions.flatMap((execution) => execution.snapshotRows);
    yield {
      executions: executions.length,
      events: executions.reduce((sum, execution) => sum + execution.eventRows.length, 0),
      snapshots: snapshots.length,
      snapshotBytes: snapshots.reduce((sum, { stateJson }) => sum + Buffer.byteLength(stateJson), 0),
    };
  }

  async executions(query: ExecutionQuery): Promise<ExecutionPage> {
    const found = this.#sorted(query).filter((row) => hasAll(row, query));
    return { rows: found.slice(query.offset, query.offset + query.limit), total: found.length };
  }

  async facets(filter: ExecutionFilter): Promise<Facets> {
    const { executions } = this.#database;
    const left = (of: ExecutionFilter): readonly MemoryExecution[] => executions.filter((row) => isAllowed(row, of) && hasAll(row, of));
    const starts = executions.map((row) => row.startedAt).sort((a, b) => millisecondsOf(a) - millisecondsOf(b));
    return {
      total: executions.length,
      matching: left(filter).length,
      statuses: counts(left({ ...filter, status: undefined }).map((row) => row.status)),
      workflows: counts(left({ ...filter, workflow: undefined }).map((row) => row.workflowId)),
      tenants: counts(left({ ...filter, tenant: undefined }).map((row) => row.tenantId)),
      withParent: left({ ...filter, hasParent: true }).length,
      withError: left({ ...filter, hasError: true }).length,
      newest: starts.at(-1) ?? null,
    };
  }

  async lacking(query: ExecutionQuery): Promise<readonly LackingExecution[]> {
    return this.#sorted(query)
      .map((row) => lacking(row, query))
      .filter(({ words, error }) => words.length > 0 || error);
  }

  #sorted(query: ExecutionQuery): ExecutionListing[] {
    return this.#database.executions
      .filter((row) => isAllowed(row, query))
      .map(listing)
      .sort((a, b) => compare(sortKey(a, query), sortKey(b, query)) * (query.descending ? -1 : 1) || compare(a.id, b.id));
  }

  async execution(id: ExecutionId): Promise<ExecutionDetail | undefined> {
    return this.#find(id);
  }

  async resolve(text: string, limit: number): Promise<readonly ExecutionId[]> {
    const digits = idDigits(text);
    const prefix = digits === undefined ? undefined : hyphenated(digits);
    return this.#database.executions
      .map((row) => row.id)
      .filter((id) => id === text || (prefix !== undefined && id.startsWith(prefix)))
      .sort()
      .slice(0, limit);
  }

  async version(): Promise<undefined> {
    return undefined;
  }

  async status(id: ExecutionId): Promise<string | undefined> {
    return (await this.execution(id))?.status;
  }

  async head(id: ExecutionId): Promise<number> {
    return this.#events(id).at(-1)?.sequence ?? 0;
  }

  async outOfOrder(): Promise<number> {
    return 0;
  }

  async snapshotCount(id: ExecutionId): Promise<number> {
    return this.#snapshots(id).length;
  }

  async snapshotsAround(id: ExecutionId, sequence: number): Promise<SnapshotPlaces> {
    const sequences = this.#snapshots(id).map(({ atSequence }) => atSequence);
    return {
      previous: sequences.findLast((at) => at < sequence),
      base: sequences.findLast((at) => at <= sequence),
      next: sequences.find((at) => at > sequence),
    };
  }

  async page(id: ExecutionId, after: number, limit: number): Promise<readonly EventRow[]> {
    const events = this.#events(id).filter((event) => event.sequence > after);
    const last = events[limit - 1]?.sequence;
    return events.filter((event, i) => i < limit || event.sequence === last);
  }

  async *scan(id: ExecutionId, after: number, signal?: AbortSignal): AsyncIterable<EventChunk> {
    let builder = new ChunkBuilder();
    let last: number | undefined;
    for (const event of this.#events(id)) {
      if (event.sequence <= after) continue;
      if (builder.bytes >= CHUNK_BYTES && event.sequence !== last) {
        yield builder.build();
        signal?.throwIfAborted();
        builder = new ChunkBuilder();
      }
      builder.add(event.sequence, event.createdAt, Buffer.from(event.text ?? ''));
      last = event.sequence;
    }
    if (builder.count > 0) yield builder.build();
  }

  async check(): Promise<RunCheck> {
    return { verdict: 'sound' };
  }

  async payload(id: ExecutionId, sequence: number): Promise<EventRow | undefined> {
    return this.#events(id).findLast((event) => event.sequence === sequence);
  }

  async snapshots(id: ExecutionId): Promise<readonly SnapshotHeader[]> {
    return this.#snapshots(id).map(({ atSequence, createdAt, bytes }) => ({ atSequence, createdAt, bytes }));
  }

  async snapshot(id: ExecutionId, sequence: number): Promise<SnapshotRow | undefined> {
    return this.#snapshots(id).findLast((snapshot) => snapshot.atSequence <= sequence);
  }

  async definition(workflowId: string, version: string): Promise<string | undefined> {
    return this.#database.definitions.find((known) => known.workflowId === workflowId && known.version === version)?.irJson;
  }

  async children(id: ExecutionId): Promise<readonly ExecutionRow[]> {
    return this.#database.executions.filter((row) => row.parentId === id);
  }

  async artifact(): Promise<Uint8Array | undefined> {
    return undefined;
  }

  async workItems(id: ExecutionId, node?: string): Promise<readonly WorkItemRow[]> {
    return (this.#find(id)?.workItemRows ?? []).filter((item) => node === undefined || item.nodeId === node);
  }

  async workItemPayload(itemId: string): Promise<string | undefined> {
    return this.#database.executions.flatMap((row) => row.workItemRows ?? []).find((item) => item.id === itemId)?.payloadJson;
  }

  auditLog(): AsyncIterable<readonly AuditRow[]> | undefined {
    return undefined;
  }

  async eventById(): Promise<IdentifiedEvent | undefined> {
    return undefined;
  }

  close(): void {}

  #find(id: ExecutionId): MemoryExecution | undefined {
    return this.#database.executions.find((row) => row.id === id);
  }

  #events(id: ExecutionId): EventRow[] {
    const events = this.#find(id)?.eventRows ?? [];
    return events.map((event) => ({ ...event, unreadable: undefined, bytes: Buffer.byteLength(event.text) })).sort((a, b) => a.sequence - b.sequence);
  }

  #snapshots(id: ExecutionId): SnapshotRow[] {
    const snapshots = this.#find(id)?.snapshotRows ?? [];
    return snapshots.map((snapshot) => ({ ...snapshot, bytes: snapshotBytes(snapshot) })).sort((a, b) => a.atSequence - b.atSequence);
  }
}

/** Whether a row is within everything of a filter except for the words that must be found. */
function isAllowed(row: ExecutionRow, { status, workflow, tenant, startedFrom, startedTo, hasParent, ids, text }: ExecutionFilter): boolean {
  const started = millisecondsOf(row.startedAt);
  return (
    (status === undefined || row.status === status) &&
    (workflow === undefined || row.workflowId === workflow) &&
    (tenant === undefined || row.tenantId === tenant) &&
    (startedFrom === undefined || started >= millisecondsOf(startedFrom)) &&
    (startedTo === undefined || started <= millisecondsOf(startedTo)) &&
    (hasParent === undefined || hasParent === (row.parentId !== undefined)) &&
    (ids === undefined || ids.includes(row.id)) &&
    !searchWords(text).unwanted.some((word) => hasWord(row, word))
  );
}

function lacking(row: ExecutionRow, { text, hasError }: ExecutionFilter): LackingExecution {
  const words = searchWords(text).wanted.filter((word) => !hasWord(row, word));
  return { id: row.id, words, error: hasError === true && row.status !== 'failed' };
}

function hasWord(row: ExecutionRow, word: string): boolean {
  const names = [row.workflowId, row.workflowVersion, row.status, row.tenantId];
  return (
    idParts(word).some((part) => row.id.toLowerCase().includes(part.toLowerCase())) || names.some((name) => name.toLowerCase().includes(word.toLowerCase()))
  );
}

function hasAll(row: ExecutionRow, filter: ExecutionFilter): boolean {
  const { words, error } = lacking(row, filter);
  return words.length === 0 && !error;
}

function snapshotBytes({ stateJson, materialized }: Omit<SnapshotRow, 'bytes'>): number {
  return Buffer.byteLength(stateJson + (materialized?.completedNodesJson ?? '') + (materialized?.activeNodesJson ?? ''));
}

function listing(row: MemoryExecution): ExecutionListing {
  return {
    ...row,
    events: row.eventRows.length,
    snapshots: row.snapshotRows.length,
    lastSequence: Math.max(0, ...row.eventRows.map((event) => event.sequence)),
  };
}

function sortKey(row: ExecutionListing, { sort }: ExecutionQuery): string | number {
  switch (sort) {
    case 'status':
      return row.status;
    case 'workflow':
      return `${row.workflowId}\n${row.workflowVersion}`;
    case 'started':
      return row.startedAt;
    case 'updated':
      return row.updatedAt;
    case 'duration':
      return millisecondsOf(row.updatedAt) - millisecondsOf(row.startedAt);
    case 'events':
      return row.lastSequence;
    case 'snapshots':
      return row.snapshots;
    case 'tenant':
      return row.tenantId;
    case 'segment':
      return row.segment;
  }
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function counts(names: readonly string[]): FacetCount[] {
  const byName = new Map<string, number>();
  for (const name of names) byName.set(name, (byName.get(name) ?? 0) + 1);
  return [...byName].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || compare(a.name, b.name));
}

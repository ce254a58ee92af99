import type { EventChunk } from '../jamjet/chunk.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { EventRow, ExecutionRow, SnapshotHeader, SnapshotRow } from '../jamjet/rows.ts';

/**
 * The debugger's read-only view of one database. Every method that reads takes an AbortSignal and throws a
 * FaultError when the reading fails; strange data is no failure. Nothing here can write.
 */
export interface Source {
  /** The newest migration of the format that the tables show. */
  readonly generation: number;
  describe(signal?: AbortSignal): Promise<SourceSummary>;
  executions(query: ExecutionQuery, signal?: AbortSignal): Promise<ExecutionPage>;
  /** How many executions there are, in each status and of each workflow. */
  facets(signal?: AbortSignal): Promise<Facets>;
  execution(id: ExecutionId, signal?: AbortSignal): Promise<ExecutionDetail | undefined>;
  /** Ids that begin with these hex digits, or are this very text; at most `limit`. */
  resolve(text: string, limit: number, signal?: AbortSignal): Promise<readonly ExecutionId[]>;
  /** The highest sequence; 0 when there is no event. Costs the same for ten events and a million. */
  head(id: ExecutionId, signal?: AbortSignal): Promise<number>;
  /** How many rows have a sequence below or at 0, above 2⁵³ − 1 or that is no number: no scan meets them. */
  outOfOrder(id: ExecutionId, signal?: AbortSignal): Promise<number>;
  /** At most `limit` events after sequence `after`, in order. Fewer than `limit` only at the end. */
  page(id: ExecutionId, after: number, limit: number, signal?: AbortSignal): Promise<readonly EventRow[]>;
  /** All events after sequence `after`, in chunks of about 200 KB. */
  scan(id: ExecutionId, after: number, signal?: AbortSignal): AsyncIterable<EventChunk>;
  /** One event in full; the last one where a sequence stands twice. */
  payload(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<EventRow | undefined>;
  snapshotCount(id: ExecutionId, signal?: AbortSignal): Promise<number>;
  /** Which snapshots lie around `sequence`; by an index, without reading any. */
  snapshotsAround(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotPlaces>;
  /** All of them, ordered by sequence. */
  snapshots(id: ExecutionId, signal?: AbortSignal): Promise<readonly SnapshotHeader[]>;
  /** The newest snapshot at or before `sequence`, in full. */
  snapshot(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotRow | undefined>;
  /** `ir_json` of a workflow's version. */
  definition(workflowId: string, version: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Executions that continue this one. */
  children(id: ExecutionId, signal?: AbortSignal): Promise<readonly ExecutionRow[]>;
  /** The bytes of an artifact as text (they are JSON), or undefined when there is none. */
  artifact(hash: string, signal?: AbortSignal): Promise<string | undefined>;
  close(): void;
}

export interface SourceSummary {
  /** Short: a file's name. */
  readonly name: string;
  /** Where it is, in full. */
  readonly location: string;
  readonly kind: 'SQLite' | 'memory';
  /** The newest migration of the format that the tables show. */
  readonly generation: number;
  /** Bytes, of the file and its log. 0 in memory. */
  readonly size: number;
  /** How it is read: in place beside a writer, from a private copy, or in place as a file that nobody writes. */
  readonly access: Access;
  readonly executions: number;
  readonly events: number;
  readonly snapshots: number;
  readonly snapshotBytes: number;
}

export type Access = 'live' | 'copy' | 'immutable' | 'memory';

export type ExecutionSort = 'status' | 'workflow' | 'started' | 'updated' | 'duration' | 'events' | 'snapshots' | 'tenant' | 'segment';

export interface ExecutionQuery {
  readonly status?: string | undefined;
  readonly workflow?: string | undefined;
  /** Found in ids, workflows, versions, statuses and tenants, without regard to case. */
  readonly text?: string | undefined;
  readonly sort: ExecutionSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface ExecutionListing extends ExecutionRow {
  readonly events: number;
  readonly snapshots: number;
  readonly lastSequence: number;
}

export interface ExecutionPage {
  readonly rows: readonly ExecutionListing[];
  /** How many match, of which `rows` is a part. */
  readonly total: number;
}

export interface Facets {
  readonly total: number;
  readonly statuses: readonly { readonly name: string; readonly count: number }[];
  readonly workflows: readonly { readonly name: string; readonly count: number }[];
}

export interface ExecutionDetail extends ExecutionRow {
  readonly initialInputJson: string;
  readonly currentStateJson: string;
}

export interface SnapshotPlaces {
  /** The newest one before `sequence`. */
  readonly previous: number | undefined;
  /** The newest one at or before `sequence`: where a recovery would start. */
  readonly base: number | undefined;
  readonly next: number | undefined;
}

/** One name for every backend's chunk size: a scan hands over about this many bytes at a time. */
export const CHUNK_BYTES = 192 * 1024;

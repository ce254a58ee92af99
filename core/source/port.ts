import type { EventChunk } from '../jamjet/chunk.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { AuditRow, EventRow, ExecutionRow, SnapshotHeader, SnapshotRow, WorkItemRow } from '../jamjet/rows.ts';
import type { Access, ExecutionSort, Integrity } from '../vocabulary.ts';

/**
 * The debugger's read-only view of one database. Every method that reads takes an AbortSignal and throws a FaultError when
 * reading fails. Unusual data is not a failure. Nothing here can write.
 */
export interface Source {
  /** The generation of the format (docs/format.md, Generations). */
  readonly generation: number;
  /** Every file that it consists of or that SQLite would read beside it, whether it exists or not. Nothing may be written to them. */
  readonly files: readonly string[];
  /** What it is. Costs the same for ten events and a billion. */
  describe(signal?: AbortSignal): Promise<SourceSummary>;
  /** How much is in it: the totals so far, after each short piece of counting; the last ones are whole. */
  count(signal?: AbortSignal): AsyncIterable<SourceCounts>;
  executions(query: ExecutionQuery, signal?: AbortSignal): Promise<ExecutionPage>;
  /** How many executions there are, and how many a filter leaves for each status, workflow and tenant. */
  facets(filter: ExecutionFilter, signal?: AbortSignal): Promise<Facets>;
  /** The executions that a query would list if something were found in their events that their rows lack, in its order. Without text and `hasError` there are none. */
  lacking(query: ExecutionQuery, signal?: AbortSignal): Promise<readonly LackingExecution[]>;
  execution(id: ExecutionId, signal?: AbortSignal): Promise<ExecutionDetail | undefined>;
  /** At most `limit` ids that begin with these hex digits or equal the text. */
  resolve(text: string, limit: number, signal?: AbortSignal): Promise<readonly ExecutionId[]>;
  /**
   * Another text whenever somebody may have written since the last one; cheap enough to be asked for several times a second.
   * undefined when what is read never changes. `isOutdated` when it has changed, but can be read only after opening it anew.
   */
  version(signal?: AbortSignal): Promise<SourceVersion | undefined>;
  /** The status in the row of an execution; undefined when there is no such row. */
  status(id: ExecutionId, signal?: AbortSignal): Promise<string | undefined>;
  /** The highest sequence; 0 when there is no event. Its cost does not depend on the number of events. */
  head(id: ExecutionId, signal?: AbortSignal): Promise<number>;
  /** The number of rows that no scan returns: their sequence is NULL, at most 0, or greater than 2⁵³ − 1. */
  outOfOrder(id: ExecutionId, signal?: AbortSignal): Promise<number>;
  /**
   * The first `limit` events after sequence `after`, in order. There are fewer only at the end of the log, and more only if the
   * last sequence occurs more than once.
   */
  page(id: ExecutionId, after: number, limit: number, signal?: AbortSignal): Promise<readonly EventRow[]>;
  /** All events after sequence `after`, in chunks of about 200 KB. All rows of one sequence are in one chunk. */
  scan(id: ExecutionId, after: number, signal?: AbortSignal): AsyncIterable<EventChunk>;
  /**
   * Compares the rows of an execution with the indexes by which it is read. Reads whole tables, in short steps.
   *
   * @param pause awaited between the steps.
   */
  check(id: ExecutionId, pause: Pause, signal?: AbortSignal): Promise<RunCheck>;
  /** One event in full; the last one if the sequence occurs more than once. */
  payload(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<EventRow | undefined>;
  snapshotCount(id: ExecutionId, signal?: AbortSignal): Promise<number>;
  /** The sequences of the snapshots around `sequence`, from an index, without reading a snapshot. */
  snapshotsAround(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotPlaces>;
  /** The headers of all snapshots, in order of sequence. */
  snapshots(id: ExecutionId, signal?: AbortSignal): Promise<readonly SnapshotHeader[]>;
  /** The newest snapshot at or before `sequence`, in full. */
  snapshot(id: ExecutionId, sequence: number, signal?: AbortSignal): Promise<SnapshotRow | undefined>;
  /** The `ir_json` of a version of a workflow. */
  definition(workflowId: string, version: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The executions that continue this one. */
  children(id: ExecutionId, signal?: AbortSignal): Promise<readonly ExecutionRow[]>;
  /** The stored bytes under this name, which should be JSON text; undefined when there are none. */
  artifact(hash: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** The first 10,000 work items of an execution in the order of their creation; undefined when the database has no such table. @param node only those of this node. */
  workItems(id: ExecutionId, node?: string, signal?: AbortSignal): Promise<readonly WorkItemRow[] | undefined>;
  /** The `payload_json` of a work item; undefined when there is none that is text. */
  workItemPayload(itemId: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The audit log in pages, in the order in which it was written; undefined when the database has none. */
  auditLog(signal?: AbortSignal): AsyncIterable<readonly AuditRow[]> | undefined;
  /** The `kind_json` of the event with this id, and where it is; undefined when there is none. */
  eventById(eventId: string, signal?: AbortSignal): Promise<IdentifiedEvent | undefined>;
  close(): void;
}

export interface SourceVersion {
  readonly text: string;
  /** Another text when the list of executions may be another one. It may lag some seconds behind `text`. */
  readonly list: string;
  readonly isOutdated: boolean;
  /** Of a replica: by how many milliseconds what it shows is older than what it knows to have been written. */
  readonly behind?: number | undefined;
}

/** An event that was found by its id. */
export interface IdentifiedEvent {
  readonly executionId: string;
  readonly sequence: number;
  readonly text: string;
}

/** The most work items that {@link Source.workItems} returns. */
export const MAX_WORK_ITEMS = 10_000;

/** Resolves after other work has been done. */
export type Pause = () => Promise<void>;

/** Whether what is read of an execution is what is stored of it. */
export interface RunCheck {
  /** `unchecked` when the database gives no way to compare them; `detail` says what it checks itself. */
  readonly verdict: Integrity;
  /** The first sequence from which states may be wrong. */
  readonly incompleteFrom?: number;
  /** What is damaged, or why nothing was checked, as a part of a sentence. */
  readonly detail?: string;
}

export interface SourceSummary {
  /** A short name, such as that of the file. */
  readonly name: string;
  /** The full location: the path of the file, or the address of the server without a password. */
  readonly location: string;
  readonly kind: 'SQLite' | 'Postgres' | 'memory';
  /** The generation of the format (docs/format.md, Generations). */
  readonly generation: number;
  /** The size of the file and its write-ahead log, or of the tables, in bytes; 0 in memory. */
  readonly size: number;
  /** `live`: in place, shared with a writer. `copy`: from a private copy. `immutable`: in place, as a file without a writer. */
  readonly access: Access;
  /** What a reader should know about the database as a whole. */
  readonly remarks?: readonly SourceRemark[] | undefined;
}

export interface SourceRemark {
  /** A sentence. */
  readonly text: string;
  /** Statements that the user may want to run. */
  readonly sql?: string | undefined;
}

export interface SourceCounts {
  readonly executions: number;
  readonly events: number;
  readonly snapshots: number;
  /** Bytes of the states in them. */
  readonly snapshotBytes: number;
}

export interface ExecutionFilter {
  readonly status?: string | undefined;
  readonly workflow?: string | undefined;
  readonly tenant?: string | undefined;
  /** Words that are searched for in ids, workflows, versions, statuses and tenants, ignoring case; see {@link searchWords}. */
  readonly text?: string | undefined;
  /** The first and the last time at which it may have started, in RFC 3339. A time that cannot be read is in no range. */
  readonly startedFrom?: string | undefined;
  readonly startedTo?: string | undefined;
  /** Whether it continues another execution. */
  readonly hasParent?: boolean | undefined;
  /** Only those whose rows say that they failed. */
  readonly hasError?: boolean | undefined;
  /** Only these. */
  readonly ids?: readonly ExecutionId[] | undefined;
}

export interface ExecutionQuery extends ExecutionFilter {
  readonly sort: ExecutionSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** More words of a search are left out. */
const MAX_WORDS = 10;

/** A word, or several in quotes, with a minus in front of what must not be found. As in the filter of events. */
const WORD = /(?<minus>-?)(?:"(?<quoted>[^"]*)"?|(?<word>[^\s"]+))/g;

/** What is searched for in executions. */
export interface SearchWords {
  /** Each must be found. */
  readonly wanted: readonly string[];
  /** None may be in the row. */
  readonly unwanted: readonly string[];
}

/** The words of a search for executions. A minus alone is a word. */
export function searchWords(text: string | undefined): SearchWords {
  const words = [...(text ?? '').matchAll(WORD)]
    .map(({ groups = {} }) => ({ text: groups['quoted'] ?? groups['word'] ?? '', isWanted: groups['minus'] === '' }))
    .filter((word) => word.text.trim() !== '')
    .slice(0, MAX_WORDS);
  const textsOf = (isWanted: boolean): readonly string[] => words.filter((word) => word.isWanted === isWanted).map((word) => word.text);
  return { wanted: textsOf(true), unwanted: textsOf(false) };
}

/** An execution whose row does not have all that is searched for. */
export interface LackingExecution {
  readonly id: ExecutionId;
  /** The wanted words that are not in its row. */
  readonly words: readonly string[];
  /** Whether a failure is searched for, and its row says of none. */
  readonly error: boolean;
}

export interface ExecutionListing extends ExecutionRow {
  readonly events: number;
  readonly snapshots: number;
  readonly lastSequence: number;
}

export interface ExecutionPage {
  readonly rows: readonly ExecutionListing[];
  /** The number of matches, of which `rows` is one page. */
  readonly total: number;
}

/** Each list counts what all parts of the filter leave except the one about its own column. */
export interface Facets {
  /** How many executions there are without the filter. */
  readonly total: number;
  readonly matching: number;
  readonly statuses: readonly FacetCount[];
  readonly workflows: readonly FacetCount[];
  readonly tenants: readonly FacetCount[];
  /** How many continue another execution. */
  readonly withParent: number;
  /** How many rows say that they failed. */
  readonly withError: number;
  /** When the last one started, whatever the filter; null when there is none. */
  readonly newest: string | null;
}

export interface FacetCount {
  readonly name: string;
  readonly count: number;
}

export interface ExecutionDetail extends ExecutionRow {
  readonly initialInputJson: string;
  /** Why the bytes of the initial input are not text; undefined when they are. */
  readonly inputUnreadable?: string | undefined;
  readonly currentStateJson: string;
}

export interface SnapshotPlaces {
  /** The newest before `sequence`. */
  readonly previous: number | undefined;
  /** The newest at or before `sequence`, where a recovery would start. */
  readonly base: number | undefined;
  /** The oldest after `sequence`. */
  readonly next: number | undefined;
}

/** The approximate size of the chunks of a scan, in every backend: small enough for a turn of a few milliseconds. */
export const CHUNK_BYTES = 192 * 1024;

import type { Fault } from './fault.ts';
import type { Category, Severity } from './jamjet/kinds.ts';
import type { SourceSummary } from './source/port.ts';

/** What the requests of the contract are answered with. Types only. */

export interface Progress {
  readonly task: number;
  readonly execution: string;
  readonly phase: 'index' | 'states' | 'snapshots' | 'done' | 'failed' | 'export';
  /** The last sequence indexed, or how many snapshots are checked, or events written. */
  readonly done: number;
  readonly total: number;
}

export interface RecentSource {
  readonly path: string;
  readonly name: string;
  readonly openedAt: string;
  readonly missing: boolean;
}

export interface AppStart {
  readonly source: OpenSource | null;
  readonly recent: readonly RecentSource[];
  readonly theme: 'system' | 'light' | 'dark';
  readonly layout: Readonly<Record<string, readonly number[]>>;
  readonly version: string;
  readonly platform: string;
  /** Every command there is: the menu, the palette and the keys are made from it. */
  readonly commands: readonly CommandInfo[];
  readonly fault: Fault | null;
  /** Started by a test, which waits for the window to be idle. */
  readonly testing: boolean;
}

export interface CommandInfo {
  readonly id: string;
  readonly label: string;
  readonly menu: 'File' | 'Go' | 'View' | 'Help';
  /** Such as `Mod+K` (Ctrl, or Cmd on a Mac), `Shift+ArrowLeft`, `g`. The first one is shown. */
  readonly keys: readonly string[];
  /** Needs an open execution, or at least an open source. */
  readonly needs?: 'execution' | 'source';
}

export interface OpenSource extends SourceSummary {
  /** Where to go at once: from the command line, or where one stood before the engine was restarted. */
  readonly place: { readonly execution: string; readonly sequence: number | null } | null;
  readonly isSample: boolean;
}

export interface ExecutionView {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  /** What the row says; the status at the cursor is in the frame. */
  readonly status: string;
  readonly startedAt: string;
  readonly tenantId: string;
  readonly lastSequence: number;
  readonly snapshotCount: number;
  readonly segment: number;
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly notes: readonly string[];
}

/** A run in miniature, a cell for each stretch of its events; null when it is too long to be read for a list. */
export type RunStrip = readonly StripCell[] | null;
export type StripCell = 'work' | 'limit' | 'human' | 'failure';

export type ChangeKind = 'added' | 'changed' | 'removed';

export interface TreeRow {
  readonly pointer: string;
  readonly key: string;
  readonly depth: number;
  readonly type: 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object';
  /** The value as text, cut; `''` for containers. */
  readonly text: string;
  readonly cut: boolean;
  /** Members of a container. */
  readonly size: number;
  readonly open: boolean;
  /** What the event at the cursor did to it; `inside`: something below it changed. */
  readonly change: ChangeKind | 'inside' | null;
  /** The value before, as text. */
  readonly old: string | null;
}

export interface TreeRows {
  readonly from: number;
  readonly total: number;
  readonly rows: readonly TreeRow[];
  /** The place of the first row that changed; -1 when none did. */
  readonly firstChange: number;
}

export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

export type SnapshotVerdict = 'matches' | 'differs' | 'unreadable' | 'unchecked';

/** Everything that is on screen at one moment, computed in one turn. */
export interface Frame {
  readonly execution: string;
  readonly sequence: number;
  readonly lastSequence: number;
  /** The events that are indexed; when it is less than the last sequence, the rest is on its way. */
  readonly indexed: number;
  /** The moment lies where the index has not come to: the state was made from the snapshot at this sequence. */
  readonly fromSnapshot: number | null;
  readonly waiting: boolean;
  readonly status: string;
  readonly statusBefore: string;
  readonly active: readonly string[];
  readonly completed: number;
  readonly incompleteFrom: number | null;
  readonly previousSnapshot: number | null;
  readonly nextSnapshot: number | null;
  readonly recovery: RecoverySummary;
  /** In how many paths the state that nodes are given differs from replay; null before the index is there. */
  readonly given: { readonly paths: number; readonly more: boolean } | null;
  readonly changes: ChangeCounts;
  readonly tree: TreeRows;
  readonly event: EventDetail | null;
  /** Where the event stands in the list, from 0; -1 before the first. */
  readonly row: number;
  readonly findings: number;
  /** Rows that have no usable sequence and are left out. */
  readonly badSequences: number;
  /** What it took the engine, in milliseconds. */
  readonly milliseconds: number;
}

/** What a restart would do here. */
export interface RecoverySummary {
  readonly base: number | null;
  readonly verdict: SnapshotVerdict;
  readonly replays: number;
  /** How it differs from replay, in words; empty when it does not, null while the snapshot is unchecked. */
  readonly differences: readonly string[] | null;
}

export interface EventDetail {
  readonly sequence: number;
  readonly createdAt: string;
  readonly type: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly node: string | null;
  readonly summary: string;
  readonly fields: readonly EventField[];
  /** The stored text, cut to 64 KiB. */
  readonly text: string;
  readonly bytes: number;
  readonly unreadable: string | null;
  /** Why the runtime would refuse it. */
  readonly objections: readonly string[];
  readonly links: readonly EventLink[];
  /** Milliseconds since the event before; null for the first. */
  readonly sincePrevious: number | null;
}

export interface EventField {
  readonly name: string;
  readonly type: TreeRow['type'];
  /** Pretty JSON, or the bare string; cut. */
  readonly text: string;
  readonly cut: boolean;
  /** The runtime reads this number as another one. */
  readonly rounded: string | null;
}

export interface EventLink {
  readonly label: string;
  readonly sequence: number;
  readonly text: string;
}

export interface EventListRow {
  readonly row: number;
  readonly sequence: number;
  readonly sincePrevious: number | null;
  readonly createdAt: string;
  readonly type: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly node: string | null;
  readonly summary: string;
  /** A snapshot lies between this event and the next. */
  readonly snapshot: { readonly atSequence: number; readonly bytes: number; readonly verdict: SnapshotVerdict } | null;
  /** Events are missing before this one. */
  readonly gapBefore: number;
}

export interface EventsPage {
  readonly from: number;
  /** How many match the filter. */
  readonly total: number;
  /** How many there are. */
  readonly all: number;
  readonly rows: readonly EventListRow[];
  /** Rows of the history at which the listed events stand, for finding the cursor in a filtered list. */
  readonly complete: boolean;
}

export interface TimelineView {
  readonly from: number;
  readonly to: number;
  readonly categories: readonly Category[];
  /** counts[column · categories + category]. */
  readonly counts: Uint32Array;
  /** UTF-8 bytes of the events in each column. */
  readonly bytes: Float64Array;
  readonly columns: number;
  readonly lanes: readonly TimelineLane[];
  /** How many nodes there are; lanes may be fewer. */
  readonly nodes: number;
  readonly flags: readonly SnapshotFlag[];
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** The index has not seen the whole range yet. */
  readonly complete: boolean;
}

export interface TimelineLane {
  readonly node: string;
  readonly stretches: readonly { readonly from: number; readonly to: number; readonly outcome: 'completed' | 'failed' | 'waiting' | 'open' }[];
}

export interface SnapshotFlag {
  readonly atSequence: number;
  readonly createdAt: string;
  readonly bytes: number;
  readonly verdict: SnapshotVerdict;
  /** So many more lie too close to be drawn one by one. */
  readonly more: number;
}

export interface DiffPage {
  readonly from: number;
  readonly total: number;
  readonly more: boolean;
  /** Arrays whose items could only be compared by their place. */
  readonly coarse: readonly string[];
  readonly rows: readonly { readonly kind: ChangeKind; readonly pointer: string; readonly old: string | null; readonly new: string | null }[];
}

export interface TextPage {
  readonly from: number;
  readonly total: number;
  readonly bytes: number;
  readonly lines: readonly string[];
}

export interface ValueText {
  readonly text: string;
}

export interface ExportPreview {
  /** The beginning, at most 16 KiB. */
  readonly text: string;
  /** UTF-8 bytes of the whole; null when it is not known before it is written. */
  readonly bytes: number | null;
  readonly fileName: string;
}

export interface ExportSaved {
  readonly path: string;
  readonly bytes: number;
}

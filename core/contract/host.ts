import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { SourceSummary } from '../source/port.ts';
import { MAX_TABS } from '../vocabulary.ts';
import { type Bookmark, bookmark } from './bookmarks.ts';
import { cursor, execution, pointer, type SourceId, sequence, sourceId } from './cursor.ts';
import { type ExportSaved, exportChoice } from './export.ts';
import { key, type Preferences, preferences } from './preferences.ts';
import { type HandlersOf, type Request, request } from './request.ts';
import { MAX_COPIED } from './values.ts';

/**
 * What only a host can do: dialogs, the clipboard, recent files, secrets, and deciding which files may be read or written.
 * Electron's main process is one host; a server for browsers will be another. The engine knows nothing about its host.
 */

export interface RecentSource {
  /** The path of a file, or the address of a server without a password. */
  readonly path: string;
  readonly kind: 'SQLite' | 'Postgres';
  readonly name: string;
  /** The folder of a file, or the user and the server. */
  readonly folder: string;
  readonly openedAt: string;
  readonly missing: boolean;
}

/** A moment of an execution, and how it is looked at. */
export interface GoTo {
  readonly execution: string;
  /** null for the end. */
  readonly sequence: number | null;
  /** The panel of the state that is shown. */
  readonly tab?: string | undefined;
  /** The filter of the events. */
  readonly filter?: string | undefined;
  /** The path that is selected in the state. */
  readonly path?: string | undefined;
}

/** How an execution is looked at in its tab, and what the tab is called before it is read again. */
const look = {
  execution: execution.shape.execution,
  workflow: z.string().max(500),
  sequence,
  /** The panels that are shown. */
  tab: z.string().max(100),
  side: z.string().max(100),
  filter: z.string().max(2000),
  /** The moment to compare with. */
  pinned: sequence.optional(),
};
const keptTab = z.strictObject({ source: sourceId, ...look });
export type KeptTab = z.output<typeof keptTab>;
/** The same before its database is open. */
export const tabLook = z.object(look);

/** Everything that is on screen: the tabs in their order, and the one that is shown, or the source whose list is shown. */
const kept = z.strictObject({ tabs: z.array(keptTab).max(MAX_TABS), shown: z.int().min(0).nullable(), list: sourceId.nullable() });
export type KeptTabs = z.output<typeof kept>;

export interface OpenedSource extends SourceSummary {
  readonly source: SourceId;
  /** What to show first, if the command line or a link says so. */
  readonly goTo: GoTo | null;
  readonly isSample: boolean;
}

export interface HostStart {
  /** The open sources, in the order in which they were opened. */
  readonly sources: readonly OpenedSource[];
  readonly recent: readonly RecentSource[];
  /** What was on screen before the page or the application was restarted. */
  readonly tabs: KeptTabs;
  readonly preferences: Preferences;
  readonly layout: Readonly<Record<string, readonly number[]>>;
  /** By the name of the workflow. */
  readonly workflows: Readonly<Record<string, WorkflowChoices>>;
  /** The columns of the lists, by the name of the list. */
  readonly columns: Readonly<Record<string, ColumnChoice>>;
  readonly version: string;
  readonly platform: string;
  readonly fault: Fault | null;
  /** The paths of the files that were open when the application ended and are missing now. */
  readonly missing: readonly string[];
  /** Whether the application was started by a test, which waits until the window is idle. */
  readonly testing: boolean;
}

export const MENUS = ['File', 'Go', 'View', 'Help'] as const;
const menuItem = z.strictObject({
  id: z.string().max(100),
  label: z.string().max(200),
  menu: z.enum(MENUS),
  /** The first one is shown. */
  keys: z.array(key).max(5),
});
export type MenuItem = z.output<typeof menuItem>;

const path = z.string().min(1).max(4096);
/** Panel sizes in percent, by the name of the group of panels. */
const layout = z.record(z.string().max(100), z.array(z.number().min(0).max(100)).max(20)).refine((groups) => Object.keys(groups).length <= 50, {
  message: 'too many groups of panels',
});

/** Longer ones are shown, and not remembered. */
const keptPath = pointer.max(1000);
/** What the user looks at in the runs of one workflow. */
export const workflowChoices = z.strictObject({
  watches: z.array(keptPath).max(50),
  /** Conditions that are watched. */
  conditions: z.array(z.string().max(1000)).max(50),
  /** The paths that the timeline shows as tracks. */
  tracks: z.array(keptPath).max(50),
});
export type WorkflowChoices = z.output<typeof workflowChoices>;
const workflow = z.strictObject({ id: z.string().max(500), choices: workflowChoices });

const columnId = z.string().max(1000);
/** What the user chose of the columns of a list. Columns that are not mentioned are as they are usually. */
const columnChoice = z.strictObject({
  order: z.array(columnId).max(100),
  shown: z.record(columnId, z.boolean()),
  /** In pixels. */
  widths: z.record(columnId, z.number().min(10).max(5000)),
});
export type ColumnChoice = Readonly<z.output<typeof columnChoice>>;
export const columnChoices = z.record(z.string().max(100), columnChoice).refine((lists) => Object.keys(lists).length <= 20, { message: 'too many lists' });

/** A picture of what is on screen, as the page made it. Its beginning shows that it is one. */
const image = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('svg'), text: z.string().max(MAX_COPIED).startsWith('<svg ') }),
  z.strictObject({ format: z.literal('png'), bytes: z.instanceof(Uint8Array).refine(isPng, { message: 'not a PNG' }) }),
]);
const MAX_PNG = 100_000_000;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function isPng(bytes: Uint8Array): boolean {
  return bytes.length <= MAX_PNG && PNG.every((byte, i) => bytes[i] === byte);
}

export const hostRequests = {
  'host.start': request(z.strictObject({}))<HostStart>(),
  /** The page's commands, for a native menu. */
  'host.showMenu': request(z.strictObject({ items: z.array(menuItem).max(300) }))<null>(),
  'host.chooseSource': request(z.strictObject({}))<OpenedSource | null>(),
  /** Whether the system has a keychain that protects passwords. */
  'host.canRememberPasswords': request(z.strictObject({}))<boolean>(),
  /**
   * Opens a database on a server. The host keeps the password until it ends, or, where that is possible and wanted, remembers it;
   * it never comes back. Without one, that of an earlier connection or of libpq's file is used.
   */
  'host.connect': request(z.strictObject({ address: path, password: z.string().max(1000).optional(), remember: z.boolean() }))<OpenedSource>(),
  /** Opens the file that was refused last because of an unfinished write, as a private copy in which that write is undone. */
  'host.openRecovered': request(z.strictObject({}))<OpenedSource>(),
  'host.openSample': request(z.strictObject({}))<OpenedSource>(),
  'host.openRecent': request(z.strictObject({ path }))<OpenedSource>(),
  'host.openDropped': request(z.strictObject({ path }))<OpenedSource>(),
  'host.forgetRecent': request(z.strictObject({ path }))<readonly RecentSource[]>(),
  /** Opens the same database again, to show what was added since. It keeps its id. */
  'host.reloadSource': request(z.strictObject({ source: sourceId }))<OpenedSource>(),
  /** @returns the recent sources. */
  'host.closeSource': request(z.strictObject({ source: sourceId }))<readonly RecentSource[]>(),
  'host.saveExport': request(exportChoice)<ExportSaved | null>(),
  /** Writes a picture to a file that the user chooses. */
  'host.saveImage': request(z.strictObject({ ...cursor.shape, image }))<ExportSaved | null>(),
  'host.copyExport': request(exportChoice)<ExportSaved>(),
  'host.copyText': request(z.strictObject({ text: z.string().max(MAX_COPIED) }))<null>(),
  'host.keepSettings': request(
    preferences.partial().extend({ layout: layout.optional(), workflow: workflow.optional(), columns: columnChoices.optional() }),
  )<null>(),
  /** Remembers what is shown, so that it can be restored. */
  'host.keepTabs': request(kept)<null>(),
  'host.bookmarks': request(z.strictObject({ execution: execution.shape.execution }))<readonly Bookmark[]>(),
  /** Sets, or with null removes, the bookmark of a sequence. @returns all bookmarks of the execution. */
  'host.keepBookmark': request(z.strictObject({ execution: execution.shape.execution, sequence, bookmark: bookmark.nullable() }))<readonly Bookmark[]>(),
} as const satisfies Readonly<Record<string, Request>>;

/** The port that a host implements: one function for each request. */
export type Host = HandlersOf<typeof hostRequests>;

import { dirname, join } from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, nativeTheme } from 'electron';
import type { Host, MenuItem, OpenedSource } from '../core/contract/host.ts';
import { safeFileName } from '../core/export/file-name.ts';
import { writeFileWhole } from '../core/export/write-file.ts';
import { type Fault, FaultError, type Result, unwrap } from '../core/fault.ts';
import { type SourceSpec, sourceSpec } from '../core/source/spec.ts';
import type { Bookmarks } from './bookmarks.ts';
import type { EngineProcess } from './engine-process.ts';
import { developmentVariable } from './environment.ts';
import type { Passwords } from './passwords.ts';
import type { Settings } from './settings.ts';
import type { Sources } from './sources.ts';

export interface HostParts {
  readonly engine: EngineProcess;
  readonly sources: Sources;
  readonly settings: Settings;
  readonly bookmarks: Bookmarks;
  readonly passwords: Passwords;
  readonly window: () => BrowserWindow | undefined;
  readonly samplePath: string;
  /** The Fault of opening what the command line requested. */
  readonly startFault: () => Promise<Fault | undefined>;
  /** The paths of the files that were open when the application ended and are missing now. */
  readonly missing: readonly string[];
  /** The file that was refused last because of an unfinished write. */
  readonly unfinished: () => string | undefined;
  /** Opens a source that the user chose. */
  readonly open: (spec: SourceSpec) => Promise<Result<OpenedSource>>;
  readonly showMenu: (items: readonly MenuItem[]) => void;
}

/** The longest time between a change of the tabs and writing it, in milliseconds. */
const SESSION_DELAY = 5000;

const DATABASE_FILTERS = [
  { name: 'SQLite databases', extensions: ['db', 'sqlite', 'sqlite3'] },
  { name: 'All files', extensions: ['*'] },
];

/** Electron's main process as the host of a page: dialogs, files, settings, the clipboard, the native menu. */
export function electronHost({
  engine,
  sources,
  settings,
  bookmarks,
  passwords,
  window,
  samplePath,
  startFault,
  missing,
  unfinished,
  open,
  showMenu,
}: HostParts): Host {
  let lastFolder: string | undefined;
  let sessionTimer: ReturnType<typeof setTimeout> | undefined;

  const keepSession = (): void => settings.set({ session: sources.session });
  const opened = async (spec: SourceSpec): Promise<OpenedSource> => {
    const source = unwrap(await open(spec));
    keepSession();
    return source;
  };

  /** Where the user wants a file to be written; undefined when nowhere. */
  const chooseTarget = async (title: string, fileName: string): Promise<string | undefined> => {
    const options = { title, defaultPath: join(lastFolder ?? app.getPath('documents'), fileName) };
    const parent = window();
    const { canceled, filePath } = await (parent === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options));
    if (canceled || filePath === '') return undefined;
    if (sources.isOpenPath(filePath)) throw refused('an open database cannot be overwritten');
    lastFolder = dirname(filePath);
    return filePath;
  };

  return {
    'host.start': async () => ({
      fault: (await startFault()) ?? null,
      missing,
      sources: sources.opened,
      recent: settings.recent,
      tabs: sources.tabs,
      preferences: settings.preferences,
      layout: settings.layout,
      workflows: settings.workflows,
      columns: settings.columns,
      version: app.getVersion(),
      platform: process.platform,
      testing: developmentVariable('HINDSIGHT_TEST') === '1',
    }),
    'host.showMenu': async ({ items }) => {
      showMenu(items);
      return null;
    },
    'host.chooseSource': async () => {
      const options = { title: 'Open a database', properties: ['openFile' as const], filters: DATABASE_FILTERS };
      const parent = window();
      const { canceled, filePaths } = await (parent === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options));
      const [path] = filePaths;
      return canceled || path === undefined ? null : opened({ kind: 'sqlite', path });
    },
    'host.canRememberPasswords': () => passwords.canRemember(),
    'host.connect': async ({ address, password, remember }) => {
      const spec = password === undefined ? await passwords.specOf(address) : { ...sourceSpec(address), password };
      if (spec.kind !== 'postgres') throw refused('the address of a server begins with postgres://');
      const source = await opened(spec);
      if (remember) await passwords.remember(source.location);
      else await passwords.rememberOnly((location) => location !== source.location);
      return source;
    },
    'host.openRecovered': async () => {
      const path = unfinished();
      if (path === undefined) throw refused('no database was refused because of an unfinished write');
      return opened({ kind: 'sqlite', path, recover: true });
    },
    // Tests also run the utility process in an Electron that cannot load the database driver.
    'host.openSample': () => opened(developmentVariable('HINDSIGHT_MEMORY') === '1' ? { kind: 'example' } : { kind: 'sqlite', path: samplePath }),
    'host.openRecent': async ({ path }) => {
      if (!settings.isRecent(path)) throw refused('only recent files can be opened by path');
      return opened(await passwords.specOf(path));
    },
    'host.openDropped': ({ path }) => opened({ kind: 'sqlite', path }),
    'host.forgetRecent': async ({ path }) => {
      settings.forget(path);
      return settings.recent;
    },
    'host.reloadSource': async ({ source }) => unwrap(await sources.reload(source)),
    'host.closeSource': async ({ source }) => {
      await sources.close(source);
      keepSession();
      return settings.recent;
    },
    'host.saveExport': async (choice, signal) => {
      const preview = unwrap(await engine.ask('export.preview', choice, signal));
      const path = await chooseTarget('Export', preview.fileName);
      return path === undefined ? null : unwrap(await engine.ask('export.write', { ...choice, path }, signal));
    },
    'host.saveImage': async ({ execution, sequence, image }, signal) => {
      const path = await chooseTarget('Save the picture', `${safeFileName(execution)}-at-${sequence}-graph.${image.format}`);
      if (path === undefined) return null;
      const content = image.format === 'svg' ? image.text : Buffer.from(image.bytes);
      return { path, bytes: await writeFileWhole(path, [content], { signal, protectedFiles: sources.files }) };
    },
    'host.copyExport': async (choice, signal) => {
      const { text } = unwrap(await engine.ask('export.text', choice, signal));
      clipboard.writeText(text);
      return { path: 'clipboard', bytes: Buffer.byteLength(text) };
    },
    'host.copyText': async ({ text }) => {
      clipboard.writeText(text);
      return null;
    },
    'host.keepSettings': async ({ layout, workflow, columns, ...chosen }) => {
      settings.set(chosen);
      if (layout !== undefined) settings.keepLayout(layout);
      if (workflow !== undefined) settings.keepWorkflow(workflow.id, workflow.choices);
      if (columns !== undefined) settings.set({ columns: { ...settings.columns, ...columns } });
      if (chosen.theme !== undefined) nativeTheme.themeSource = chosen.theme;
      if (chosen.zoom !== undefined) window()?.webContents.setZoomFactor(chosen.zoom);
      return null;
    },
    'host.keepTabs': async (tabs) => {
      sources.keepTabs(tabs);
      // A crash must not lose them; but they change with each move of a cursor.
      if (sessionTimer !== undefined) return null;
      sessionTimer = setTimeout(() => {
        sessionTimer = undefined;
        keepSession();
      }, SESSION_DELAY);
      return null;
    },
    'host.bookmarks': async ({ execution }) => bookmarks.of(execution),
    'host.keepBookmark': async ({ execution, sequence, bookmark }) => bookmarks.keep(execution, sequence, bookmark),
  };
}

function refused(detail: string): FaultError {
  return new FaultError('bad-request', { detail });
}

import { dirname, join } from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, nativeTheme } from 'electron';
import type { MainHandlers, Params } from '../core/contract.ts';
import type { Fault, Result } from '../core/fault.ts';
import type { ExportSaved, OpenSource } from '../core/replies.ts';
import { COMMANDS } from './commands.ts';
import type { EngineHost } from './engine-host.ts';
import type { Settings } from './settings.ts';
import type { Sources } from './sources.ts';

export interface MainParts {
  readonly engine: EngineHost;
  readonly sources: Sources;
  readonly settings: Settings;
  readonly window: () => BrowserWindow | undefined;
  /** What the command line asked for; answered to the first start of the page. */
  readonly takeStart: () => Promise<Result<OpenSource> | undefined>;
}

const DATABASE_FILTERS = [
  { name: 'SQLite databases', extensions: ['db', 'sqlite', 'sqlite3'] },
  { name: 'All files', extensions: ['*'] },
];

/** The requests that main answers itself: dialogs, files, settings, the clipboard. */
export function mainHandlers({ engine, sources, settings, window, takeStart }: MainParts): MainHandlers {
  let lastFolder: string | undefined;

  const opened = async (path: string): Promise<Result<OpenSource>> => {
    const result = await sources.open(path);
    if (result.ok && !result.value.isSample) settings.addRecent(result.value.location);
    return result;
  };

  return {
    'app.start': async () => {
      const start = await takeStart();
      return done({
        source: start?.ok ? start.value : null,
        recent: settings.recent,
        theme: settings.theme,
        layout: settings.layout,
        version: app.getVersion(),
        platform: process.platform,
        commands: COMMANDS,
        fault: start?.ok === false ? start.fault : null,
        testing: process.env.HINDSIGHT_TEST === '1',
      });
    },
    'source.choose': async () => {
      const options = { title: 'Open a database', properties: ['openFile' as const], filters: DATABASE_FILTERS };
      const parent = window();
      const { canceled, filePaths } = await (parent === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options));
      const [path] = filePaths;
      return canceled || path === undefined ? done(null) : opened(path);
    },
    // Tests run the other host of the engine, too, where no database driver can be loaded.
    'source.sample': () => (process.env['HINDSIGHT_MEMORY'] === '1' ? sources.openExample() : opened(sources.samplePath)),
    'source.recent': async ({ path }) => (settings.isRecent(path) ? opened(path) : refused('only files opened before can be opened by their path')),
    'source.drop': ({ path }) => opened(path),
    'source.forget': async ({ path }) => {
      settings.forget(path);
      return done(settings.recent);
    },
    'source.again': () => sources.again(),
    'source.close': async () => {
      await sources.close();
      return done(null);
    },
    'export.save': async (what) => {
      const preview = await engine.ask('export.preview', what);
      if (!preview.ok) return preview;
      const options = { title: 'Export', defaultPath: join(lastFolder ?? app.getPath('documents'), preview.value.fileName) };
      const parent = window();
      const { canceled, filePath } = await (parent === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options));
      if (canceled || filePath === '') return done(null);
      if (filePath === sources.currentPath) return refused('the database that is open cannot be written over');
      lastFolder = dirname(filePath);
      return engine.ask('export.write', { ...what, path: filePath });
    },
    'export.copy': async (what) => copy(await engine.ask('export.text', what)),
    'clipboard.write': async ({ text }) => {
      clipboard.writeText(text);
      return done(null);
    },
    'settings.set': async ({ theme, layout }: Params<'settings.set'>) => {
      if (theme !== undefined) {
        nativeTheme.themeSource = theme;
        settings.set({ theme });
      }
      if (layout !== undefined) settings.set({ layout: { ...settings.layout, ...layout } });
      return done(null);
    },
    'place.set': async ({ execution, sequence }) => {
      sources.setPlace(execution === null ? null : { execution, sequence });
      return done(null);
    },
  };
}

function copy(text: Result<{ readonly text: string }>): Result<ExportSaved> {
  if (!text.ok) return text;
  clipboard.writeText(text.value.text);
  return done({ path: 'clipboard', bytes: Buffer.byteLength(text.value.text) });
}

function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

function refused(detail: string): { ok: false; fault: Fault } {
  return { ok: false, fault: { kind: 'bad-request', detail } };
}

import { join } from 'node:path';
import { app, type BrowserWindow, session } from 'electron';
import type { EngineRequests, PagePushes, Params } from '../core/contract/contract.ts';
import type { GoTo, OpenedSource } from '../core/contract/host.ts';
import type { Result } from '../core/fault.ts';
import type { SourceSpec } from '../core/source/spec.ts';
import { removeStaleCopies } from '../core/source/sqlite/prepare.ts';
import { serve } from '../core/wire/server.ts';
import { registerScheme, serveApp } from './app-protocol.ts';
import { startArguments } from './arguments.ts';
import { Bookmarks } from './bookmarks.ts';
import { EngineProcess } from './engine-process.ts';
import { developmentVariable } from './environment.ts';
import { electronHost } from './host.ts';
import { systemKeychain } from './keychain.ts';
import { createMenu } from './menu.ts';
import { acceptPages } from './page-channel.ts';
import { pageDispatcher } from './page-router.ts';
import { Passwords } from './passwords.ts';
import { lockDown, lockSession } from './security.ts';
import { rememberedSources, rememberedTabs } from './session.ts';
import { Settings } from './settings.ts';
import { Sources } from './sources.ts';
import { openWindow } from './window.ts';

const userData = developmentVariable('HINDSIGHT_USER_DATA');
if (userData !== undefined) app.setPath('userData', userData);
lockDown(app);
registerScheme();

/** How long closing the windows may take when the application quits, and then how long cleaning up, in milliseconds. */
const QUIT_LIMIT = 5000;

// S20: one instance for each user's settings; a second instance passes its arguments to the first one.
if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
else app.quit();

function start(): void {
  const root = app.getAppPath();
  const out = join(root, 'out');
  const samplePath = join(root, 'samples', 'runtime.db');
  lockSession(session.defaultSession);
  serveApp(session.defaultSession, join(out, 'renderer'));

  let window: BrowserWindow | undefined;
  let pushToPage: (push: string, value: unknown) => void = () => {};
  const push = <N extends keyof PagePushes>(name: N, value: PagePushes[N]): void => pushToPage(name, value);

  const settings = new Settings(join(app.getPath('userData'), 'settings.json'), () => {
    menu.refresh();
    push('recent', settings.recent);
    const recent = settings.recent.map(({ path }) => path);
    // A list that cannot be written stays as it is, and what is in it is encrypted.
    void passwords.rememberOnly((location) => recent.includes(location)).catch(() => {});
  });
  const menu = createMenu({
    recent: () => settings.recent,
    run: (id) => push('command', { id }),
    openRecent: (path) => push('openRecent', { path }),
    clearRecent: () => settings.clearRecent(),
  });
  const engine: EngineProcess = new EngineProcess({
    script: join(out, 'electron', 'engine.cjs'),
    node: engineNode(),
    // Tests need not wait as long as users may have to.
    ...(developmentVariable('HINDSIGHT_SILENCE') !== undefined && { silence: Number(developmentVariable('HINDSIGHT_SILENCE')) }),
    onPush: (name, value) => pushToPage(name, value),
    onRestart: () => void restore(),
    onGivenUp: (fault) => push('fault', fault),
  });
  const bookmarks = new Bookmarks(join(app.getPath('userData'), 'bookmarks.json'));
  const passwords = new Passwords(join(app.getPath('userData'), 'passwords.json'), systemKeychain);
  const sources = new Sources(() => engine, samplePath);
  const restore = async (): Promise<void> => {
    for (const result of await sources.reopenAll()) if (!result.ok) push('fault', result.fault);
    // Also those that were opened in the meantime.
    push('engineRestarted', sources.opened);
  };
  let unfinished: string | undefined;
  const open = async (spec: SourceSpec, goTo: GoTo | null = null): Promise<Result<OpenedSource>> => {
    const opened = await sources.open(spec, goTo);
    if (!opened.ok && opened.fault.kind === 'needs-recovery' && spec.kind === 'sqlite') unfinished = spec.path;
    if (!opened.ok || opened.value.isSample) return opened;
    // The location of a server has no password in it.
    settings.addRecent(opened.value.location);
    passwords.keep(opened.value.location, spec);
    return opened;
  };
  const openFrom = async (argv: readonly string[], folder: string): Promise<Result<OpenedSource> | undefined> => {
    const { open: spec, execution, at, path } = startArguments(argv, folder, samplePath);
    return spec === undefined ? undefined : open(spec, execution === undefined ? null : { execution, sequence: at ?? null, path });
  };

  void removeStaleCopies();
  // Tests that share the settings of a user must not depend on them.
  const isShared = developmentVariable('HINDSIGHT_TEST') === '1' && userData === undefined;
  const last = isShared ? undefined : settings.session;
  const remembered = rememberedSources(last, samplePath);
  const reopen = async (): Promise<Result<OpenedSource> | undefined> => {
    const opened: (Result<OpenedSource> | undefined)[] = [];
    for (const { spec } of remembered) opened.push(spec === undefined ? undefined : await open(spec));
    if (last !== undefined) sources.keepTabs(rememberedTabs(last, opened));
    return opened.find((answer) => answer?.ok === false);
  };
  const opening = openFrom(process.argv, process.cwd()).then((opened) => opened ?? reopen());
  const host = electronHost({
    engine,
    sources,
    settings,
    bookmarks,
    passwords,
    samplePath,
    missing: remembered.flatMap(({ path, spec }) => (spec === undefined ? [path] : [])),
    window: () => window,
    startFault: async () => {
      const opened = await opening;
      return opened?.ok === false ? opened.fault : undefined;
    },
    unfinished: () => unfinished,
    open,
    showMenu: menu.show,
  });
  const dispatch = pageDispatcher(host, (name, params, signal) => engine.ask(name as keyof EngineRequests, params as Params<keyof EngineRequests>, signal));
  menu.refresh();
  window = openWindow(settings, out, (opened) =>
    acceptPages(opened, (channel) => {
      pushToPage = serve(channel, dispatch);
    }),
  );

  app.on('second-instance', (_event, argv, folder) => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
    void openFrom(argv, folder).then((opened) => {
      if (opened?.ok) push('sourceOpened', opened.value);
      else if (opened !== undefined) push('fault', opened.fault);
    });
  });
  app.on('window-all-closed', () => app.quit());
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    engine.close();
    settings.set({ session: sources.session });
    const cleanUp = Promise.all([sources.discardAll(), settings.flush(), bookmarks.flush(), passwords.flush()]);
    const limit = new Promise((resolve) => setTimeout(resolve, QUIT_LIMIT));
    void Promise.race([cleanUp, limit]).finally(() => app.exit(0));
  };
  // A page that is being loaded may never answer that it can be closed; then the application ends without it.
  app.once('before-quit', () => setTimeout(end, QUIT_LIMIT));
  app.once('will-quit', (event) => {
    event.preventDefault();
    end();
  });
}

/** The path of a Node executable for the engine; undefined from Electron 35 on, whose own Node runs it. */
function engineNode(): string | undefined {
  const major = Number(process.versions.electron.split('.')[0]);
  return major >= 35 || developmentVariable('HINDSIGHT_ENGINE') === 'utility' ? undefined : developmentVariable('HINDSIGHT_NODE');
}

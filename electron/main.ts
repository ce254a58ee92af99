import { join } from 'node:path';
import { app, type BrowserWindow, session } from 'electron';
import type { PushName } from '../core/contract.ts';
import type { Result } from '../core/fault.ts';
import type { OpenSource } from '../core/replies.ts';
import { removeStaleCopies } from '../core/source/sqlite/prepare.ts';
import { registerScheme, serveApp } from './app-protocol.ts';
import { startArguments } from './arguments.ts';
import { EngineHost } from './engine-host.ts';
import { mainHandlers } from './handlers.ts';
import { serveContract } from './ipc.ts';
import { installMenu } from './menu.ts';
import { lockDown, lockSession } from './security.ts';
import { Settings } from './settings.ts';
import { Sources } from './sources.ts';
import { openWindow } from './window.ts';

if (process.env.HINDSIGHT_USER_DATA !== undefined) app.setPath('userData', process.env.HINDSIGHT_USER_DATA);
lockDown(app);
registerScheme();

let window: BrowserWindow | undefined;
const push = (name: PushName, value: unknown): void => window?.webContents.send('push', name, value);

void app.whenReady().then(() => {
  const root = app.getAppPath();
  const out = join(root, 'out');
  lockSession(session.defaultSession);
  serveApp(session.defaultSession, join(out, 'renderer'));

  const settings = new Settings(join(app.getPath('userData'), 'settings.json'));
  const engine = new EngineHost({
    script: join(out, 'electron', 'engine.cjs'),
    node: engineNode(),
    onPush: push,
    onRestart: () => void sources.reopen().then((again) => push('engine.restarted', again?.ok ? again.value : null)),
  });
  const sources = new Sources(() => engine, root);
  void removeStaleCopies();
  const start = openFromArguments(sources);
  let started = false;
  const takeStart = async (): Promise<Result<OpenSource> | undefined> => {
    if (started) return sources.reopen();
    started = true;
    return start;
  };

  serveContract(mainHandlers({ engine, sources, settings, window: () => window, takeStart }), engine, () => window);
  installMenu((id) => push('command', { id }));
  window = openWindow(settings, out);

  app.on('window-all-closed', () => app.quit());
  app.once('will-quit', (event) => {
    event.preventDefault();
    engine.close();
    void Promise.all([sources.discard(), settings.flush()]).finally(() => app.exit(0));
  });
});

/** Electron's own Node runs the engine from Electron 35 on; before that one has to be handed over. */
function engineNode(): string | undefined {
  const major = Number(process.versions.electron.split('.')[0]);
  return major >= 35 || process.env.HINDSIGHT_ENGINE === 'utility' ? undefined : process.env.HINDSIGHT_NODE;
}

async function openFromArguments(sources: Sources): Promise<Result<OpenSource> | undefined> {
  const { open, execution, at } = startArguments(process.argv);
  if (open === undefined) return undefined;
  return sources.open(open === 'sample' ? sources.samplePath : open, execution === undefined ? null : { execution, sequence: at ?? null });
}

import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { appResponder, type Files } from './app-files.ts';

/** S16: the page is loaded from `app://hindsight/`, never from `file://`. Must be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** Serves the files that are in `folder` now. They are listed once, so no path is ever computed from a URL. */
export function serveApp(session: Session, folder: string): void {
  const answer = appResponder(listFiles(folder));
  session.protocol.handle('app', answer);
}

function listFiles(folder: string): Files {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, path);
  }
  return files;
}

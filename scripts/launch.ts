import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './build.ts';
import { ensureLibraries, startDisplay } from './display.ts';
import { electronPath, isOfficial } from './electron.ts';
import { fail } from './say.ts';

const ROOT = join(import.meta.dirname, '..');

/** How to start the application. */
export interface Launch {
  readonly executable: string;
  /** The arguments that must precede those of the application. */
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
}

/**
 * Prepares everything that starting needs: the build, Electron, system libraries, and a display.
 *
 * @param virtual whether to start a virtual display.
 */
export async function prepareLaunch({ virtual }: { readonly virtual: boolean }): Promise<Launch> {
  buildIfStale();
  if (!existsSync(join(ROOT, 'samples', 'runtime.db'))) fail('The sample database is missing; run "npm run sample".');
  const executable = await electronPath();
  ensureLibraries(executable, virtual);
  const env: Record<string, string> = { ...(process.env as Record<string, string>), HINDSIGHT_NODE: process.execPath };
  delete env['ELECTRON_RUN_AS_NODE'];
  if (virtual) env['DISPLAY'] = (await startDisplay()).name;
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  // Chromium's sandbox does not work for root.
  const args = [...(isOfficial(executable) ? [ROOT] : []), ...(root ? ['--no-sandbox'] : []), ...(virtual ? ['--disable-gpu'] : [])];
  return { executable, args, env, cwd: ROOT };
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail, say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');

/** Whether there is a display. */
export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/**
 * Installs the system libraries that Electron needs, if some are missing and this user may install packages.
 *
 * @param needsXvfb whether a virtual display is needed, too.
 */
export function ensureLibraries(electron: string, needsXvfb: boolean): void {
  if (process.platform !== 'linux') return;
  const missing = missingLibraries(electron);
  if (missing.length === 0 && (!needsXvfb || onPath('Xvfb'))) return;
  const what = missing.length > 0 ? missing.join(', ') : 'Xvfb';
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    fail(
      `Electron needs ${what}, which is not installed; run "npx playwright install-deps chromium firefox" as root, or install it with your system's package manager.`,
    );
  }
  say(`installing system libraries (${what} missing; about a minute)`);
  const { status, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', 'playwright'), ['install-deps', 'chromium', 'firefox'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const left = missingLibraries(electron);
  if (status !== 0 || left.length > 0)
    fail(
      `The system libraries could not be installed (${left.join(', ') || stderr.trim().split('\n').at(-1)}); check that the package repositories can be reached.`,
    );
}

function missingLibraries(electron: string): string[] {
  const { stdout } = spawnSync('ldd', [electron], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0] as string);
}

function onPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

export interface Display {
  /** The value for DISPLAY. */
  readonly name: string;
  stop(): void;
}

/** Starts a virtual display of 1920×1080 and waits until it is ready. */
export async function startDisplay(): Promise<Display> {
  say('no display: starting a virtual one');
  const server: ChildProcess = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp', '-ac'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const name = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3]?.once('data', (data: Buffer) => resolve(`:${data.toString().trim()}`));
  }).catch((error: Error) => fail(`A virtual display could not be started (${error.message}).`));
  const stop = (): void => void server.kill();
  process.once('exit', stop);
  return { name, stop };
}

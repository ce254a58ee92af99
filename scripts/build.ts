/** Builds everything into `out/`: main, preload, engine, command line, the store as a library, and the page. With `--if-stale`, only when a source is newer. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = ['core', 'electron', 'renderer', 'package.json', 'vite.node.config.ts', 'vite.renderer.config.ts'];

/** Builds when a source is newer than the last build. */
export function buildIfStale(): void {
  const built = join(ROOT, 'out', 'renderer', 'index.html');
  if (existsSync(built) && newest(SOURCES.map((source) => join(ROOT, source))) < statSync(built).mtimeMs) return;
  build();
}

function build(): void {
  say('building');
  rmSync(join(ROOT, 'out'), { recursive: true, force: true });
  const types = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', 'core/store'], { cwd: ROOT, encoding: 'utf8' });
  if (types.status !== 0) fail(`The build of the store failed:\n${types.stdout}${types.stderr}`);
  // The page is built last: its time is that of a complete build.
  for (const config of ['vite.node.config.ts', 'vite.renderer.config.ts']) {
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', 'vite'), ['build', '-c', config, '--logLevel', 'error'], {
      cwd: ROOT,
      encoding: 'utf8',
      // A test runner that builds says `test`, and React would be that for development, which is many times as slow.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (status !== 0) fail(`The build of ${config} failed:\n${stdout}${stderr}`);
  }
  chmodSync(join(ROOT, 'out', 'cli', 'cli.cjs'), 0o755);
}

function newest(paths: readonly string[]): number {
  return Math.max(...paths.map((path) => (statSync(path).isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : statSync(path).mtimeMs)));
}

if (import.meta.main) {
  if (process.argv.includes('--if-stale')) buildIfStale();
  else build();
}

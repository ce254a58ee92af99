/** Runs the end-to-end tests in a real window: `npm run test:e2e -- [arguments of Playwright]`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hasDisplay } from './display.ts';
import { prepareLaunch } from './launch.ts';

const ROOT = join(import.meta.dirname, '..');
const { executable, args, env } = await prepareLaunch({ virtual: !hasDisplay() });
const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'playwright'), ['test', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...env, HINDSIGHT_ELECTRON: executable, HINDSIGHT_ELECTRON_ARGS: JSON.stringify(args) },
});
process.exit(status ?? 1);

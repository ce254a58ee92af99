/** Runs the end-to-end tests in a real window: `npm run test:e2e -- [arguments of Playwright]`. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { hasDisplay, startDisplay } from './display.ts';
import { prepareLaunch } from './launch.ts';

const ROOT = join(import.meta.dirname, '..');
/** More windows at once on one machine only wait for each other. */
const MOST_DISPLAYS = 2;

const virtual = !hasDisplay();
const { executable, args, env } = await prepareLaunch({ virtual });
// Windows on one display share its focus and its clipboard, so each worker has a display of its own. A real one takes one worker.
const displays = [env['DISPLAY'] ?? ''];
while (virtual && displays.length < Math.min(MOST_DISPLAYS, availableParallelism())) displays.push((await startDisplay()).name);
const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'playwright'), ['test', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...env, HINDSIGHT_ELECTRON: executable, HINDSIGHT_ELECTRON_ARGS: JSON.stringify(args), HINDSIGHT_DISPLAYS: displays.join(' ') },
});
process.exit(status ?? 1);

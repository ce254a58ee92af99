/** Runs the application, and rebuilds and restarts it when a source changes. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './build.ts';
import { hasDisplay } from './display.ts';
import { prepareLaunch } from './launch.ts';
import { fail, say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
if (!hasDisplay()) fail('There is no display; "npm run tour" uses a virtual one.');
const { executable, args, env, cwd } = await prepareLaunch({ virtual: false });

function launch() {
  const app = spawn(executable, [...args, '--open=sample'], { cwd, env, stdio: 'inherit' });
  app.once('exit', (code) => {
    if (!restarting) process.exit(code ?? 0);
    restarting = false;
    current = launch();
  });
  return app;
}

let restarting = false;
let current = launch();
let rebuild: ReturnType<typeof setTimeout> | undefined;
for (const folder of ['core', 'electron', 'renderer']) {
  watch(join(ROOT, folder), { recursive: true }, () => {
    clearTimeout(rebuild);
    rebuild = setTimeout(() => {
      buildIfStale();
      say('restarting');
      restarting = true;
      current.kill();
    }, 200);
  });
}

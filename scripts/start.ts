/**
 * `npm start` opens the application on the sample database, `npm start -- FILE` on a file. Without a display it runs the tour
 * instead.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { hasDisplay } from './display.ts';
import { prepareLaunch } from './launch.ts';
import { say } from './say.ts';
import { tour } from './tour.ts';

const [file, ...rest] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
if (rest.length > 0) say('only the first file is opened');
const source = file === undefined ? 'sample' : resolve(file);

if (hasDisplay()) {
  const { executable, args, env, cwd } = await prepareLaunch({ virtual: false });
  say(`opening ${file ?? 'the sample database'}`);
  const app = spawn(executable, [...args, `--open=${source}`, ...options], { cwd, env, stdio: 'inherit' });
  app.once('exit', (code) => process.exit(code ?? 1));
} else {
  say('there is no display, so this is the tour; with a display, the window opens');
  await tour(source);
  process.exit(0);
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ENGINE = join(import.meta.dirname, '..', '..', 'out', 'electron', 'engine.cjs');

export interface EngineFaults {
  /** The engine kills itself instead of sending this message, counted from 1: the first engine only, or every one. */
  readonly killAt?: { readonly message: number; readonly who: 'first' | 'every' };
  /** The limit of V8's heap, in megabytes. */
  readonly heap?: number;
  /** Where the names of the files are listed that the engine opens or reads by itself, not through a driver. */
  readonly opened?: string;
}

/** Writes a program that runs the built engine with some faults. @returns its path. */
export function engineProgram(folder: string, { killAt, heap, opened }: EngineFaults = {}): string {
  const path = join(folder, 'engine.cjs');
  const killed = join(folder, 'killed');
  writeFileSync(
    path,
    `const fs = require('node:fs');
${heap === undefined ? '' : `require('node:v8').setFlagsFromString('--max-old-space-size=${heap}');`}
${
  opened === undefined
    ? ''
    : `const list = fs.openSync(${JSON.stringify(opened)}, 'a');
const { writeSync } = fs;
for (const [owner, names] of [[fs, ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream', 'copyFile', 'copyFileSync']], [fs.promises, ['open', 'readFile', 'copyFile']]])
  for (const name of names) {
    const original = owner[name];
    owner[name] = (file, ...rest) => { writeSync(list, name + ' ' + String(file) + '\\n'); return original.call(owner, file, ...rest); };
  }
require('node:module').syncBuiltinESMExports();`
}
${
  killAt === undefined
    ? ''
    : `const send = process.send.bind(process);
let left = ${killAt.who === 'first' ? `fs.existsSync(${JSON.stringify(killed)}) ? Infinity : ` : ''}${killAt.message};
process.send = (...message) => {
  if (--left > 0) return send(...message);
  fs.appendFileSync(${JSON.stringify(killed)}, 'x');
  process.kill(process.pid, 'SIGKILL');
};`
}
require(${JSON.stringify(ENGINE)});
`,
  );
  return path;
}

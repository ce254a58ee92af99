import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../../core/json/read.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { temporaryFolder } from './temp.ts';

const GOLDEN = join(import.meta.dirname, '..', 'golden');

/** Databases that the runtimes wrote, with the states that they computed themselves. */
export const GOLDEN_NAMES = ['runtime-0.3.2', 'runtime-0.5.0', 'server-0.5.0', 'server-0.5.0-killed'] as const;

/** The path of a copy of the database, because opening one in place could leave files next to it. */
export function goldenDatabase(name: string): string {
  const folder = temporaryFolder();
  if (name.endsWith('-killed')) {
    const { status } = spawnSync('tar', ['-xzf', join(GOLDEN, `${name}.tar.gz`), '-C', folder]);
    if (status !== 0) throw new Error(`tar could not unpack ${name}`);
    return join(folder, 'runtime.db');
  }
  if (name.startsWith('agents-')) {
    writeFileSync(join(folder, `${name}.db`), gunzipSync(readFileSync(join(GOLDEN, `${name}.db.gz`))));
    return join(folder, `${name}.db`);
  }
  copyFileSync(join(GOLDEN, `${name}.db`), join(folder, `${name}.db`));
  return join(folder, `${name}.db`);
}

export function goldenLines(file: string): readonly string[] {
  return gunzipSync(readFileSync(join(GOLDEN, file)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
}

export function goldenStates(name: string): readonly JsonObject[] {
  return goldenLines(`${name}.states.jsonl.gz`).map((line) => parseJson(line) as JsonObject);
}

export function goldenText(file: string): string {
  return readFileSync(join(GOLDEN, file), 'utf8');
}

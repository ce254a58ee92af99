import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DAMAGES, type DamageKind, FuzzBases, fuzzOne } from '../test/support/fuzz.ts';
import { fail, say } from './say.ts';

/** One of so many seeds is also given to the command line, which takes a third of a second. */
const SHARE_OF_CLI = 20;
const MAIN = join(import.meta.dirname, '..', 'core', 'cli', 'main.ts');

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' }, first: { type: 'string', default: '1' }, kind: { type: 'string' } } });
const [seeds, first, kind] = [Number(values.seeds), Number(values.first), values.kind as DamageKind | undefined];
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(first)) fail('--seeds and --first take a number');
if (kind !== undefined && !DAMAGES.includes(kind)) fail(`--kind is one of ${DAMAGES.join(', ')}`);

const bases = new FuzzBases();
const table = new Map<string, number>();
const bad: string[] = [];
try {
  say(`${seeds} damaged databases from seed ${first}`);
  for (let seed = first; seed < first + seeds; seed++) {
    const { outcome, description, folder } = await fuzzOne(bases, seed, kind);
    table.set(outcome, (table.get(outcome) ?? 0) + 1);
    if (!['fault', 'marked', 'complete'].includes(outcome)) bad.push(`seed ${seed}: ${outcome}: ${description}`);
    if (seed % SHARE_OF_CLI === 0) {
      const { stderr, status, signal } = spawnSync(process.execPath, [MAIN, 'state', join(folder, 'runtime.db'), 'run-a'], {
        encoding: 'utf8',
        timeout: 30_000,
      });
      const answered = signal === null && (status === 0 || status === 3) && !/\n\s+at /.test(stderr) && !stderr.includes('a bug in Hindsight');
      const row = answered ? 'command line: answered' : 'command line: BAD';
      table.set(row, (table.get(row) ?? 0) + 1);
      if (!answered) bad.push(`seed ${seed}: command line: ${status ?? signal}: ${stderr.slice(0, 300)}`);
    }
  }
} finally {
  bases.remove();
}
for (const [outcome, count] of [...table].sort()) console.log(`${outcome.padEnd(24)} ${count}`);
for (const line of bad) console.log(line);
process.exitCode = bad.length === 0 ? 0 : 1;

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FUZZ_KINDS, FuzzBases, type FuzzKind, fuzzOne } from '../test/support/fuzz.ts';
import { fail, say } from './say.ts';

/** One of so many seeds is also given to the command line, which takes a third of a second. */
const SHARE_OF_CLI = 20;
const MAIN = join(import.meta.dirname, '..', 'core', 'cli', 'main.ts');

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' }, first: { type: 'string', default: '1' }, kind: { type: 'string' } } });
const [seeds, first, kind] = [Number(values.seeds), Number(values.first), values.kind as FuzzKind | undefined];
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(first)) fail('--seeds and --first take a number');
if (kind !== undefined && !FUZZ_KINDS.includes(kind)) fail(`--kind is one of ${FUZZ_KINDS.join(', ')}`);

/** A seed that takes longer, in milliseconds, hangs: the others take less than a second. */
const LONGEST = 60_000;
/** Watches this thread from another one, because a query of SQLite cannot be interrupted from here. */
const progress = new Int32Array(new SharedArrayBuffer(4));
const watch = new Worker(
  `const { workerData: progress } = require('node:worker_threads');
  for (let seed = Atomics.load(progress, 0); ; seed = Atomics.load(progress, 0)) {
    if (Atomics.wait(progress, 0, seed, ${LONGEST}) === 'timed-out') {
      require('node:fs').writeSync(2, 'seed ' + seed + ' hangs\\n');
      process.kill(process.pid, 'SIGKILL');
    }
  }`,
  { eval: true, workerData: progress },
);
watch.unref();

const bases = new FuzzBases();
const table = new Map<string, number>();
const bad: string[] = [];
try {
  say(`${seeds} damaged databases from seed ${first}`);
  for (let seed = first; seed < first + seeds; seed++) {
    Atomics.store(progress, 0, seed);
    Atomics.notify(progress, 0);
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
process.exit(bad.length === 0 ? 0 : 1);

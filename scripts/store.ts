/** `npm run test:store`: the test suite of the durable state store on each backend, with the number of passed and failed tests. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const RESULT = join(ROOT, 'test-results', 'store.json');

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly status: string }[] }[];
}

mkdirSync(join(ROOT, 'test-results'), { recursive: true });
rmSync(RESULT, { force: true });
const command = ['run', '--project', 'unit', 'test/store', '--reporter=default', '--reporter=json', `--outputFile.json=${RESULT}`];
const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'vitest'), command, { cwd: ROOT, stdio: 'inherit' });
const counts = new Map<string, { passed: number; failed: number }>();
for (const { assertionResults } of (JSON.parse(readFileSync(RESULT, 'utf8')) as Report).testResults) {
  for (const { ancestorTitles, status: outcome } of assertionResults) {
    const name = ancestorTitles[0]?.replace(/ as a state store.*/, '') ?? 'other';
    const count = counts.get(name) ?? { passed: 0, failed: 0 };
    counts.set(name, count);
    // A skipped test counts as failed.
    if (outcome === 'passed') count.passed++;
    else count.failed++;
  }
}
for (const name of ['memory', 'Postgres']) if (!counts.has(name)) fail(`The suite did not run on ${name}.`);
for (const [name, { passed, failed }] of counts) console.log(`${name}: ${passed} passed, ${failed} failed`);
process.exit(status ?? 1);

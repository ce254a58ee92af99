/** Runs all checks and tests. The last line is the number of passed and failed ones. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './build.ts';
import { runChecks } from './check.ts';
import { say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(ROOT, 'test-results');

let { passed, failed } = runChecks();
buildIfStale();
mkdirSync(RESULTS, { recursive: true });

/** Adds the results of a tier. A tier that ends without results has failed. */
function count(tier: string, { status, signal, error: spawnError }: SpawnSyncReturns<unknown>, read: () => { passed: number; failed: number }): void {
  try {
    const result = read();
    passed += result.passed;
    failed += result.failed;
    if (result.passed + result.failed === 0 || (status !== 0 && result.failed === 0))
      throw new Error(`it ended with ${status ?? signal ?? spawnError?.message}`);
  } catch (error) {
    failed++;
    const why = error instanceof Error ? error.message : String(error);
    say(`${tier}: FAILED, ${why}; it ended with ${status ?? signal ?? spawnError?.message}. The last lines above are its own.`);
  }
}

const vitestJson = join(RESULTS, 'vitest.json');
rmSync(vitestJson, { force: true });
say('unit and property tests, golden databases, sources, faults');
const vitest = spawnSync(join(ROOT, 'node_modules', '.bin', 'vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestJson}`], {
  cwd: ROOT,
  stdio: 'inherit',
  // Fewer crashes and writers; `npm run test:faults` has all of them.
  env: { ...process.env, HINDSIGHT_SHORT: '1' },
});
count('vitest', vitest, () => {
  const { numPassedTests, numFailedTests, numFailedTestSuites, numTotalTests } = JSON.parse(readFileSync(vitestJson, 'utf8')) as Record<string, number>;
  return {
    passed: numPassedTests ?? 0,
    failed: Math.max(numFailedTests ?? 0, vitest.status === 0 ? 0 : 1, (numTotalTests ?? 0) === 0 ? (numFailedTestSuites ?? 1) : 0),
  };
});

const e2eJson = join(RESULTS, 'e2e.json');
rmSync(e2eJson, { force: true });
say('end-to-end tests');
const e2e = spawnSync(process.execPath, [join(ROOT, 'scripts', 'e2e.ts')], { cwd: ROOT, stdio: 'inherit' });
count('end-to-end tests', e2e, () => {
  const { stats } = JSON.parse(readFileSync(e2eJson, 'utf8')) as { stats: { expected: number; unexpected: number; flaky: number } };
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

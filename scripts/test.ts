/** Runs all checks and tests. The last line is the number of passed and failed ones. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { buildIfStale } from './build.ts';
import { runChecks } from './check.ts';
import { say } from './say.ts';
import { type PlaywrightReport, specsOf, type VitestReport } from './test-reports.ts';

const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(ROOT, 'test-results');

let { passed, failed } = runChecks();
/** Each failed test with the first line of its error: said at the end, where a long log does not hide it. */
const failures: string[] = [];
buildIfStale();
mkdirSync(RESULTS, { recursive: true });

function failure(file: string, title: string, message = 'no message'): string {
  return `${relative(ROOT, file)} › ${title}: ${stripVTControlCharacters(message).trim().split('\n')[0]}`;
}

/** Adds the results of a tier. A tier that ends without results has failed. */
function count(
  tier: string,
  { status, signal, error: spawnError }: SpawnSyncReturns<unknown>,
  read: () => { passed: number; failed: number; failures: string[] },
): void {
  try {
    const result = read();
    passed += result.passed;
    failed += result.failed;
    failures.push(...result.failures);
    if (result.passed + result.failed === 0 || (status !== 0 && result.failed === 0))
      throw new Error(`it ended with ${status ?? signal ?? spawnError?.message}`);
  } catch (error) {
    failed++;
    const why = error instanceof Error ? error.message : String(error);
    failures.push(`${tier}: ${why}; it ended with ${status ?? signal ?? spawnError?.message}. Its last lines above are its own.`);
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
  const { numPassedTests, numFailedTests, numFailedTestSuites, numTotalTests, testResults } = JSON.parse(readFileSync(vitestJson, 'utf8')) as VitestReport;
  return {
    passed: numPassedTests,
    failed: Math.max(numFailedTests, vitest.status === 0 ? 0 : 1, numTotalTests === 0 ? Math.max(numFailedTestSuites, 1) : 0),
    failures: testResults.flatMap(({ name, message, assertionResults }) => {
      const tests = assertionResults.filter(({ status }) => status === 'failed');
      if (tests.length === 0) return message ? [failure(name, 'could not be run', message)] : [];
      return tests.map(({ fullName, failureMessages }) => failure(name, fullName, failureMessages[0]));
    }),
  };
});

const e2eJson = join(RESULTS, 'e2e.json');
rmSync(e2eJson, { force: true });
say('end-to-end tests');
const e2e = spawnSync(process.execPath, [join(ROOT, 'scripts', 'e2e.ts')], { cwd: ROOT, stdio: 'inherit' });
count('end-to-end tests', e2e, () => {
  const { stats, suites } = JSON.parse(readFileSync(e2eJson, 'utf8')) as PlaywrightReport;
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    failures: specsOf(suites)
      .filter(({ ok }) => !ok)
      .map(({ file, title, tests }) => failure(join(ROOT, 'test', 'e2e', file), title, tests[0]?.results.at(-1)?.error?.message)),
  };
});

for (const line of failures) say(`FAILED ${line}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

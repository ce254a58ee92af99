import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

it('a failing test makes the test run fail, also while a database server that the tests started is running', () => {
  // Inside the project, so that its packages are found.
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'test-results', 'failing-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const setup = JSON.stringify(join(ROOT, 'test', 'support', 'postgres-setup.ts'));
  writeFileSync(join(folder, 'vitest.config.ts'), `export default { test: { include: ['*.test.ts'], globalSetup: [${setup}] } };`);
  writeFileSync(join(folder, 'failing.test.ts'), `import { expect, it } from 'vitest';\nit('fails', () => expect(1).toBe(2));\n`);
  const { status, stdout } = spawnSync(join(ROOT, 'node_modules', '.bin', 'vitest'), ['run'], { cwd: folder, encoding: 'utf8' });
  expect([status, /1 failed/.test(stdout)]).toEqual([1, true]);
}, 60_000);

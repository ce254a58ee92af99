import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');

it("the README's example of the store, in 20 lines, type-checks against the package and prints what the README says", () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, example = '', printed = ''] = /```ts\n(.*?)```\n\nIt prints `([^`]+)`/s.exec(readme) ?? [];
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  // Inside the project, so that the package can import itself by name.
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'test-results', 'readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'example.ts');
  writeFileSync(file, example);
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--ignoreConfig'];
  const types = spawnSync(join(BIN, 'tsc'), [...options, file], { encoding: 'utf8', cwd: ROOT });
  expect(types.stdout + types.stderr).toBe('');
  const execution = spawnSync(join(BIN, 'node'), [file], { encoding: 'utf8', cwd: ROOT });
  expect([execution.stderr, execution.stdout]).toEqual(['', `${printed}\nNotFound\n`]);
}, 120_000);

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** Under the options of a program that asks for little, and of one that asks for much. */
it.each([
  ['strict', ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']],
  [
    'strictest',
    [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      '--target',
      'es2023',
      '--types',
      'node',
    ],
  ],
])(
  'D13: the types of the package let the uses compile that must, and no others (%s)',
  (_, options) => {
    // Inside the project, so that the package can import itself by name.
    mkdirSync(join(ROOT, 'test-results'), { recursive: true });
    const folder = mkdtempSync(join(ROOT, 'test-results', 'types-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'uses.ts');
    const uses = readFileSync(join(import.meta.dirname, 'uses.ts'), 'utf8');
    expect(uses.match(/@ts-expect-error/g)?.length).toBeGreaterThan(20);
    writeFileSync(file, uses.replace('../../core/store/public.ts', 'hindsight/store'));
    const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['--noEmit', '--ignoreConfig', ...options, file], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
  },
  120_000,
);

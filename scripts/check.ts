/** Checks types, lint and formatting, the dependencies between folders, and dead code. A failed check does not stop the others. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules', '.bin');

const CHECKS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ...['core', 'electron', 'renderer', 'scripts', 'test'].map((layer) => [`types of ${layer}`, 'tsc', '-p', layer] as const),
  ['lint and formatting', 'biome', 'check', '--error-on-warnings', '.'],
  ['dependencies', 'depcruise', 'core', 'electron', 'renderer', 'scripts', '--config', '.dependency-cruiser.cjs'],
  ['dead code', 'knip'],
];

/** @returns the number of checks that passed and that failed. */
export function runChecks(): { passed: number; failed: number } {
  let failed = 0;
  for (const [name, command, ...args] of CHECKS) {
    const { status, stdout, stderr } = spawnSync(join(BIN, command), args, { cwd: ROOT, encoding: 'utf8' });
    if (status === 0) {
      say(`${name}: passed`);
    } else {
      failed++;
      console.log(`${stdout}${stderr}`);
      say(`${name}: FAILED`);
    }
  }
  return { passed: CHECKS.length - failed, failed };
}

if (import.meta.main) process.exit(runChecks().failed === 0 ? 0 : 1);

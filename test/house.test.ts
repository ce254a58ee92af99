import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawArchitecture } from '../scripts/architecture.ts';
import { temporaryFolder } from './support/temp.ts';

const ROOT = join(import.meta.dirname, '..');

/** Forbidden imports, each with the rule that finds it. */
const FORBIDDEN: readonly (readonly [file: string, line: string, rule: string])[] = [
  ['core/json/value.ts', "import '../jamjet/kinds.ts';", 'json-arrows'],
  ['core/replay/fold.ts', "import '../source/port.ts';", 'replay-arrows'],
  ['core/source/port.ts', "import '../store/sqlite/schema.ts';", 'source-arrows'],
  ['core/store/port.ts', "import '../source/port.ts';", 'store-arrows'],
  ['core/vocabulary.ts', "import './json/value.ts';", 'vocabulary.ts-arrows'],
  ['core/contract/cursor.ts', "import '../json/value.ts';", 'contract-arrows'],
  ['core/contract/sources.ts', "import '../source/spec.ts';", 'contract-is-schemas-and-types'],
  ['core/wire/server.ts', "import '../debugger/engine.ts';", 'wire-arrows'],
  ['core/cli/source.ts', "import '../source/sqlite/source.ts';", 'debugger-knows-no-backend'],
  ['renderer/client.ts', "import '../core/json/value.ts';", 'renderer-arrows'],
  ['renderer/main.tsx', "import { engineRequests } from '../core/contract/contract.ts'; void engineRequests;", 'renderer-takes-no-code-of-the-contract'],
  ['renderer/state/run.ts', "import '../widgets/format.ts';", 'state-knows-no-views'],
  ['electron/window.ts', "import '../core/debugger/engine.ts';", 'main-has-no-database'],
  ['electron/engine.ts', "import './window.ts';", 'engine-is-plain-node'],
];

describe('the arrows', () => {
  /** Violations in a copy of the tree with these additional imports, as `rule file`. */
  function violations(planted: typeof FORBIDDEN): readonly string[] {
    const copy = temporaryFolder();
    for (const folder of ['core', 'electron', 'renderer']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json']) copyFileSync(join(ROOT, name), join(copy, name));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const [file, line] of planted) writeFileSync(join(copy, file), `${line}\n${readFileSync(join(copy, file), 'utf8')}`);
    const { stdout } = spawnSync(
      join(ROOT, 'node_modules', '.bin', 'depcruise'),
      ['core', 'electron', 'renderer', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
      { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    const { summary } = JSON.parse(stdout) as { summary: { totalCruised: number; violations: { from: string; rule: { name: string } }[] } };
    expect(summary.totalCruised).toBeGreaterThan(250);
    return summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
  }

  it('hold in the tree', () => expect(violations([])).toEqual([]), 60_000);

  it('are found when they are violated, in every folder', () => {
    const found = violations(FORBIDDEN);
    expect(FORBIDDEN.filter(([file, , rule]) => !found.includes(`${rule} ${file}`))).toEqual([]);
  }, 60_000);
});

describe('the picture of the architecture', () => {
  it('shows the imports', () => expect(readFileSync(join(ROOT, 'docs', 'architecture.svg'), 'utf8')).toBe(drawArchitecture()), 60_000);
});

describe('the sample databases', () => {
  it('are reproduced byte for byte, and are small', () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'sample.ts'), '--out', folder]);
    expect(status).toBe(0);
    for (const name of ['runtime.db', 'generation-3.db']) {
      const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
      expect([name, hash(join(folder, name))]).toEqual([name, hash(join(ROOT, 'samples', name))]);
      expect(statSync(join(folder, name)).size).toBeLessThan(4 * 1024 * 1024);
    }
  });
});

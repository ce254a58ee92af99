import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/temp.ts';

const ROOT = join(import.meta.dirname, '..');

describe('the arrows', () => {
  /** A copy of the tree with one import too many. */
  function checkWith(file: string, line: string): string {
    const copy = temporaryFolder();
    for (const folder of ['core', 'electron', 'renderer']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json']) copyFileSync(join(ROOT, name), join(copy, name));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    if (file !== '') writeFileSync(join(copy, file), `${line}\n${readFileSync(join(copy, file), 'utf8')}`);
    const { stdout } = spawnSync(join(ROOT, 'node_modules', '.bin', 'depcruise'), ['core', 'electron', 'renderer', '--config', '.dependency-cruiser.cjs'], {
      cwd: copy,
      encoding: 'utf8',
    });
    return stdout;
  }

  it('hold in the tree as it is', () => expect(checkWith('', '')).toContain('no dependency violations found'), 60_000);

  it.each([
    ['core/json/value.ts', "import '../jamjet/kinds.ts';", 'json-arrows'],
    ['core/replay/fold.ts', "import '../source/port.ts';", 'replay-arrows'],
    ['core/source/port.ts', "import '../store/sqlite/schema.ts';", 'source-arrows'],
    ['core/store/port.ts', "import '../source/port.ts';", 'store-arrows'],
    ['renderer/client.ts', "import '../core/json/value.ts';", 'renderer-gets-types'],
    ['renderer/client.ts', "import { engineRequests } from '../core/contract.ts'; void engineRequests;", 'renderer-takes-no-code-of-the-contract'],
    ['electron/window.ts', "import '../core/debugger/session.ts';", 'main-has-no-database'],
  ])('are missed by %s with %s', (file, line, rule) => expect(checkWith(file, line)).toContain(rule), 60_000);
});

describe('the sample databases', () => {
  it('are made again byte for byte, and are small', () => {
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

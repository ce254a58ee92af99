import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { writeFileWhole } from '../../core/export/write-file.ts';
import type { FaultError } from '../../core/fault.ts';
import { temporaryFolder } from '../support/temp.ts';
import { tries } from '../support/tries.ts';

describe('writing a file atomically', () => {
  it('writes pieces of any size and returns the number of bytes', async () => {
    const path = join(temporaryFolder(), 'a.txt');
    const text = 'ü🙂x'.repeat(700_000);
    expect(await writeFileWhole(path, text.match(/.{1,9999}/gsu) ?? [])).toBe(Buffer.byteLength(text));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('F29: keeps the existing file and leaves no partial one when it fails or is cancelled', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'before');
    function* failing(): Generator<string> {
      yield 'x'.repeat(3_000_000);
      throw new Error('the source broke');
    }
    await expect(writeFileWhole(path, failing())).rejects.toThrow('the source broke');
    const cancel = new AbortController();
    function* cancelled(): Generator<string> {
      yield 'x'.repeat(3_000_000);
      cancel.abort();
      yield 'y';
    }
    await expect(writeFileWhole(path, cancelled(), { signal: cancel.signal })).rejects.toThrow('cancelled');
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('F29, F30: reports a full disk and a missing folder', async () => {
    await expect(writeFileWhole('/dev/full/x', ['x'])).rejects.toThrow(/could not be written/);
    await expect(writeFileWhole(join(temporaryFolder(), 'no', 'x'), ['x'])).rejects.toThrow('the folder does not exist');
    expect(existsSync('/dev/full')).toBe(true);
  });

  it('E2: two writes to one name both succeed, and the file is one of them as a whole', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.txt');
    async function* slowly(letter: string): AsyncGenerator<string> {
      for (let i = 0; i < 20; i++) {
        yield letter.repeat(50_000);
        await setImmediate();
      }
    }
    expect(await Promise.all([writeFileWhole(path, slowly('a')), writeFileWhole(path, slowly('b'))])).toEqual([1_000_000, 1_000_000]);
    expect(readFileSync(path, 'utf8')).toMatch(/^(a+|b+)$/);
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('F29, E2: a write that fails while the next piece is computed rejects with a Fault and leaves no unhandled rejection', () => {
    const folder = temporaryFolder();
    const program = `
      import { setTimeout } from 'node:timers/promises';
      import { writeFileWhole } from ${JSON.stringify(join(import.meta.dirname, '..', '..', 'core', 'export', 'write-file.ts'))};
      process.on('unhandledRejection', (error) => { console.log('unhandled', error.code); process.exit(1); });
      async function* pieces() {
        yield 'x'.repeat(1_000_000);
        // The write fails long before it is awaited.
        await setTimeout(200);
        yield 'y';
      }
      await writeFileWhole('a.txt', pieces()).catch((error) => console.log(error.fault?.kind));
    `;
    // Limits the size of files to 64 KiB.
    const { stdout } = spawnSync('bash', ['-c', `ulimit -f 64; exec "$0" --input-type=module -e "$1"`, process.execPath, program], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe('not-written');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('F29: a disk that is full at any write, or from any write on, leaves the existing file and no other', async ({ task }) => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'before');
    const handle = await open(path, 'r');
    const methods = Object.getPrototypeOf(handle) as Record<'write' | 'sync' | 'chmod', (...args: unknown[]) => Promise<unknown>>;
    await handle.close();
    for (const lasting of [false, true]) {
      await tries(task, 100, async (k) => {
        let calls = 0;
        const spies = (['write', 'sync', 'chmod'] as const).map((name) => {
          const original = methods[name];
          return vi.spyOn(methods, name).mockImplementation(async function (this: unknown, ...args) {
            calls++;
            if (calls === k || (lasting && calls > k)) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
            return original.apply(this, args);
          });
        });
        const written = await writeFileWhole(path, ['x', 'y'.repeat(100_000), 'z', 'w']).then(
          () => 'written',
          (error: FaultError) => error.fault.kind,
        );
        for (const spy of spies) spy.mockRestore();
        expect(readdirSync(folder)).toEqual(['a.txt']);
        expect([written, readFileSync(path, 'utf8').length]).toEqual(calls < k ? ['written', 100_003] : ['disk-full', 6]);
        writeFileSync(path, 'before');
        return calls < k ? 'last' : undefined;
      });
    }
    await expect(writeFileWhole('/dev/full', ['x'])).rejects.toMatchObject({ fault: { kind: 'disk-full' } });
  });

  it('F30: a folder that is removed while it is written to is said to be missing', async ({ task }) => {
    await tries(task, 5, async () => {
      const folder = join(temporaryFolder(), 'target');
      mkdirSync(folder);
      function* pieces(): Generator<string> {
        yield 'x'.repeat(100_000);
        rmSync(folder, { recursive: true });
        yield 'y';
      }
      await expect(writeFileWhole(join(folder, 'a.txt'), pieces())).rejects.toMatchObject({ fault: { kind: 'not-written' } });
      expect(existsSync(folder)).toBe(false);
    });
  });
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileWhole } from '../../core/export/write-file.ts';
import { temporaryFolder } from '../support/temp.ts';

describe('writing a file whole', () => {
  it('writes pieces of any size and says how many bytes', async () => {
    const path = join(temporaryFolder(), 'a.txt');
    const text = 'ü🙂x'.repeat(700_000);
    expect(await writeFileWhole(path, text.match(/.{1,9999}/gsu) ?? [])).toBe(Buffer.byteLength(text));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('leaves what stood there, and nothing half, when it fails or is cancelled in the middle', async () => {
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
    await expect(writeFileWhole(path, cancelled(), cancel.signal)).rejects.toThrow('cancelled');
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('says when the disk is full, or the place is none', async () => {
    await expect(writeFileWhole('/dev/full/x', ['x'])).rejects.toThrow(/could not be written/);
    await expect(writeFileWhole(join(temporaryFolder(), 'no', 'x'), ['x'])).rejects.toThrow('the folder is not there');
    expect(existsSync('/dev/full')).toBe(true);
  });
});

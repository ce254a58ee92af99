import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Bookmarks } from '../../electron/bookmarks.ts';
import { temporaryFolder } from '../support/temp.ts';

it('B10: bookmarks belong to an execution and are read again, and one without any leaves nothing', async () => {
  const path = join(temporaryFolder(), 'folder', 'bookmarks.json');
  const bookmarks = new Bookmarks(path);
  const [, , kept] = await Promise.all([
    bookmarks.keep('a', 3, { sequence: 3, note: 'odd\n"total"', path: '/order/total' }),
    bookmarks.keep('b', 0, { sequence: 0, note: '' }),
    bookmarks.keep('a', 2, { sequence: 2, note: 'before' }),
    bookmarks.keep('a', 3, { sequence: 3, note: 'later' }),
    bookmarks.keep('b', 0, null),
  ]);
  expect(kept).toHaveLength(2);
  expect(new Bookmarks(path).of('a')).toEqual([
    { sequence: 2, note: 'before' },
    { sequence: 3, note: 'later' },
  ]);
  expect(readFileSync(path, 'utf8')).not.toContain('"b"');
});

it('F31, B10: a file of bookmarks that cannot be read is kept under another name', () => {
  const path = join(temporaryFolder(), 'bookmarks.json');
  writeFileSync(path, '{"a": [{"sequence": -1}]}');
  expect(new Bookmarks(path).of('a')).toEqual([]);
  expect(existsSync(`${path}.unreadable`)).toBe(true);
});

it('B10: a note that cannot be written is said to be lost', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const bookmarks = new Bookmarks(join(file, 'bookmarks.json'));
  await expect(bookmarks.keep('a', 1, { sequence: 1, note: 'x' })).rejects.toThrow();
  expect(bookmarks.of('a')).toEqual([]);
});

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../core/vocabulary.ts';
import { Settings } from '../../electron/settings.ts';
import { temporaryFolder } from '../support/temp.ts';

it.each([
  ['are cut', '{"theme":"li'],
  ['are empty', ''],
  ['are a list', '[]'],
  ['are ten megabytes of something else', 'x'.repeat(10_000_000)],
  ['are a number', '7'],
])('F31: settings that %s are kept under another name, and said; the application starts with the usual ones and writes its own', async (_, text) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const path = join(temporaryFolder(), 'settings.json');
  writeFileSync(path, text);
  const settings = new Settings(path);
  expect(settings.preferences).toEqual(DEFAULT_PREFERENCES);
  expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe(text);
  expect(said).toHaveBeenCalledWith(expect.stringContaining('settings.json.unreadable'));
  settings.set({ theme: 'light' });
  await settings.flush();
  expect(new Settings(path).preferences.theme).toBe('light');
  said.mockRestore();
});

it('F31: settings of a later version keep what this one does not know', async () => {
  const path = join(temporaryFolder(), 'settings.json');
  writeFileSync(path, JSON.stringify({ theme: 'neon', density: 'compact', later: { a: 1 } }));
  const settings = new Settings(path);
  expect(settings.preferences).toMatchObject({ theme: DEFAULT_PREFERENCES.theme, density: 'compact' });
  settings.set({ zoom: 1 });
  await settings.flush();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ density: 'compact', later: { a: 1 } });
});

it('F31: settings in whose place there is a folder, or that cannot be written, are the usual ones, and nothing is removed', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const path = join(temporaryFolder(), 'settings.json');
  mkdirSync(path);
  writeFileSync(join(path, 'own'), 'x');
  const settings = new Settings(path);
  expect(settings.preferences).toEqual(DEFAULT_PREFERENCES);
  settings.set({ theme: 'light' });
  await settings.flush();
  expect(said).toHaveBeenCalledWith(expect.stringContaining('could not be written'));
  expect(existsSync(join(path, 'own'))).toBe(true);
  const other = join(temporaryFolder(), 'settings.json');
  writeFileSync(other, '{"theme":"light"}');
  chmodSync(other, 0o400);
  const fixed = new Settings(other);
  fixed.set({ theme: 'dark' });
  await fixed.flush();
  expect(readFileSync(other, 'utf8')).toBe('{"theme":"light"}');
  said.mockRestore();
});

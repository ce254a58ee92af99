import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Passwords } from '../../electron/passwords.ts';
import { Settings } from '../../electron/settings.ts';
import { temporaryFolder } from '../support/temp.ts';

it('recent servers are named by their database and shown without a password, even where somebody has written one into the settings', async () => {
  const path = join(temporaryFolder(), 'settings.json');
  const openedAt = '2026-06-01T12:00:00Z';
  const recent = ['postgres://kim:secret@db.example.com/runs?schema=live&sslrootcert=/gone.pem', 'postgres://[', '/x/runtime.db'].map((of) => ({
    path: of,
    openedAt,
  }));
  writeFileSync(path, JSON.stringify({ recent }));
  const settings = new Settings(path);
  expect(settings.recent).toEqual([
    {
      ...{ path: 'postgres://kim@db.example.com/runs?schema=live&sslrootcert=/gone.pem', kind: 'Postgres', name: 'runs.live' },
      ...{ folder: 'kim@db.example.com:5432', openedAt, missing: false },
    },
    { path: '/x/runtime.db', kind: 'SQLite', name: 'runtime.db', folder: '/x', openedAt, missing: true },
  ]);
  settings.addRecent('/x/other.db');
  await settings.flush();
  expect(JSON.parse(readFileSync(path, 'utf8')).recent).toHaveLength(4);
});

it('a password is kept for its address alone, and an address with another one is left as it is', () => {
  const passwords = new Passwords();
  const location = 'postgres://kim@db/runs';
  passwords.keep(location, { kind: 'postgres', address: 'postgres://kim:sec%2Fret@db/runs' });
  expect(passwords.specOf(location)).toEqual({ kind: 'postgres', address: location, password: 'sec/ret' });
  passwords.keep(location, { kind: 'postgres', address: location, password: 'newer' });
  expect(passwords.specOf(location)).toMatchObject({ password: 'newer' });
  expect(passwords.specOf('postgres://lee@db/runs')).toMatchObject({ password: undefined });
  passwords.keep('/x/runtime.db', { kind: 'sqlite', path: '/x/runtime.db' });
  expect(passwords.specOf('/x/runtime.db')).toEqual({ kind: 'sqlite', path: '/x/runtime.db' });
});

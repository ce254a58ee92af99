import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Keychain, Passwords } from '../../electron/passwords.ts';
import { Settings } from '../../electron/settings.ts';
import { temporaryFolder } from '../support/temp.ts';

const NO_KEYCHAIN: Keychain = {
  isReal: async () => false,
  encrypt: () => Promise.reject(new Error('no keychain')),
  decrypt: () => Promise.reject(new Error('no keychain')),
};

/** A key that is known to this test only. */
function keychain(): Keychain {
  const key = randomBytes(32);
  return {
    isReal: async () => true,
    encrypt: async (text) => {
      const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
      return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt: async (encrypted) => {
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(12)).setAuthTag(encrypted.subarray(-16));
      return Buffer.concat([decipher.update(encrypted.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
  };
}

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

it('a password is kept for its address alone, and an address with another one is left as it is', async () => {
  const passwords = new Passwords(join(temporaryFolder(), 'passwords.json'), NO_KEYCHAIN);
  const location = 'postgres://kim@db/runs';
  passwords.keep(location, { kind: 'postgres', address: 'postgres://kim:sec%2Fret@db/runs' });
  expect(await passwords.specOf(location)).toEqual({ kind: 'postgres', address: location, password: 'sec/ret' });
  passwords.keep(location, { kind: 'postgres', address: location, password: 'newer' });
  expect(await passwords.specOf(location)).toMatchObject({ password: 'newer' });
  expect(await passwords.specOf('postgres://lee@db/runs')).toMatchObject({ password: undefined });
  passwords.keep('/x/runtime.db', { kind: 'sqlite', path: '/x/runtime.db' });
  expect(await passwords.specOf('/x/runtime.db')).toEqual({ kind: 'sqlite', path: '/x/runtime.db' });
});

describe('M4: a password', () => {
  const location = 'postgres://kim@db/runs';
  const spec = { kind: 'postgres', address: location, password: 'sec/ret' } as const;

  it('is remembered only when it is wanted, and only encrypted', async () => {
    const path = join(temporaryFolder(), 'passwords.json');
    const keys = keychain();
    const first = new Passwords(path, keys);
    first.keep(location, spec);
    expect(existsSync(path)).toBe(false);
    await first.remember(location);
    expect(readFileSync(path, 'utf8')).not.toContain('sec/ret');
    expect(await new Passwords(path, keys).specOf(location)).toEqual(spec);
    // Another user of the same file has another key.
    expect(await new Passwords(path, keychain()).specOf(location)).toMatchObject({ password: undefined });
  });

  it('is forgotten when its server is', async () => {
    const path = join(temporaryFolder(), 'passwords.json');
    const keys = keychain();
    const passwords = new Passwords(path, keys);
    for (const each of [location, 'postgres://lee@db/runs']) {
      passwords.keep(each, { ...spec, address: each });
      await passwords.remember(each);
    }
    await passwords.rememberOnly((each) => each !== location);
    const again = new Passwords(path, keys);
    expect([await again.specOf(location), await again.specOf('postgres://lee@db/runs')].map((each) => 'password' in each && each.password)).toEqual([
      undefined,
      'sec/ret',
    ]);
  });

  it('is written nowhere where there is no keychain', async () => {
    const path = join(temporaryFolder(), 'passwords.json');
    const passwords = new Passwords(path, NO_KEYCHAIN);
    passwords.keep(location, spec);
    await passwords.remember(location);
    expect([await passwords.canRemember(), existsSync(path)]).toEqual([false, false]);
  });
});

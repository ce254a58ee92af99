import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../core/fault.ts';
import { AddressError, addressLabel, parseAddress, withEnvironment, withoutPassword } from '../../core/postgres/address.ts';
import { preparePostgres } from '../../core/source/postgres/prepare.ts';
import { PostgresSource } from '../../core/source/postgres/source.ts';
import { prepareSource, sourceSpec } from '../../core/source/spec.ts';
import { startArguments } from '../../electron/arguments.ts';
import { goldenDatabase } from '../support/golden.ts';
import { copyToPostgres, openPostgres } from '../support/postgres-copy.ts';
import { temporaryFolder } from '../support/temp.ts';
import { behindTls } from '../support/tls-server.ts';

describe('the address of a Postgres source', () => {
  const env = { PGHOST: 'db.example.com', PGPORT: '6000', PGUSER: 'k@m', PGPASSWORD: 'p/w', PGDATABASE: 'd b', PGSSLMODE: 'no-verify' };

  it.each([
    { PGHOST: 'db.example.com:5433' },
    { PGHOST: 'db example' },
    { PGHOST: ' ' },
    { PGHOST: 'db/x' },
    { PGHOST: 'a,b', PGPORT: '1,2' },
    { PGPORT: 'abc' },
    { PGPORT: '99999' },
  ])('never leads to another server than the variables name: %o', (variables) => {
    expect(() => withEnvironment('postgres:///x', variables)).toThrow(AddressError);
  });

  it('is completed by the variables of libpq, and what it says itself comes first', () => {
    expect(parseAddress(withEnvironment('postgres://', env))).toMatchObject({
      ...{ host: 'db.example.com', port: 6000, user: 'k@m', password: 'p/w', database: 'd b', ssl: { rejectUnauthorized: false } },
    });
    expect(parseAddress(withEnvironment('postgres://kim:own@[::1]:1/x?sslmode=disable', env))).toMatchObject({
      ...{ host: '::1', port: 1, user: 'kim', password: 'own', database: 'x', ssl: false },
    });
    expect(parseAddress(withEnvironment('postgres:///x', { PGHOST: '/run/postgresql' }))).toMatchObject({ host: '/run/postgresql', database: 'x' });
    expect(parseAddress(withEnvironment('postgres:///x', {}))).toEqual(parseAddress('postgres:///x'));
  });

  it('is shown and remembered without the password', () => {
    expect(withoutPassword('postgres://kim:s%2Fcret@db.example.com:1/x?schema=s&sslmode=require')).toBe(
      'postgres://kim@db.example.com:1/x?schema=s&sslmode=require',
    );
  });

  it('that cannot be used is refused before anything is connected', async () => {
    const refused = await preparePostgres({ address: 'postgres://kim:secret@localhost/x?sslrootcert=/nowhere/ca.pem&sslmode=require' }, {}).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({
      fault: { kind: 'bad-address' },
      message: 'The address cannot be used: the certificate file /nowhere/ca.pem of the Postgres URL cannot be read.',
    });
  });
});

describe('an address that is not written as it should be', () => {
  const secret = 'pa55';
  const refused = async (address: string): Promise<string> => {
    const spec = sourceSpec(address);
    expect(spec.kind).toBe('postgres');
    const error: unknown = await prepareSource(spec).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ fault: { kind: 'bad-address' } });
    return inspect(error, { depth: 9 });
  };

  it('is refused when a character of the password ends it too early, and nothing of the password is shown', async () => {
    for (const character of ['/', '?', '#', '/?', '@x/'])
      for (const end of ['localhost/db', 'localhost:1/db', '[::1]/db?sslmode=require'])
        for (const begin of ['12', 'k', '']) {
          const address = `postgres://u:${begin}${character}${secret}@${end}`;
          expect(await refused(address)).not.toContain(secret);
          for (const read of [withoutPassword, parseAddress, addressLabel]) expect(() => read(address)).toThrow(AddressError);
        }
    expect(await refused(`postgres://u:12/${secret}@localhost/db`)).toContain('write %2F, %3F, %23 and %40');
  });

  it('is an address and no path, however it is spelled', async () => {
    for (const address of [
      `postgres:u:${secret}@h/db`,
      `postgresql:/u:${secret}@h/db`,
      `"postgres://u:${secret}@h/db"`,
      `\u200bpostgres://u:${secret}@h/db`,
      `jdbc:postgresql://u:${secret}@h/db`,
      ` mysql://u:${secret}@h/db`,
    ])
      expect(await refused(address)).not.toContain(secret);
    for (const path of ['/a/postgres:b', './postgres:b', 'a.postgres:b', ' a.db']) expect(sourceSpec(path)).toEqual({ kind: 'sqlite', path: resolve(path) });
  });

  it('may have spaces around it and capitals in its scheme', () => {
    for (const address of [' postgres://u:s@h/db', 'postgres://u:s@h/db\n', '\u00a0Postgres://u:s@h/db']) {
      const spec = sourceSpec(address);
      expect(spec).toMatchObject({ kind: 'postgres', address: address.trim() });
      expect(withoutPassword(address)).toBe('postgres://u@h/db');
      expect(parseAddress(address)).toMatchObject({ user: 'u', password: 's', host: 'h', database: 'db' });
      expect(startArguments([`--open=${address}`], '/', 'sample').open).toEqual(spec);
    }
  });
});

describe('a file that a Postgres address needs', () => {
  it('is refused in one sentence when it is a pipe, a folder, a device or far too large, without waiting for it', async () => {
    const folder = temporaryFolder();
    const [pipe, large, nested] = ['pipe', 'large', 'nested'].map((name) => join(folder, name)) as [string, string, string];
    expect(spawnSync('mkfifo', ['-m', '600', pipe]).status).toBe(0);
    mkdirSync(nested, { mode: 0o700 });
    writeFileSync(large, Buffer.alloc(2_000_000, '#'), { mode: 0o600 });
    const messageOf = (address: string, environment: NodeJS.ProcessEnv) =>
      preparePostgres({ address }, environment).then(
        () => 'it was accepted',
        (error: Error) => error.message,
      );
    for (const [file, words] of [
      [pipe, 'is not a plain file'],
      [nested, 'is not a plain file'],
      ['/dev/zero', 'is not a plain file'],
      [large, 'is larger than 1 MB'],
    ] as const) {
      const certificate = await messageOf(`postgres://kim:secret@localhost/x?sslmode=require&sslrootcert=${file}`, {});
      expect(certificate).toBe(`The address cannot be used: the certificate file ${file} of the Postgres URL cannot be read, because it ${words}.`);
      if (file === '/dev/zero') continue;
      expect(await messageOf('postgres://kim@localhost/x', { PGPASSFILE: file })).toBe(
        `The address cannot be used: the password file ${file} cannot be read, because it ${words}.`,
      );
    }
    // As for libpq, there need be none, and one that others can read, such as /dev/null, is not used.
    for (const file of ['/dev/null', join(folder, 'none')])
      expect(await preparePostgres({ address: 'postgres://kim@localhost/x' }, { PGPASSFILE: file })).toBe('postgres://kim@localhost/x');
  });
});

describe('the protection of a connection to Postgres', () => {
  it('F35: is verified unless the address says otherwise: nothing is said to a server whose certificate does not fit', async () => {
    const url = await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'store');
    const right = await behindTls('localhost');
    const wrong = await behindTls('elsewhere');
    const address = (port: number, mode: string, authority?: string): string => {
      const changed = new URL(url);
      [changed.hostname, changed.port] = ['localhost', String(port)];
      changed.searchParams.set('sslmode', mode);
      if (authority !== undefined) changed.searchParams.set('sslrootcert', authority);
      return changed.href;
    };
    for (const mode of ['require', 'verify-full']) {
      const summary = await (await openPostgres(address(right.port, mode, right.authority))).describe();
      expect(summary.location).toContain(`sslmode=${mode}`);
    }
    expect((await (await openPostgres(address(wrong.port, 'no-verify'))).describe()).kind).toBe('Postgres');
    const [unknown, foreign] = [await behindTls('localhost'), await behindTls('elsewhere')];
    for (const [refused, words] of [
      [address(unknown.port, 'prefer'), /signed by an unknown authority; give its certificate with sslrootcert/],
      [address(foreign.port, 'verify-full', foreign.authority), /certificate of the server is for another name/],
    ] as const) {
      const error: unknown = await PostgresSource.open(refused).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(FaultError);
      expect(error).toMatchObject({ fault: { kind: 'cannot-connect' }, message: expect.stringMatching(words) });
    }
    expect([unknown.seen(), foreign.seen()]).toEqual(['', '']);
  });
});

import { describe, expect, it } from 'vitest';
import { partsOf, splitPassword, withParts } from '../../renderer/views/connect/address-parts.ts';

describe('the address of a server in a form', () => {
  it('is taken apart and put together again', () => {
    const address = 'postgres://k%40m@[::1]:6000/d%20b?sslmode=verify-full&sslrootcert=%2Fca.pem&schema=a%22b';
    const parts = partsOf(address);
    expect(parts).toEqual({ host: '::1', port: '6000', database: 'd b', user: 'k@m', tls: 'verify-full', authority: '/ca.pem', schema: 'a"b' });
    expect(partsOf(withParts('postgres://localhost/', parts ?? {}))).toEqual(parts);
    expect(partsOf(withParts(address, { host: '/run/postgresql', tls: '' }))).toMatchObject({ host: '/run/postgresql', tls: '', schema: 'a"b' });
    expect(withParts(withParts(address, { host: '/run/postgresql' }), { host: 'db' })).toContain('@db:6000/');
    expect(partsOf('mysql://localhost/x')).toBeUndefined();
    expect(partsOf('postgres://[')).toBeUndefined();
  });

  it('loses its password, whatever characters that has', () => {
    expect(splitPassword('postgresql://kim:p%40%2F%25@db/x?schema=s')).toEqual({ address: 'postgresql://kim@db/x?schema=s', password: 'p@/%' });
    expect(splitPassword('postgres://kim@db/x')).toEqual({ address: 'postgres://kim@db/x', password: undefined });
    expect(splitPassword('postgres://kim:100%@db/x').password).toBe('100%');
    expect(splitPassword('half of an addr')).toEqual({ address: 'half of an addr', password: undefined });
  });
});

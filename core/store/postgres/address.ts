import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { DatabaseError } from '../errors.ts';

/**
 * How the connection is protected.
 *
 * - `verified`: encrypted, and the server's certificate and name are checked.
 * - `unverified`: encrypted, but anybody in between could be the server.
 * - `off`: in plain text.
 */
export type Tls = 'verified' | 'unverified' | 'off';

/** Where a server is, as the driver takes it. Nothing is left to the driver's own reading of URLs or environment variables. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: ConnectionOptions | false;
  readonly schema: string | undefined;
}

export interface TlsOptions {
  /** `verified` by default; `off` for a socket or this machine. */
  readonly tls?: Tls;
  /** The certificate of the authority that signed the server's, as PEM text. */
  readonly ca?: string;
}

/** The words that libpq's `sslmode` has; those that would fall back to plain text without a word are taken as `verified`. */
const SSL_MODES: Readonly<Record<string, Tls>> = {
  disable: 'off',
  prefer: 'verified',
  require: 'verified',
  'verify-ca': 'verified',
  'verify-full': 'verified',
  'no-verify': 'unverified',
};

/**
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `?sslmode=…`, `&sslrootcert=FILE`, `&schema=NAME` and
 *   `&host=/FOLDER` for a socket; no other parameter.
 * @throws DatabaseError whose message never has the password.
 */
export function addressOf(url: string, options: TlsOptions = {}): Address {
  const parsed = parse(url);
  const { searchParams: given } = parsed;
  for (const name of given.keys()) {
    if (!['sslmode', 'sslrootcert', 'schema', 'host'].includes(name))
      throw new DatabaseError(`The Postgres URL has a parameter "${name}", which is not known here.`);
  }
  const mode = given.get('sslmode');
  if (mode !== null && SSL_MODES[mode] === undefined) throw new DatabaseError(`sslmode=${mode} is none of ${Object.keys(SSL_MODES).join(', ')}.`);
  const host = given.get('host') ?? (decoded(parsed.hostname.replace(/^\[(.*)\]$/, '$1')) || 'localhost');
  const user = decoded(parsed.username) || 'postgres';
  const tls = options.tls ?? (mode === null ? undefined : SSL_MODES[mode]) ?? (isLocal(host) ? 'off' : 'verified');
  return {
    host,
    port: Number(parsed.port || 5432),
    user,
    password: decoded(parsed.password) || undefined,
    database: decoded(parsed.pathname.slice(1)) || user,
    ssl:
      tls === 'off'
        ? false
        : {
            rejectUnauthorized: tls === 'verified',
            ...(isIP(host) === 0 ? { servername: host } : { host }),
            ...certificate(options.ca, given.get('sslrootcert')),
          },
    schema: given.get('schema') ?? undefined,
  };
}

function parse(url: string): URL {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new DatabaseError('A Postgres URL begins with postgres:// or postgresql://.');
  try {
    return new URL(url);
  } catch {
    throw new DatabaseError('The Postgres URL cannot be read; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %XX for special characters.');
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DatabaseError('The Postgres URL has a % that begins no %XX; write %25 for it.');
  }
}

function certificate(ca: string | undefined, file: string | null): { readonly ca?: string } {
  if (ca !== undefined) return { ca };
  if (file === null) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch {
    throw new DatabaseError(`The certificate file ${file} of the Postgres URL cannot be read.`);
  }
}

function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

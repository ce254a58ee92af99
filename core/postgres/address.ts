import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { visible } from '../visible.ts';
import { FileError, readSmallFile } from './small-file.ts';

/**
 * The protection of the connection.
 *
 * - `verified`: encrypted, and the server's certificate and name are verified.
 * - `unverified`: encrypted, but not protected against an impostor.
 * - `off`: plain text.
 */
export type Tls = 'verified' | 'unverified' | 'off';

/** The address of a server in the form of the driver's options, so that the driver itself reads no URL and no environment. */
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
  /** `verified` by default; `off` for a socket or the local machine. */
  readonly tls?: Tls;
  /** The certificate of the authority that signed the server's certificate, as PEM text. */
  readonly ca?: string;
}

/** An address that cannot be used, and why. The message never contains the password. */
export class AddressError extends Error {}

/** The values of libpq's `sslmode`. Those that would fall back to plain text or skip verification mean `verified` here. */
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
 *   `&host=/FOLDER` for a socket; other parameters are refused.
 * @throws AddressError whose message never contains the password.
 */
export function parseAddress(url: string, options: TlsOptions = {}): Address {
  const parsed = parse(url);
  const { searchParams: given } = parsed;
  for (const name of given.keys()) {
    if (!['sslmode', 'sslrootcert', 'schema', 'host'].includes(name)) throw new AddressError(`The Postgres URL has an unknown parameter "${name}".`);
  }
  const mode = given.get('sslmode');
  if (mode !== null && SSL_MODES[mode] === undefined) throw new AddressError(`sslmode=${mode} is not one of ${Object.keys(SSL_MODES).join(', ')}.`);
  const host = given.get('host') ?? (decode(parsed.hostname.replace(/^\[(.*)\]$/, '$1')) || 'localhost');
  const user = decode(parsed.username) || 'postgres';
  const tls = options.tls ?? (mode === null ? undefined : SSL_MODES[mode]) ?? (isLocal(host) ? 'off' : 'verified');
  return {
    host,
    port: Number(parsed.port || 5432),
    user,
    password: decode(parsed.password) || undefined,
    database: decode(parsed.pathname.slice(1)) || user,
    ssl:
      tls === 'off'
        ? false
        : {
            rejectUnauthorized: tls === 'verified',
            ...(isIP(host) === 0 ? { servername: host } : { host }),
            ...certificateAuthority(options.ca, given.get('sslrootcert')),
          },
    schema: given.get('schema') ?? undefined,
  };
}

/** The URL without its password, in which everything else can be shown and remembered. @throws AddressError */
export function withoutPassword(url: string): string {
  const parsed = parse(url);
  parsed.password = '';
  return parsed.href;
}

/** The password in a URL; undefined when there is none. @throws AddressError */
export function passwordIn(url: string): string | undefined {
  return decode(parse(url).password) || undefined;
}

/** What a database is called in a list, and where it is: its name and schema, and the user and the server. @throws AddressError */
export function addressLabel(url: string): { readonly name: string; readonly server: string } {
  const { user, host, port, database, schema } = parseAddress(withoutParameter(url, 'sslrootcert'));
  return { name: schema === undefined ? database : `${database}.${schema}`, server: `${user}@${host.startsWith('/') ? host : `${host}:${port}`}` };
}

/** The certificate is not needed for a label, and may be gone. */
function withoutParameter(url: string, name: string): string {
  return changed(parse(url), ({ searchParams }) => searchParams.delete(name));
}

/** The URL with this password. @throws AddressError */
export function withPassword(url: string, password: string): string {
  return changed(parse(url), (address) => {
    address.password = encodeURIComponent(password);
  });
}

/** What the parameters of a URL say when it leaves them out, by libpq's names of the variables of the environment. */
const PARAMETERS = { PGSSLMODE: 'sslmode', PGSSLROOTCERT: 'sslrootcert' } as const;

/** The URL with what it leaves out, as far as libpq's variables have it: `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD`, `PGDATABASE` and those of TLS. @throws AddressError */
export function withEnvironment(url: string, environment: NodeJS.ProcessEnv): string {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = environment;
  return changed(parse(url), (address) => {
    const given = address.searchParams;
    const isWithoutHost = address.hostname === '' || address.hostname === NO_HOST;
    if (PGHOST && isWithoutHost && !given.has('host')) {
      if (PGHOST.startsWith('/')) given.set('host', PGHOST);
      else setHost(address, PGHOST);
    }
    if (PGPORT && address.port === '') setPort(address, PGPORT);
    if (PGPASSWORD && address.password === '') address.password = encodeURIComponent(PGPASSWORD);
    if (PGUSER && address.username === '') address.username = encodeURIComponent(PGUSER);
    if (PGDATABASE && address.pathname.length <= 1) address.pathname = `/${encodeURIComponent(PGDATABASE)}`;
    for (const [name, parameter] of Object.entries(PARAMETERS)) {
      const value = environment[name];
      if (value && !given.has(parameter)) given.set(parameter, value);
    }
  });
}

/** A URL keeps its host when it is given one that it cannot read: then another server would be opened. @throws AddressError */
function setHost(address: URL, host: string): void {
  const expected = host.includes(':') ? `[${host}]` : host;
  address.hostname = expected;
  if (address.hostname.toLowerCase() !== expected.toLowerCase())
    throw new AddressError(`The variable PGHOST is not the name of one server: "${visible(host)}".`);
}

function setPort(address: URL, port: string): void {
  address.port = port;
  if (!/^\d+$/.test(port) || address.port !== String(Number(port)))
    throw new AddressError(`The variable PGPORT is not the number of a port: "${visible(port)}".`);
}

/** Stands for no host: a URL without one can have no user and no port. */
const NO_HOST = 'no-host.invalid';

function changed(address: URL, change: (address: URL) => void): string {
  if (address.hostname === '') address.hostname = NO_HOST;
  change(address);
  if (address.hostname === NO_HOST) address.hostname = 'localhost';
  return address.href;
}

/** Whether a text is meant as an address, also if it is not written as one: taken for the path of a file, it would be shown with its password. */
export function isAddress(text: string): boolean {
  return /^[^\w./\\~-]*(jdbc:)?postgres(ql)?:/i.test(text);
}

function parse(text: string): URL {
  const url = text.trim();
  if (!/^postgres(ql)?:\/\//i.test(url)) throw new AddressError('A Postgres URL begins with postgres:// or postgresql://.');
  // Read as a URL, what such a character begins would be the database or a parameter, and be shown.
  if (/^[^/]*\/\/[^/?#]*[/?#].*@/s.test(url)) {
    throw new AddressError('The Postgres URL has an @ too late; in a user, password, database or parameter write %2F, %3F, %23 and %40 for / ? # and @.');
  }
  try {
    return new URL(url);
  } catch {
    throw new AddressError('The Postgres URL cannot be read; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %XX for special characters.');
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError('The Postgres URL contains a % that is not part of %XX; write %25 for it.');
  }
}

function certificateAuthority(ca: string | undefined, file: string | null): { readonly ca?: string } {
  if (ca !== undefined) return { ca };
  if (file === null) return {};
  try {
    return { ca: readSmallFile(file) ?? '' };
  } catch (error) {
    throw new AddressError(`The certificate file ${file} of the Postgres URL cannot be read${error instanceof FileError ? `, because ${error.message}` : ''}.`);
  }
}

function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The address of a server, taken apart for a form. The password is never part of it. */
export interface AddressParts {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  /** `sslmode`; empty for the usual protection. */
  readonly tls: string;
  /** The file of the authority that signed the server's certificate. */
  readonly authority: string;
  readonly schema: string;
}

const PARAMETERS = { tls: 'sslmode', authority: 'sslrootcert', schema: 'schema' } as const;

export const FIRST_ADDRESS = 'postgres://localhost:5432/postgres';

/** @returns undefined when the text is not an address. */
export function partsOf(address: string): AddressParts | undefined {
  const url = parse(address);
  if (url === undefined) return undefined;
  const parameter = (name: string): string => url.searchParams.get(name) ?? '';
  return {
    host: parameter('host') || url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port,
    database: decode(url.pathname.slice(1)),
    user: decode(url.username),
    tls: parameter(PARAMETERS.tls),
    authority: parameter(PARAMETERS.authority),
    schema: parameter(PARAMETERS.schema),
  };
}

/** The address with other parts. */
export function withParts(address: string, change: Partial<AddressParts>): string {
  const url = parse(address) ?? new URL(FIRST_ADDRESS);
  const { host, port, database, user } = change;
  if (host !== undefined) {
    url.searchParams.delete('host');
    // A folder is that of a socket.
    if (host.startsWith('/')) url.searchParams.set('host', host);
    else url.hostname = host.includes(':') ? `[${host}]` : host;
  }
  if (port !== undefined) url.port = port;
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  if (user !== undefined) url.username = encodeURIComponent(user);
  for (const [part, name] of Object.entries(PARAMETERS)) {
    const value = change[part as keyof typeof PARAMETERS];
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
    else if (value !== undefined) url.searchParams.delete(name);
  }
  return url.href;
}

/** Takes the password out of an address, so that it is not shown. */
export function splitPassword(address: string): { readonly address: string; readonly password: string | undefined } {
  const url = parse(address);
  if (url === undefined || url.password === '') return { address, password: undefined };
  const password = decode(url.password);
  url.password = '';
  return { address: url.href, password };
}

function parse(address: string): URL | undefined {
  if (!/^\s*postgres(ql)?:\/\//i.test(address)) return undefined;
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** A text with a lone % stays as it is, and is refused when it is used. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

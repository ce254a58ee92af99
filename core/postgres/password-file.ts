import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Address, AddressError } from './address.ts';
import { FileError, readSmallFile } from './small-file.ts';

/** The bits of a mode that let others than the owner read or write. */
const OTHERS = 0o077;

/**
 * The password for a server in libpq's password file (PostgreSQL documentation, "The Password File"): `PGPASSFILE`, or `.pgpass`
 * in the user's home folder. Like there, a file that others can read is not used.
 *
 * @throws AddressError when it is no plain file, or too large.
 */
export function passwordOf(address: Address, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment['PGPASSFILE'] || defaultFile(environment);
  try {
    const text = readSmallFile(file, ({ mode }) => process.platform === 'win32' || (mode & OTHERS) === 0);
    return text === undefined ? undefined : passwordIn(text, address);
  } catch (error) {
    if (error instanceof FileError) throw new AddressError(`The password file ${file} cannot be read, because ${error.message}.`);
    return undefined;
  }
}

function defaultFile({ APPDATA, HOME }: NodeJS.ProcessEnv): string {
  return process.platform === 'win32' ? join(APPDATA ?? '', 'postgresql', 'pgpass.conf') : join(HOME ?? homedir(), '.pgpass');
}

function passwordIn(text: string, { host, port, database, user }: Address): string | undefined {
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    // A backslash escapes a colon or a backslash.
    const fields = (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).map((field) => field.replace(/:$/, '').replace(/\\(.)/g, '$1'));
    if (wanted.every((value, i) => fields[i] === '*' || fields[i] === value) && fields[4] !== undefined) return fields[4];
  }
  return undefined;
}

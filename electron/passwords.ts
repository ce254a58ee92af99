import { z } from 'zod';
import { passwordIn } from '../core/postgres/address.ts';
import { type SourceSpec, sourceSpec } from '../core/source/spec.ts';
import { KeptFile } from './kept-file.ts';

/** What the system keeps secret with a key of the user's. */
export interface Keychain {
  /** Whether the system has such a key. One that every program knows is none. */
  isReal(): Promise<boolean>;
  encrypt(text: string): Promise<Uint8Array>;
  decrypt(encrypted: Uint8Array): Promise<string>;
}

/** Encrypted passwords in base64, by the address without them. */
const schema = z.record(z.string().max(4096), z.string().max(100_000));

/**
 * The passwords that the user gave for servers, by the address without them. They are sent to nobody but the engine that
 * connects. They are known until the application ends; those that the user wants remembered are also written to a file,
 * encrypted by the system's keychain, and where there is none they are written nowhere.
 */
export class Passwords {
  readonly #file: KeptFile<z.output<typeof schema>>;
  readonly #keychain: Keychain;
  readonly #known = new Map<string, string>();

  constructor(path: string, keychain: Keychain) {
    this.#file = new KeptFile(path, schema, 'passwords');
    this.#keychain = keychain;
  }

  /** Whether a password can be remembered when the application ends. */
  async canRemember(): Promise<boolean> {
    return this.#keychain.isReal();
  }

  /** Keeps the password with which a database was opened. @param location its address without a password. */
  keep(location: string, spec: SourceSpec): void {
    if (spec.kind !== 'postgres') return;
    const password = spec.password ?? passwordIn(spec.address);
    if (password !== undefined) this.#known.set(location, password);
  }

  /** Writes down the password that is kept for a location. @throws FaultError when the file cannot be written. */
  async remember(location: string): Promise<void> {
    const password = this.#known.get(location);
    if (password === undefined || !(await this.canRemember())) return;
    const encrypted = Buffer.from(await this.#keychain.encrypt(password)).toString('base64');
    await this.#file.change((written) => ({ ...written, [location]: encrypted }));
  }

  /** Removes what was written down, but for some locations. @throws FaultError when the file cannot be written. */
  async rememberOnly(isWanted: (location: string) => boolean): Promise<void> {
    if (Object.keys(this.#file.known).every(isWanted)) return;
    await this.#file.change((written) => Object.fromEntries(Object.entries(written).filter(([location]) => isWanted(location))));
  }

  /** How a source is opened. @param location the path of a file, or an address that may lack its password. */
  async specOf(location: string): Promise<SourceSpec> {
    const spec = sourceSpec(location);
    if (spec.kind !== 'postgres') return spec;
    return { ...spec, password: this.#known.get(location) ?? (await this.#remembered(location)) };
  }

  /** Resolves when all changes are written. */
  async flush(): Promise<void> {
    await this.#file.flush();
  }

  async #remembered(location: string): Promise<string | undefined> {
    const written = this.#file.known;
    const encrypted = Object.hasOwn(written, location) ? written[location] : undefined;
    if (encrypted === undefined || !(await this.canRemember())) return undefined;
    // Another key than the one it was encrypted with: the server will ask for it again.
    return this.#keychain.decrypt(Buffer.from(encrypted, 'base64')).catch(() => undefined);
  }
}

import { passwordIn } from '../core/postgres/address.ts';
import { type SourceSpec, sourceSpec } from '../core/source/spec.ts';

/**
 * The passwords that the user gave for servers, by the address without them, until the application ends. They are written
 * nowhere, and sent to nobody but the engine that connects.
 */
export class Passwords {
  readonly #known = new Map<string, string>();

  /** Remembers the password with which a database was opened. @param location its address without a password. */
  keep(location: string, spec: SourceSpec): void {
    if (spec.kind !== 'postgres') return;
    const password = spec.password ?? passwordIn(spec.address);
    if (password !== undefined) this.#known.set(location, password);
  }

  /** How a source is opened. @param location the path of a file, or an address that may lack its password. */
  specOf(location: string): SourceSpec {
    const spec = sourceSpec(location);
    return spec.kind === 'postgres' ? { ...spec, password: this.#known.get(location) } : spec;
  }
}

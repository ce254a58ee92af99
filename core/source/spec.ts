import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../fault.ts';
import { isAddress } from '../postgres/address.ts';
import { preparePostgres } from './postgres/prepare.ts';
import { discard, type PreparedFile, type PrepareOptions, prepareSqlite } from './sqlite/prepare.ts';

/** A source that a user asks to open. */
export type SourceSpec =
  /** `recover`: reads a copy in which the write of a program that died is undone, if there is one. */
  | { readonly kind: 'sqlite'; readonly path: string; readonly recover?: boolean | undefined }
  /** `address` is a URL, `postgres://…`; the password may be in it or beside it. */
  | { readonly kind: 'postgres'; readonly address: string; readonly password?: string | undefined }
  /** A small database in memory, for hosts that cannot load a driver. */
  | { readonly kind: 'example' };

/** A source that another process can open: its file has been checked, and copied if reading it in place would change its folder. */
export type PreparedSource =
  | { readonly kind: 'sqlite'; readonly file: PreparedFile }
  | { readonly kind: 'postgres'; readonly address: string }
  | { readonly kind: 'example' };

/**
 * Parses a path, `sqlite://…`, `file:…` or `postgres://…`.
 *
 * @param folder what a relative path refers to; the working folder by default.
 * @throws FaultError `bad-request` when a URL cannot be read.
 */
export function sourceSpec(text: string, folder = ''): SourceSpec {
  if (text.includes('\0')) throw new FaultError('bad-request', { detail: 'the name of a file cannot contain a NUL character' });
  if (text.startsWith('file:')) return { kind: 'sqlite', path: pathOfUrl(text, () => fileURLToPath(text)) };
  if (text.startsWith('sqlite://')) {
    return {
      kind: 'sqlite',
      path: resolve(
        folder,
        pathOfUrl(text, () => decodeURIComponent(text.slice('sqlite://'.length).replace(/\?.*$/, ''))),
      ),
    };
  }
  const address = text.trim();
  if (isAddress(address) || /^[a-z][a-z0-9+]+:\/\//i.test(address)) return { kind: 'postgres', address };
  return { kind: 'sqlite', path: resolve(folder, text) };
}

function pathOfUrl(text: string, read: () => string): string {
  try {
    return read();
  } catch {
    throw new FaultError('bad-request', { detail: `${text} is not the URL of a file on this computer; give its path` });
  }
}

/** Must run in the process that decides what may be opened; see {@link prepareSqlite}. @throws FaultError */
export async function prepareSource(spec: SourceSpec, options?: PrepareOptions): Promise<PreparedSource> {
  switch (spec.kind) {
    case 'sqlite':
      return { kind: 'sqlite', file: await prepareSqlite(spec.path, { ...options, recover: spec.recover }) };
    case 'postgres':
      return { kind: 'postgres', address: await preparePostgres(spec) };
    case 'example':
      return spec;
  }
}

/** Removes the private copy that {@link prepareSource} may have made. */
export async function discardSource(prepared: PreparedSource): Promise<void> {
  if (prepared.kind === 'sqlite') await discard(prepared.file);
}

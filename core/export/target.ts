import { type BigIntStats, constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../fault.ts';

/** Where an export is written: a regular file, which is replaced as a whole, or a pipe or device, which is written to. */
export type Target = { readonly kind: 'file'; readonly path: string; readonly mode: number } | { readonly kind: 'stream'; readonly path: string };

const NEW_FILE = 0o644;

/**
 * Finds out what a path names. Links are followed, so that the file they lead to is written, not the link replaced.
 *
 * @param protectedFiles the files of the open databases, which may not exist. They are recognised by identity, not by name.
 * @throws FaultError `bad-target` for one of them, `not-written` for a folder or a file that may not be written.
 */
export async function exportTarget(path: string, protectedFiles: readonly string[]): Promise<Target> {
  if (path === '') throw new FaultError('not-written', { subject: 'The export', detail: 'its name is empty' });
  const subject = basename(path);
  // The target of a dangling link is created.
  const real = await realpath(path).catch(async () => join(await realpath(dirname(path)).catch(() => dirname(path)), subject));
  const found = await statOf(real);
  for (const file of protectedFiles) {
    if (await isSame(real, found, file)) throw new FaultError('bad-target', { subject, detail: basename(file) });
  }
  if (found === undefined) return { kind: 'file', path: real, mode: NEW_FILE };
  if (found.isDirectory()) throw new FaultError('not-written', { subject, detail: 'a folder has this name' });
  if (!found.isFile()) return { kind: 'stream', path: real };
  const mode = Number(found.mode) & 0o777;
  const isReadOnly =
    (mode & 0o222) === 0 ||
    (await access(real, constants.W_OK)
      .then(() => false)
      .catch(() => true));
  if (isReadOnly) throw new FaultError('not-written', { subject, detail: 'the file is read-only' });
  return { kind: 'file', path: real, mode };
}

async function isSame(path: string, found: BigIntStats | undefined, file: string): Promise<boolean> {
  const other = await statOf(file);
  if (found !== undefined && other !== undefined) return found.dev === other.dev && found.ino === other.ino;
  if (found !== undefined || other !== undefined) return false;
  // Neither exists. Names that differ only in case are the same file on many systems.
  if (basename(path).toLowerCase() !== basename(file).toLowerCase()) return false;
  const [folder, otherFolder] = await Promise.all([statOf(dirname(path)), statOf(dirname(file))]);
  return folder !== undefined && folder.dev === otherFolder?.dev && folder.ino === otherFolder.ino;
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}

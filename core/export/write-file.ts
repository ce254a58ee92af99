import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../fault.ts';
import { isAlive, removeAtExit } from '../temporary-files.ts';
import { exportTarget } from './target.ts';

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Files that are refused as a target, by identity: those of the databases that are open. */
  readonly protectedFiles?: readonly string[];
}

type Pieces = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/**
 * Writes a file atomically: a temporary file in the same folder is written, flushed to the disk, and renamed. The content is
 * streamed, which libraries for this do not support. An existing file keeps its permissions; pipes and devices are written to
 * as they are.
 *
 * @param pieces the content; each piece is one write, so they should not be small.
 * @returns the number of bytes written.
 * @throws FaultError `bad-target`, `disk-full`, `not-written` or `cancelled`. An existing file is then unchanged.
 */
export async function writeFileWhole(path: string, pieces: Pieces, { signal, protectedFiles = [] }: WriteOptions = {}): Promise<number> {
  try {
    const target = await exportTarget(path, protectedFiles);
    if (target.kind === 'file') return await replaceFile(target.path, target.mode, pieces, signal);
    const stream = await open(target.path, 'w');
    try {
      return await writePieces(stream, pieces, signal);
    } finally {
      await stream.close();
    }
  } catch (error) {
    throw writeFault(error, basename(path));
  }
}

async function replaceFile(path: string, mode: number, pieces: Pieces, signal: AbortSignal | undefined): Promise<number> {
  const prefix = `.${hashedName(basename(path))}.`;
  await sweep(dirname(path), prefix);
  // Unique, because two exports to the same name may run at once.
  const temporary = join(dirname(path), `${prefix}${process.pid}-${randomBytes(4).toString('hex')}${SUFFIX}`);
  const file = await open(temporary, 'wx', mode);
  const removed = removeAtExit(temporary);
  try {
    let bytes: number;
    try {
      // The mode of `open` is reduced by the umask, which must not apply to a file that exists.
      await file.chmod(mode);
      bytes = await writePieces(file, pieces, signal);
      await file.sync();
      signal?.throwIfAborted();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return bytes;
  } catch (error) {
    // The error that matters is the first one.
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  } finally {
    removed();
  }
}

async function writePieces(file: FileHandle, pieces: Pieces, signal: AbortSignal | undefined): Promise<number> {
  let bytes = 0;
  let writing = Promise.resolve();
  try {
    for await (const piece of pieces) {
      await writing;
      signal?.throwIfAborted();
      // The next piece is computed while this one is written.
      const content = typeof piece === 'string' ? Buffer.from(piece) : piece;
      writing = writeAll(file, content);
      // It may fail while the next piece is computed; the error is thrown at the next await.
      writing.catch(() => {});
      bytes += content.length;
    }
  } catch (error) {
    await writing.catch(() => {});
    throw error;
  }
  await writing;
  return bytes;
}

const SUFFIX = '.partial';
/** The most characters of a name in the name of its temporary file, which must fit into 255 bytes. */
const NAME_LENGTH = 40;

function hashedName(name: string): string {
  return name.length <= NAME_LENGTH ? name : createHash('sha256').update(name).digest('hex').slice(0, NAME_LENGTH);
}

/** Removes the temporary files of processes that were killed while they wrote to the same name. */
async function sweep(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) continue;
    const pid = Number(/^(\d+)-[0-9a-f]{8}\.partial$/.exec(name.slice(prefix.length))?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(folder, name), { force: true });
  }
}

/** `file.writeFile` splits the content into smaller writes and waits between them. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

function writeFault(error: unknown, subject: string): unknown {
  if (error instanceof FaultError) return error;
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return new FaultError('cancelled', { subject: `The export to ${subject}` });
  if (code === 'ENOSPC') return new FaultError('disk-full', { subject });
  if (code === undefined) return error;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'you do not have permission to write there',
    EPERM: 'you do not have permission to write there',
    EROFS: 'the disk is read-only',
    ENOENT: 'the folder does not exist',
    ENOTDIR: 'the folder does not exist',
    EISDIR: 'a folder has this name',
    ENAMETOOLONG: 'the name is too long',
    EFBIG: 'files cannot be that large there',
    EDQUOT: 'your share of the disk is full',
    EPIPE: 'its reader has closed it',
  };
  return new FaultError('not-written', { subject, detail: reasons[code] ?? code });
}

import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../fault.ts';

/**
 * Writes a file so that its name never refers to half of it: a temporary file beside it, flushed to the disk, then
 * renamed. It streams, which libraries for this do not.
 *
 * @param pieces the text, in pieces; each is written by itself, so they should not be small.
 * @returns how many bytes were written.
 * @throws FaultError `disk-full` or `not-written`; what had the name before is unchanged then.
 */
export async function writeFileWhole(path: string, pieces: Iterable<string | Buffer> | AsyncIterable<string | Buffer>, signal?: AbortSignal): Promise<number> {
  // Of its own for each writing: two to one name must not take each other's.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.partial`);
  let bytes = 0;
  try {
    const file = await open(temporary, 'wx', 0o644);
    let writing = Promise.resolve();
    try {
      for await (const piece of pieces) {
        await writing;
        signal?.throwIfAborted();
        // The next piece is made while this one is written.
        const content = typeof piece === 'string' ? Buffer.from(piece) : piece;
        writing = writeAll(file, content);
        // It may fail while the next piece is being made; who awaits it then is told.
        writing.catch(() => {});
        bytes += content.length;
      }
      await writing;
      await file.sync();
    } finally {
      await writing.catch(() => {});
      await file.close();
    }
    await rename(temporary, path);
    return bytes;
  } catch (error) {
    // Where nothing could be written there is nothing to remove.
    await rm(temporary, { force: true }).catch(() => {});
    throw writeFault(error, basename(path));
  }
}

/** The file's own `writeFile` cuts what it gets into pieces, and waits between them. */
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
    EACCES: 'you have no right to write there',
    EPERM: 'you have no right to write there',
    EROFS: 'the disk is read-only',
    ENOENT: 'the folder is not there',
    ENOTDIR: 'the folder is not there',
    EISDIR: 'a folder has this name',
  };
  return new FaultError('not-written', { subject, detail: reasons[code] ?? code });
}

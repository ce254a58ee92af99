import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../fault.ts';

/**
 * Writes a file atomically: a temporary file in the same folder is written, flushed to the disk, and renamed. The content is
 * streamed, which libraries for this do not support.
 *
 * @param pieces the content; each piece is one write, so they should not be small.
 * @returns the number of bytes written.
 * @throws FaultError `disk-full`, `not-written` or `cancelled`. An existing file is then unchanged.
 */
export async function writeFileWhole(path: string, pieces: Iterable<string | Buffer> | AsyncIterable<string | Buffer>, signal?: AbortSignal): Promise<number> {
  // Unique, because two exports to the same name may run at once.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.partial`);
  let bytes = 0;
  try {
    const file = await open(temporary, 'wx', 0o644);
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
      await writing;
      await file.sync();
    } finally {
      await writing.catch(() => {});
      await file.close();
    }
    await rename(temporary, path);
    return bytes;
  } catch (error) {
    // The error that matters is the first one.
    await rm(temporary, { force: true }).catch(() => {});
    throw writeFault(error, basename(path));
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
  };
  return new FaultError('not-written', { subject, detail: reasons[code] ?? code });
}

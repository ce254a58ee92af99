import { constants } from 'node:fs';
import { access, copyFile, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../../fault.ts';
import type { Access } from '../../vocabulary.ts';

/**
 * Decides how a database file can be read without changing anything in its folder, and makes a private copy where one is
 * needed. A read-only open of a WAL database creates `-wal` and `-shm` files and leaves them behind, so it is opened in
 * place only where both exist already.
 *
 * This must run in a process that does not have the file open through SQLite: closing any other handle of the file would
 * drop SQLite's locks ("How To Corrupt An SQLite Database File", §2.2).
 */
export interface PreparedFile {
  /** The file that the user chose. */
  readonly original: string;
  /** The file to open: the original, or a private copy. */
  readonly path: string;
  readonly access: Exclude<Access, 'memory'>;
  /** The temporary folder of the copy, which {@link discard} removes. */
  readonly folder?: string | undefined;
}

/** The size up to which a cleanly closed WAL database is copied. A larger one is read in place as an immutable file. */
const COPY_AT_MOST = 64 * 1024 * 1024;
const COPY_ATTEMPTS = 3;
const COPY_PREFIX = 'hindsight-copy-';

/** @throws FaultError when the path is not an SQLite file that can be read. */
export async function prepareSqlite(path: string): Promise<PreparedFile> {
  const name = basename(path);
  const size = await regularFileSize(path, name);
  if (size === 0) throw new FaultError('empty-database', { subject: name });
  const header = await readHeader(path, name);
  checkMagic(header, size, name);

  const live: PreparedFile = { original: path, path, access: 'live' };
  const isWal = header[18] === 2 || header[19] === 2;
  const hasLog = await exists(isWal ? `${path}-wal` : `${path}-journal`);
  // While a writer commits, the header may already have the size that the file is about to get.
  if (!hasLog) checkSize(header, size, name);
  // A rollback journal belongs to a writer, or a crashed writer left it: SQLite can tell, without changing anything.
  if (!isWal) return live;

  const hasIndex = await exists(`${path}-shm`);
  if (hasLog && hasIndex && (await isWritable(dirname(path)))) return live;
  if (hasLog) return privateCopy(path, name);
  // Cleanly closed: if it were opened in place, SQLite would leave a -wal and a -shm.
  if (size <= COPY_AT_MOST) return privateCopy(path, name);
  return (await clone(path)) ?? { ...live, access: 'immutable' };
}

/** Removes the private copy. */
export async function discard(file: PreparedFile): Promise<void> {
  if (file.folder !== undefined) await rm(file.folder, { recursive: true, force: true });
}

/** The name contains the process id, so that a later process can remove the copies of a killed one. */
async function privateFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${COPY_PREFIX}${process.pid}-`));
}

/** Removes private copies of processes that no longer exist. */
export async function removeStaleCopies(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(COPY_PREFIX) ? Number(/^\d+/.exec(name.slice(COPY_PREFIX.length))?.[0]) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function regularFileSize(path: string, name: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
    throw new FaultError('not-a-file', { subject: name, detail: fileTypeOf(found) });
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') throw new FaultError('permission-denied', { subject: name });
    if (code === 'ELOOP') throw new FaultError('not-a-file', { subject: name, detail: 'a link that leads back to itself' });
    throw new FaultError('file-missing', { subject: path });
  }
}

function fileTypeOf(found: { isDirectory(): boolean; isFIFO(): boolean; isSocket(): boolean }): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

async function readHeader(path: string, name: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const header = Buffer.alloc(100);
      const { bytesRead } = await file.read(header, 0, 100, 0);
      return header.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FaultError(code === 'EACCES' || code === 'EPERM' ? 'permission-denied' : 'file-missing', { subject: name });
  }
}

const MAGIC = 'SQLite format 3\0';

/** The header is described in SQLite's "Database File Format", §1.3. */
function checkMagic(header: Buffer, size: number, name: string): void {
  if (header.subarray(0, 16).toString('latin1') !== MAGIC) {
    const isTruncated = MAGIC.startsWith(header.toString('latin1', 0, Math.min(16, header.length)));
    if (isTruncated) throw new FaultError('damaged', { subject: name, detail: 'it ends inside its first page' });
    throw new FaultError('not-a-database', { subject: name, detail: describeContent(header) });
  }
  if (header.length < 100 || size < 512) throw new FaultError('damaged', { subject: name, detail: 'it ends inside its first page' });
}

/** Detects a truncated file, for instance an interrupted copy. */
function checkSize(header: Buffer, size: number, name: string): void {
  const stored = header.readUInt16BE(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  const pages = header.readUInt32BE(28);
  const countIsValid = header.readUInt32BE(24) === header.readUInt32BE(92);
  if (countIsValid && pages * pageSize > size) {
    throw new FaultError('damaged', { subject: name, detail: `it should have ${pages * pageSize} bytes and ends after ${size}` });
  }
}

function describeContent(header: Buffer): string {
  const text = header.toString('utf8').replace(/�$/, '');
  const isText = !/[\0-\x08\x0e-\x1f�]/.test(text);
  return isText ? 'it is a text file' : 'it is another kind of file, or an encrypted database';
}

async function privateCopy(path: string, name: string): Promise<PreparedFile> {
  for (let attempt = 1; attempt <= COPY_ATTEMPTS; attempt++) {
    const folder = await privateFolder();
    const copy = join(folder, name);
    try {
      const before = await fingerprint(path);
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
      if (await exists(`${path}-wal`)) await copyFile(`${path}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE);
      if ((await fingerprint(path)) === before) return { original: path, path: copy, access: 'copy', folder };
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOSPC') throw new FaultError('disk-full', { subject: `A private copy of ${name}` });
      throw new FaultError(code === 'EACCES' || code === 'EPERM' ? 'permission-denied' : 'file-missing', { subject: name });
    }
  }
  throw new FaultError('busy', { subject: name });
}

/** A copy that shares the file's blocks; undefined where the filesystem does not support that. */
async function clone(path: string): Promise<PreparedFile | undefined> {
  const folder = await privateFolder();
  try {
    const copy = join(folder, basename(path));
    await copyFile(path, copy, constants.COPYFILE_FICLONE_FORCE);
    return { original: path, path: copy, access: 'copy', folder };
  } catch {
    // The caller reads the file in place.
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
}

/** Identity, size and time of the file and its log. If it is the same before and after a copy, nobody wrote in between. */
async function fingerprint(path: string): Promise<string> {
  const parts = await Promise.all(
    [path, `${path}-wal`].map(async (file) => {
      try {
        const { size, mtimeMs, ino } = await stat(file);
        return `${ino}:${size}:${mtimeMs}`;
      } catch {
        return 'absent';
      }
    }),
  );
  return parts.join(' ');
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

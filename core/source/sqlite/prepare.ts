import { accessSync, constants, existsSync, type Stats } from 'node:fs';
import { copyFile, type FileHandle, lstat, mkdtemp, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { FaultError, SEVERAL_DATABASES } from '../../fault.ts';
import { isAlive, removeAtExit } from '../../temporary-files.ts';
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
  /** The file that the user chose, which may be a link. */
  readonly original: string;
  /** The file itself. SQLite looks for the log beside it, not beside a link. */
  readonly real: string;
  /** The file to open: the file itself, or a private copy. */
  readonly path: string;
  readonly access: Exclude<Access, 'memory'>;
  /** The temporary folder of the copy, which {@link discard} removes. */
  readonly folder?: string | undefined;
  /** The {@link fileStamp} of the file that was copied. */
  readonly stamp?: string | undefined;
  /** Whether an unfinished write has to be undone in the copy before it is read. */
  readonly isUnfinished?: boolean | undefined;
}

/** The size up to which a cleanly closed WAL database is copied. A larger one is read in place as an immutable file. */
const COPY_AT_MOST = 64 * 1024 * 1024;
const COPY_ATTEMPTS = 3;
const COPY_PREFIX = 'hindsight-copy-';

/** How far a private copy has come, in bytes. */
type CopyProgress = (done: number, total: number) => void;

export interface PrepareOptions {
  /** Reads a private copy where a program that died has left the file in the middle of a write, instead of refusing it. */
  readonly recover?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: CopyProgress | undefined;
}

/** The names of the files that SQLite keeps beside a database. */
const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/** The database and all files that SQLite would read or write beside it. */
export function filesOf(file: PreparedFile): string[] {
  return [file.real, ...SIDE_FILES.map((suffix) => file.real + suffix)];
}

/** @throws FaultError when the path is not an SQLite file that can be read, or `cancelled`. */
export async function prepareSqlite(path: string, options: PrepareOptions = {}): Promise<PreparedFile> {
  const name = basename(path);
  const { size } = await regularFile(path, name);
  if (size === 0) throw new FaultError('empty-database', { subject: name });
  const real = await realpath(path);
  const header = await readHeader(real, name);
  checkMagic(header, size, name);

  const live: PreparedFile = { original: path, real, path: real, access: 'live' };
  const [log, , journal] = await Promise.all(SIDE_FILES.map((suffix) => sideFile(real, suffix)));
  // SQLite reads a log that is there, whatever the header says.
  const isWal = header[18] === 2 || header[19] === 2 || log !== undefined;
  if (options.recover && journal !== undefined && (await isJournal(real, name))) return privateCopy(path, real, true, options);
  const hasLog = (isWal ? log : journal) !== undefined;
  // While a writer commits, the header may already have the size that the file is about to get.
  if (!hasLog) checkSize(header, size, name);
  // A rollback journal belongs to a writer, or a crashed writer left it: SQLite can tell, without changing anything.
  if (!isWal) return live;

  if (canOpenInPlace(real)) return live;
  // A copy is made without the journal, which may be all that knows what a crashed writer has overwritten.
  if (journal !== undefined && (await isJournal(real, name))) {
    throw new FaultError('needs-recovery', { subject: name });
  }
  if (hasLog) return privateCopy(path, real, false, options);
  // Cleanly closed: if it were opened in place, SQLite would leave a -wal and a -shm.
  if (size <= COPY_AT_MOST) return privateCopy(path, real, false, options);
  return (await clone(path, real)) ?? { ...live, access: 'immutable' };
}

/** Removes the private copy. */
export async function discard(file: PreparedFile): Promise<void> {
  if (file.folder !== undefined) await rm(file.folder, { recursive: true, force: true });
}

/** The name contains the process id, so that a later process can remove the copies of a killed one. */
async function privateFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), `${COPY_PREFIX}${process.pid}-`));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const detail = code === 'ENOENT' || code === 'ENOTDIR' ? 'it does not exist' : `it cannot be written to (${code})`;
    throw new FaultError('no-temporary-folder', { subject: tmpdir(), detail });
  }
}

/** Removes private copies of processes that no longer exist. */
export async function removeStaleCopies(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(COPY_PREFIX) ? Number(/^\d+/.exec(name.slice(COPY_PREFIX.length))?.[0]) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function regularFile(path: string, name: string): Promise<Stats> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found;
    throw new FaultError('not-a-file', { subject: name, detail: fileTypeOf(found) });
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') throw new FaultError('permission-denied', { subject: name });
    if (code === 'ENAMETOOLONG') throw new FaultError('bad-request', { detail: 'the name of the file is longer than the system allows' });
    if (code === 'ELOOP') throw new FaultError('not-a-file', { subject: name, detail: 'a link that leads back to itself' });
    throw new FaultError('file-missing', { subject: path });
  }
}

/** SQLite opens these files without looking at them: it would wait for ever for the writer of a pipe. */
async function sideFile(real: string, suffix: string): Promise<Stats | undefined> {
  const found = await stat(real + suffix).catch(() => undefined);
  if (found === undefined) {
    const link = await lstat(real + suffix).catch(() => undefined);
    // A journal may appear between the two looks.
    if (link?.isSymbolicLink() !== true) return undefined;
    throw new FaultError('bad-side-file', { subject: basename(real + suffix), detail: 'a link that leads nowhere' });
  }
  if (found.isFile()) return found;
  throw new FaultError('bad-side-file', { subject: basename(real + suffix), detail: fileTypeOf(found) });
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
/** The beginning of a rollback journal that counts, and the bytes of its header (SQLite's "Database File Format", §3). */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
const JOURNAL_HEADER = 28;

/** Whether the journal beside a database has anything to undo. */
async function isJournal(real: string, name: string): Promise<boolean> {
  return (await readHeader(`${real}-journal`, name)).subarray(0, 8).equals(JOURNAL_MAGIC);
}

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

/** @param isUnfinished whether the journal is needed to read the copy. */
async function privateCopy(original: string, real: string, isUnfinished: boolean, options: PrepareOptions): Promise<PreparedFile> {
  const name = basename(original);
  const suffixes = ['', '-wal', ...(isUnfinished ? ['-journal'] : [])];
  for (let attempt = 1; attempt <= COPY_ATTEMPTS; attempt++) {
    // A writer that is alive has ended its write meanwhile, so there is none to undo.
    if (isUnfinished && !existsSync(`${real}-journal`)) return prepareSqlite(original, { ...options, recover: false });
    const folder = await privateFolder();
    const copy = join(folder, COPY_NAME);
    const removed = removeAtExit(folder);
    try {
      const stamps = async (): Promise<readonly string[]> => [await fileStamp(real), isUnfinished ? await fileStamp(`${real}-journal`) : ''];
      const before = await stamps();
      const sizes = await Promise.all(suffixes.map(async (suffix) => (await stat(real + suffix).catch(() => undefined))?.size));
      const total = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
      let copied = 0;
      for (const [i, suffix] of suffixes.entries()) {
        if (sizes[i] === undefined) continue;
        await copyBytes(real + suffix, copy + suffix, copied, total, options);
        copied += sizes[i];
      }
      if (isUnfinished && (await namesOtherDatabases(`${copy}-journal`))) throw new FaultError('needs-recovery', { subject: name, detail: SEVERAL_DATABASES });
      if ((await stamps()).join(' ') === before.join(' '))
        return { original, real, path: copy, access: 'copy', folder, stamp: before[0], ...(isUnfinished && { isUnfinished }) };
      await rm(folder, { recursive: true, force: true });
      removed();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      removed();
      // A writer may remove its log or its journal during the copy.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(real)) continue;
      throw copyFault(error, name);
    }
  }
  throw new FaultError('busy', { subject: name });
}

/**
 * Whether the transaction of a journal included other databases ("Atomic Commit In SQLite", §5.2). Undoing it in a copy would
 * remove the file that says so, beside the original.
 */
async function namesOtherDatabases(journal: string): Promise<boolean> {
  const file = await open(journal, 'r');
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(8);
    await file.read(end, 0, 8, Math.max(0, size - 8));
    // Before it come the length of the name and its sum, and the name.
    return size > JOURNAL_HEADER && end.equals(JOURNAL_MAGIC);
  } finally {
    await file.close();
  }
}

/** Whatever the name of the original is, that of the copy with `-journal` must not be too long. */
const COPY_NAME = 'copy.db';
/** Bytes that are copied at once, between two looks at the signal. */
const COPY_STEP = 4 * 1024 * 1024;

/** Copies a file so that it shares its blocks, where the filesystem can, or step by step. */
async function copyBytes(from: string, to: string, before: number, total: number, { signal, onProgress }: PrepareOptions): Promise<void> {
  signal?.throwIfAborted();
  const isCloned = await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );
  if (isCloned) return;
  let source: FileHandle | undefined;
  let target: FileHandle | undefined;
  try {
    source = await open(from, 'r');
    target = await open(to, 'w', 0o600);
    const buffer = Buffer.allocUnsafe(COPY_STEP);
    for (let at = 0; ; ) {
      const { bytesRead } = await source.read(buffer, 0, COPY_STEP, at);
      if (bytesRead === 0) return;
      await target.writeFile(buffer.subarray(0, bytesRead));
      at += bytesRead;
      onProgress?.(before + at, total);
      signal?.throwIfAborted();
    }
  } finally {
    await source?.close();
    await target?.close();
  }
}

function copyFault(error: unknown, name: string): unknown {
  if (error instanceof FaultError) return error;
  const { code, name: type } = error as NodeJS.ErrnoException;
  if (type === 'AbortError') return new FaultError('cancelled', { subject: `Opening ${name}` });
  const subject = `A private copy of ${name}`;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FaultError('disk-full', { subject });
  if (code === 'EFBIG') return new FaultError('not-written', { subject, detail: 'files cannot be that large in the temporary folder' });
  return new FaultError(code === 'EACCES' || code === 'EPERM' ? 'permission-denied' : 'file-missing', { subject: name });
}

/** A copy that shares the file's blocks; undefined where the filesystem does not support that. */
async function clone(original: string, real: string): Promise<PreparedFile | undefined> {
  const folder = await privateFolder();
  try {
    const copy = join(folder, COPY_NAME);
    const stamp = await fileStamp(real);
    await copyFile(real, copy, constants.COPYFILE_FICLONE_FORCE);
    removeAtExit(folder);
    return { original, real, path: copy, access: 'copy', folder, stamp };
  } catch {
    // The caller reads the file in place.
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
}

/** Identity, size and time of the file and its log. If it is the same before and after a copy, nobody wrote in between. */
/** Changes when somebody writes to a file or to its log. */
export async function fileStamp(path: string): Promise<string> {
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

/** Whether a WAL database can be opened in place without creating a file: a writer has already created both. */
export function canOpenInPlace(real: string): boolean {
  if (!existsSync(`${real}-wal`) || !existsSync(`${real}-shm`)) return false;
  try {
    accessSync(dirname(real), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** The most that is read, in bytes: certificates and passwords are far smaller. */
const MAX_BYTES = 1_000_000;

/** A file that is there but cannot be read. The message is a part of a sentence, such as `it is not a plain file`. */
export class FileError extends Error {}

/** Not known on every system. A pipe that nobody writes to would be waited for without it, and no signal would end that. */
const { O_NONBLOCK = 0 } = constants;

/**
 * Reads a file that a user named, which may be anything.
 *
 * @param isWanted decides by its owner and mode whether it is read.
 * @returns undefined when it is not wanted.
 * @throws FileError when it is no plain file or larger than 1 MB, and the error of the system when it cannot be opened.
 */
export function readSmallFile(path: string, isWanted: (file: Stats) => boolean = () => true): string | undefined {
  const file = openSync(path, constants.O_RDONLY | O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!isWanted(stats)) return undefined;
    if (!stats.isFile()) throw new FileError('it is not a plain file');
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (length > MAX_BYTES) throw new FileError('it is larger than 1 MB');
      if (read === 0) return bytes.toString('utf8', 0, length);
    }
  } finally {
    closeSync(file);
  }
}

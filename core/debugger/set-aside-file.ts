import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlabFile } from '../replay/slabs.ts';
import { removeAtExit } from '../temporary-files.ts';

/**
 * Closes the file of a history that is no longer used. Requests that still hold the history may read from it, so it cannot be
 * closed with the execution.
 */
const closing = new FinalizationRegistry<number>(closeSync);

/** What of a history has no room in memory, in a temporary file without a name, which disappears with the process however that ends. */
export class SetAsideFile implements SlabFile {
  #descriptor: number | undefined;
  #length = 0;
  #isFull = false;

  append(slab: Buffer): number | undefined {
    if (this.#isFull) return undefined;
    const start = this.#length;
    try {
      this.#descriptor ??= this.#create();
      for (let written = 0; written < slab.length; ) written += writeSync(this.#descriptor, slab, written, slab.length - written, start + written);
      this.#length += slab.length;
      return start;
    } catch {
      // The disk is full, or there is no folder for it: the rest stays in memory.
      this.#isFull = true;
      return undefined;
    }
  }

  read(start: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let read = 0; read < length; ) {
      const count = readSync(this.#descriptor as number, bytes, read, length - read, start + read);
      if (count === 0) throw new Error('a temporary file of this process has been cut');
      read += count;
    }
    return bytes;
  }

  #create(): number {
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-history-'));
    const descriptor = openSync(join(folder, 'patches'), 'w+', 0o600);
    closing.register(this, descriptor);
    // Windows refuses to remove a file that is open; there it is removed at the end.
    if (process.platform === 'win32') removeAtExit(folder);
    else rmSync(folder, { recursive: true });
    return descriptor;
  }
}

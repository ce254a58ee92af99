import { readFileSync, renameSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { writeFileWhole } from '../core/export/write-file.ts';

/**
 * What a file of the application remembers. A file that cannot be read is renamed, so that nothing in it is lost.
 *
 * @param what it remembers, for the message.
 * @returns what the schema makes of nothing, `{}`, when there is no file or it cannot be read.
 */
export function readKept<T>(path: string, schema: z.ZodType<T>, what: string): T {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // The first start.
    return schema.parse({});
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    renameSync(path, `${path}.unreadable`);
    console.error(`${what} could not be read; the file was renamed to ${basename(path)}.unreadable`);
    return schema.parse({});
  }
}

/** What a file remembers. Changes are made one after another, and each is known only when it is written. */
export class KeptFile<T> {
  readonly #path: string;
  #known: T;
  #writing: Promise<unknown> = Promise.resolve();

  /** As {@link readKept}. */
  constructor(path: string, schema: z.ZodType<T>, what: string) {
    this.#path = path;
    this.#known = readKept(path, schema, what);
  }

  get known(): T {
    return this.#known;
  }

  /** @param change makes of what the change before has kept what is kept now. @throws FaultError when it cannot be written. */
  async change(change: (known: T) => T): Promise<void> {
    const done = this.#writing.then(async () => {
      const changed = change(this.#known);
      await writeKept(this.#path, `${JSON.stringify(changed, null, 1)}\n`);
      this.#known = changed;
    });
    this.#writing = done.catch(() => {});
    return done;
  }

  /** Resolves when all changes are written. */
  async flush(): Promise<void> {
    await this.#writing;
  }
}

/** Replaces such a file. @throws FaultError as {@link writeFileWhole} does. */
export async function writeKept(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileWhole(path, [text]);
}

import { readFileSync, renameSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { type Bookmark, bookmarks } from '../core/contract/bookmarks.ts';
import { writeFileWhole } from '../core/export/write-file.ts';

const schema = z.record(z.string().max(200), bookmarks);

/** How many executions with bookmarks are remembered; those whose bookmarks changed last are kept. */
const MAX_EXECUTIONS = 2000;

/**
 * The bookmarks of all executions, in a file of the user's. They belong to the id of an execution, which is unique, so that they
 * are found again in a copy of the database.
 */
export class Bookmarks {
  readonly #path: string;
  #known: z.output<typeof schema>;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
    this.#known = read(path);
  }

  of(execution: string): readonly Bookmark[] {
    return this.#known[execution] ?? [];
  }

  /** Resolves when they are written. @throws FaultError when they cannot be: a note that would be lost must not look kept. */
  async keep(execution: string, kept: readonly Bookmark[]): Promise<void> {
    const others = Object.entries(this.#known).filter(([id]) => id !== execution);
    const all: [string, Bookmark[]][] = kept.length === 0 ? others : [...others, [execution, [...kept]]];
    this.#known = Object.fromEntries(all.slice(-MAX_EXECUTIONS));
    const text = `${JSON.stringify(this.#known, null, 1)}\n`;
    const written = this.#writing.then(() => mkdir(dirname(this.#path), { recursive: true })).then(() => writeFileWhole(this.#path, [text]));
    this.#writing = written.catch(() => {});
    await written;
  }
}

function read(path: string): z.output<typeof schema> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // There have been none yet.
    return {};
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    renameSync(path, `${path}.unreadable`);
    console.error(`bookmarks could not be read; the file was renamed to ${basename(path)}.unreadable`);
    return {};
  }
}

import { z } from 'zod';
import { type Bookmark, bookmarks } from '../core/contract/bookmarks.ts';
import { MAX_BOOKMARKS } from '../core/vocabulary.ts';
import { readKept, writeKept } from './kept-file.ts';

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
    this.#known = readKept(path, schema, 'bookmarks');
  }

  of(execution: string): readonly Bookmark[] {
    return this.#known[execution] ?? [];
  }

  /**
   * Sets the bookmark of a sequence, or removes it. Resolves with all bookmarks of the execution when they are written.
   *
   * @throws FaultError when they cannot be written: a note that would be lost must not look kept.
   */
  async keep(execution: string, sequence: number, bookmark: Bookmark | null): Promise<readonly Bookmark[]> {
    const step = async (): Promise<readonly Bookmark[]> => {
      const others = this.of(execution).filter((known) => known.sequence !== sequence);
      const kept = [...others, ...(bookmark === null ? [] : [bookmark])].sort((a, b) => a.sequence - b.sequence).slice(0, MAX_BOOKMARKS);
      const rest = Object.entries(this.#known).filter(([id]) => id !== execution);
      const known = Object.fromEntries([...rest, ...(kept.length === 0 ? [] : [[execution, kept] as const])].slice(-MAX_EXECUTIONS));
      await writeKept(this.#path, `${JSON.stringify(known, null, 1)}\n`);
      this.#known = known;
      return kept;
    };
    // One after another, so that each begins with what the one before it has kept.
    const done = this.#writing.then(step);
    this.#writing = done.catch(() => {});
    return done;
  }

  /** Resolves when all changes are written. */
  async flush(): Promise<void> {
    await this.#writing;
  }
}

import { z } from 'zod';
import { type Bookmark, bookmarks } from '../core/contract/bookmarks.ts';
import { MAX_BOOKMARKS } from '../core/vocabulary.ts';
import { KeptFile } from './kept-file.ts';

const schema = z.record(z.string().max(200), bookmarks);

/** How many executions with bookmarks are remembered; those whose bookmarks changed last are kept. */
const MAX_EXECUTIONS = 2000;

/**
 * The bookmarks of all executions, in a file of the user's. They belong to the id of an execution, which is unique, so that they
 * are found again in a copy of the database.
 */
export class Bookmarks {
  readonly #file: KeptFile<z.output<typeof schema>>;

  constructor(path: string) {
    this.#file = new KeptFile(path, schema, 'bookmarks');
  }

  of(execution: string): readonly Bookmark[] {
    return this.#file.known[execution] ?? [];
  }

  /**
   * Sets the bookmark of a sequence, or removes it. Resolves with all bookmarks of the execution when they are written.
   *
   * @throws FaultError when they cannot be written: a note that would be lost must not look kept.
   */
  async keep(execution: string, sequence: number, bookmark: Bookmark | null): Promise<readonly Bookmark[]> {
    let kept: Bookmark[] = [];
    await this.#file.change(({ [execution]: before = [], ...known }) => {
      const others = before.filter((other) => other.sequence !== sequence);
      kept = [...others, ...(bookmark === null ? [] : [bookmark])].sort((a, b) => a.sequence - b.sequence).slice(0, MAX_BOOKMARKS);
      return Object.fromEntries([...Object.entries(known), ...(kept.length === 0 ? [] : [[execution, kept] as const])].slice(-MAX_EXECUTIONS));
    });
    return kept;
  }

  /** Resolves when all changes are written. */
  async flush(): Promise<void> {
    await this.#file.flush();
  }
}

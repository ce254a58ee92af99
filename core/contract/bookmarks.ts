import { z } from 'zod';
import { MAX_BOOKMARKS } from '../vocabulary.ts';
import { pointer, sequence } from './cursor.ts';

/** A moment that the user wants to find again. Bookmarks are kept by the host, never in the database. */
export const bookmark = z.strictObject({
  sequence,
  note: z.string().max(2000),
  /** The value that was selected, if one was. */
  path: pointer.optional(),
});
export type Bookmark = z.output<typeof bookmark>;

/** By sequence, of which each has one at most. */
export const bookmarks = z.array(bookmark).max(MAX_BOOKMARKS);

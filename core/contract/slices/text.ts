import { z } from 'zod';
import { pointer, rowWindow } from '../cursor.ts';

/** `find` is a text of one line to be found in any case; `folded` are the containers that are shown in one row, unless something is sought. */
export const textWant = rowWindow.extend({ find: z.string().min(1).max(1000).optional(), folded: z.array(pointer).max(200).optional() });

/** Lines of the exact text of the state. */
export interface TextLines {
  readonly from: number;
  /** How many rows there are: one for each line that is not folded. */
  readonly total: number;
  /** How many lines the whole text has. */
  readonly all: number;
  /** UTF-8 bytes of the whole text. */
  readonly bytes: number;
  readonly lines: readonly string[];
  /** The number of the line in each row, from 0 on. */
  readonly numbers: readonly number[];
  /** Whether a container begins in each row, and is open or folded. */
  readonly folds: readonly ('open' | 'folded' | null)[];
  /** null when nothing is sought. */
  readonly found: FoundLines | null;
}

/** The lines in which a text was found. */
export interface FoundLines {
  readonly total: number;
  /** Their numbers from 0 on, of the first 10,000. */
  readonly lines: readonly number[];
}

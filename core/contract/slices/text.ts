import { z } from 'zod';
import { rowWindow } from '../cursor.ts';

/** @param find a text of one line to be found in any case. */
export const textWant = rowWindow.extend({ find: z.string().min(1).max(1000).optional() });

/** Lines of the exact text of the state. */
export interface TextLines {
  readonly from: number;
  readonly total: number;
  /** UTF-8 bytes of the whole text. */
  readonly bytes: number;
  readonly lines: readonly string[];
  /** null when nothing is sought. */
  readonly found: FoundLines | null;
}

/** The lines in which a text was found. */
export interface FoundLines {
  readonly total: number;
  /** Their numbers from 0 on, of the first 10,000. */
  readonly lines: readonly number[];
}

import { rowWindow } from '../cursor.ts';

export const textWant = rowWindow;

/** Lines of the exact text of the state. */
export interface TextLines {
  readonly from: number;
  readonly total: number;
  /** UTF-8 bytes of the whole text. */
  readonly bytes: number;
  readonly lines: readonly string[];
}

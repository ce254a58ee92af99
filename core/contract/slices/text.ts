import { rowWindow } from '../cursor.ts';

export const textWant = rowWindow;

/** Lines of the state's exact text. */
export interface TextLines {
  readonly from: number;
  readonly total: number;
  /** UTF-8 bytes of the whole. */
  readonly bytes: number;
  readonly lines: readonly string[];
}

import type { z } from 'zod';
import { type ComparedTurn, diffWant } from './diff.ts';

export const diffTextWant = diffWant;
export type DiffTextWant = z.output<typeof diffTextWant>;

/** Lines of the unified diff of the texts of the two states, in the chosen reading. */
export interface DiffTextLines {
  /** As in the diff path by path. */
  readonly turn?: ComparedTurn | null;
  readonly from: number;
  readonly total: number;
  /** There are more lines than `total`. */
  readonly more: boolean;
  /** ` ` for a line of both texts, `@` for the head of a hunk. */
  readonly lines: readonly { readonly op: ' ' | '-' | '+' | '@'; readonly text: string }[];
}

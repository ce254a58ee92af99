import { z } from 'zod';
import { foldLoops } from '../cursor.ts';

export const lanesWant = z.strictObject({
  foldLoops,
  /** The node that is selected. */
  selected: z.string().max(10_000).optional(),
});

/** Where the cursor is among the lanes of the timeline. Lanes are numbered from 0, in the order of their first events. */
export interface LanesAtCursor {
  /** Whether the numbers are those of folded lanes. */
  readonly foldLoops: boolean;
  /** The lanes of the active nodes, ascending. */
  readonly active: readonly number[];
  /** The lane of the last event up to the cursor that names a node; null when there is none near. */
  readonly last: number | null;
  /** The lane of the selected node. */
  readonly selected: number | null;
  /** Whether the run has an unrolled loop, folded or not. */
  readonly hasLoop: boolean;
}

import { z } from 'zod';
import { pointer } from '../cursor.ts';
import type { ChangeKind, TreeRow } from './tree.ts';

export const watchesWant = z.strictObject({ pointers: z.array(pointer).max(50) });

/** A watched value at the cursor, in the chosen reading. */
export interface WatchedValue {
  readonly pointer: string;
  /** undefined when there is no value. */
  readonly type: TreeRow['type'] | undefined;
  /** As a tree shows it. */
  readonly text: string;
  /** The change by the event at the cursor, or, in another reading, the difference from replay, which is not looked for in containers. */
  readonly change: ChangeKind | null;
}

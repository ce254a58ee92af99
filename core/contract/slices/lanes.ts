import { z } from 'zod';

export const lanesWant = z.strictObject({});

/** Where the cursor is among the lanes of the timeline. Lanes are numbered from 0, in the order of the nodes' first events. */
export interface LanesAtCursor {
  /** The lanes of the active nodes, ascending. */
  readonly active: readonly number[];
  /** The lane of the last event up to the cursor that names a node; null when there is none near. */
  readonly last: number | null;
}

import { z } from 'zod';

export const nodesWant = z.strictObject({});

/** The nodes at the cursor. */
export interface NodesAtCursor {
  /** By name, in code-point order. */
  readonly active: readonly string[];
  readonly completed: number;
}

import { z } from 'zod';
import { foldLoops } from '../cursor.ts';

export const graphWant = z.strictObject({ foldLoops });

/** The graph at the cursor, by the indices of the nodes and edges of its shape. Entries that are missing at the end are of nodes that never ran. */
export interface GraphAtCursor {
  /** What each node is, as an index in NODE_CONDITIONS. */
  readonly conditions: Uint8Array;
  readonly attempts: Uint32Array;
  /** 1 for a node that may still run: the run has not ended, and a path leads to it from where the run is. */
  readonly reachable: Uint8Array;
  /** 1 for an edge that was taken up to the cursor. */
  readonly taken: Uint8Array;
  /** Whether the indices are those of the folded shape. */
  readonly foldLoops: boolean;
  /** For each node, the index of the member whose condition it shows. */
  readonly members: Uint32Array;
}

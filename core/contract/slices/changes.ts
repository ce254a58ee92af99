import { z } from 'zod';

export const changesWant = z.strictObject({});

/** How many paths the event at the cursor changed. */
export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** There are more changes than were counted. */
  readonly more: boolean;
}

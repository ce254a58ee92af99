import { z } from 'zod';
import type { SnapshotVerdict } from '../../vocabulary.ts';

export const recoveryWant = z.strictObject({});

/** What a restart at the cursor would do. */
export interface RecoverySummary {
  readonly base: number | null;
  readonly verdict: SnapshotVerdict;
  readonly replays: number;
  /** The differences from replay, in words; empty when there are none, null while the snapshot is unchecked. */
  readonly differences: readonly string[] | null;
}

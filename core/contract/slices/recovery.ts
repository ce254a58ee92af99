import { z } from 'zod';
import type { SnapshotVerdict } from '../../vocabulary.ts';

export const recoveryWant = z.strictObject({});

/** What a restart would do at the cursor. */
export interface RecoverySummary {
  readonly base: number | null;
  readonly verdict: SnapshotVerdict;
  readonly replays: number;
  /** How it differs from replay, in words; empty when it does not, null while the snapshot is unchecked. */
  readonly differences: readonly string[] | null;
}

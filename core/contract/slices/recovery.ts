import { z } from 'zod';
import type { SnapshotVerdict } from '../../vocabulary.ts';

export const recoveryWant = z.strictObject({});

/** What a restart at the cursor would do. */
export interface RecoverySummary {
  readonly base: number | null;
  readonly verdict: SnapshotVerdict;
  readonly replays: number;
  /** The differences from replay, in words; empty when there are none, null while that is not known or when the runtime would refuse. */
  readonly differences: readonly string[] | null;
  /** Of what the runtime would refuse the execution here, and why; null when it would not, or while that is not known. */
  readonly refused: string | null;
  /** The first number that the runtime would read as another one. */
  readonly rounded: { readonly sequence: number; readonly stored: string; readonly read: string } | null;
}

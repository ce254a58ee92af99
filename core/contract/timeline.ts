import { z } from 'zod';
import type { Category } from '../jamjet/kinds.ts';
import type { Outcome, SnapshotVerdict } from '../vocabulary.ts';
import { execution, rowWindow, sequence } from './cursor.ts';
import { request } from './request.ts';

export interface TimelineView {
  readonly from: number;
  readonly to: number;
  readonly categories: readonly Category[];
  /** counts[column · categories + category]. */
  readonly counts: Uint32Array;
  /** UTF-8 bytes of the events in each column. */
  readonly bytes: Float64Array;
  readonly columns: number;
  /** The lanes that were asked for, from lane `firstLane` on. Each node has one, in the order of their first events. */
  readonly lanes: readonly TimelineLane[];
  readonly firstLane: number;
  /** How many nodes, and so lanes, the execution has as far as it is indexed. */
  readonly nodes: number;
  readonly flags: readonly SnapshotFlag[];
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** Whether the log is indexed up to `to`. */
  readonly complete: boolean;
}

export interface TimelineLane {
  readonly node: string;
  readonly stretches: readonly { readonly from: number; readonly to: number; readonly outcome: Outcome }[];
}

export interface SnapshotFlag {
  readonly atSequence: number;
  readonly createdAt: string;
  readonly bytes: number;
  readonly verdict: SnapshotVerdict;
  /** How many more snapshots are too close to be drawn separately. */
  readonly more: number;
}

export const timelineRequests = {
  'timeline.view': request(
    z.strictObject({ ...execution.shape, from: sequence, to: sequence, columns: z.int().min(1).max(4000), lanes: rowWindow }),
  )<TimelineView>(),
} as const;

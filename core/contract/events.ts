import { z } from 'zod';
import type { Category, Severity } from '../jamjet/kinds.ts';
import type { SnapshotVerdict } from '../vocabulary.ts';
import { cursor, execution, rowWindow } from './cursor.ts';
import { request } from './request.ts';

export interface EventListRow {
  /** Its position in the log, from 0. */
  readonly position: number;
  readonly sequence: number;
  /** Milliseconds since the event before it in the log. */
  readonly sincePrevious: number | null;
  readonly createdAt: string;
  readonly type: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly node: string | null;
  readonly summary: string;
  /** A snapshot lies between this event and the next. */
  readonly snapshot: { readonly atSequence: number; readonly bytes: number; readonly verdict: SnapshotVerdict } | null;
  /** So many sequences are missing before this one. */
  readonly gapBefore: number;
}

export interface EventsPage {
  readonly from: number;
  /** How many match the filter, as far as the log is indexed. */
  readonly total: number;
  /** How many there are. */
  readonly all: number;
  readonly rows: readonly EventListRow[];
  /** The whole log has been looked at. Until then the totals grow. */
  readonly complete: boolean;
}

export const eventRequests = {
  'events.page': request(z.strictObject({ ...execution.shape, ...rowWindow.shape, filter: z.string().max(500) }))<EventsPage>(),
  /** The sequence of the nearest failure, or change of the state, after or before the cursor; null when there is none. */
  'events.nearest': request(z.strictObject({ ...cursor.shape, what: z.enum(['failure', 'change']), direction: z.enum(['next', 'previous']) }))<number | null>(),
} as const;

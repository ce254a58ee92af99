import { z } from 'zod';
import type { Category, Severity } from '../jamjet/kinds.ts';
import type { SnapshotVerdict } from '../vocabulary.ts';
import { cursor, execution, rowWindow } from './cursor.ts';
import { request } from './request.ts';
import type { ValueText } from './values.ts';

export interface EventListRow {
  /** In the log, from 0. */
  readonly position: number;
  readonly sequence: number;
  /** Milliseconds since the previous event in the log. */
  readonly sincePrevious: number | null;
  readonly createdAt: string;
  readonly type: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly node: string | null;
  readonly summary: string;
  /** The snapshot between this event and the next one. */
  readonly snapshot: { readonly atSequence: number; readonly bytes: number; readonly verdict: SnapshotVerdict } | null;
  /** How many sequences are missing before this one. */
  readonly gapBefore: number;
}

export interface EventsPage {
  readonly from: number;
  /** How many events match the filter, as far as the log is indexed. */
  readonly total: number;
  /** How many events the log has. */
  readonly all: number;
  readonly rows: readonly EventListRow[];
  /** Whether the whole log is indexed. Until then the totals may grow. */
  readonly complete: boolean;
}

/** Where the cursor is among the events that a filter matches. Sequences are null where there is no such event. */
export interface MatchesAtCursor {
  /** The index of the last match at or before the cursor; -1 before the first one. */
  readonly index: number;
  /** Whether the event at the cursor matches. */
  readonly isMatch: boolean;
  readonly first: number | null;
  readonly previous: number | null;
  readonly next: number | null;
}

/** How a filter may go on at the caret: each text replaces the part [from, to). */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly { readonly text: string; readonly about: string }[];
}

export const eventFilter = z.string().max(500);

export const eventRequests = {
  'events.page': request(z.strictObject({ ...execution.shape, ...rowWindow.shape, filter: eventFilter }))<EventsPage>(),
  /** The sequence of the nearest failure, change of the state, or stored snapshot, in a direction; null when there is none. */
  'events.nearest': request(z.strictObject({ ...cursor.shape, what: z.enum(['failure', 'change', 'snapshot']), direction: z.enum(['next', 'previous']) }))<
    number | null
  >(),
  /** The whole text of an event as it is stored, or of one of its fields: a string as it is, everything else as JSON. */
  'events.text': request(z.strictObject({ ...cursor.shape, field: z.string().max(10_000).optional() }))<ValueText>(),
  'events.complete': request(z.strictObject({ ...execution.shape, filter: eventFilter, caret: z.int().min(0).max(500) }))<Completion>(),
  'events.matches': request(z.strictObject({ ...cursor.shape, filter: eventFilter }))<MatchesAtCursor>(),
} as const;

import { z } from 'zod';
import type { Category, Severity } from '../jamjet/kinds.ts';
import type { SnapshotVerdict } from '../vocabulary.ts';
import { cursor, execution, pointer, rowWindow } from './cursor.ts';
import { request } from './request.ts';
import type { EventDetail } from './slices/event.ts';
import type { WatchedValue } from './slices/watches.ts';
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
  /** What the event says of its work, as it is stored; null for an event too long to be read for a list. */
  readonly work: EventWork | null;
  /** UTF-8 bytes of the stored text. */
  readonly bytes: number;
  /** The snapshot between this event and the next one. */
  readonly snapshot: { readonly atSequence: number; readonly bytes: number; readonly verdict: SnapshotVerdict } | null;
  /** How many sequences are missing before this one. */
  readonly gapBefore: number;
}

/** Numbers as they are stored; null where the event has none. */
export interface EventWork {
  readonly attempt: string | null;
  /** In milliseconds. */
  readonly duration: string | null;
  readonly inputTokens: string | null;
  readonly outputTokens: string | null;
  /** In US dollars. */
  readonly cost: string | null;
}

/** Values of the replayed state after some events. */
export interface ValuesAtEvents {
  /** For each position, the value at each path; null while the log is not indexed up to there. */
  readonly rows: readonly (readonly Omit<WatchedValue, 'pointer'>[] | null)[];
  /** The sequence from which states are incomplete. */
  readonly incompleteFrom: number | null;
}

export interface EventsPage {
  readonly from: number;
  /** How many events match the filter, as far as they have been tested. */
  readonly total: number;
  /** How many events the log has. */
  readonly all: number;
  readonly rows: readonly EventListRow[];
  /** Whether the whole log is indexed, and tested by the filter. Until then the totals may grow. */
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

/** How many paths may be columns of the list of events. */
const MAX_VALUES = 10;

export const eventFilter = z.string().max(500);

export const eventRequests = {
  'events.page': request(z.strictObject({ ...execution.shape, ...rowWindow.shape, filter: eventFilter }))<EventsPage>(),
  /** The sequence of the nearest failure, change of the state, stored snapshot, or event of a node, in a direction; null when there is none. */
  'events.nearest': request(
    z.strictObject({
      ...cursor.shape,
      what: z.enum(['failure', 'change', 'snapshot', 'node']),
      /** The id of the node, for that. */
      node: z.string().max(1000).optional(),
      direction: z.enum(['next', 'previous']),
    }),
  )<number | null>(),
  /** The whole text of an event as it is stored, or of one of its fields: a string as it is, everything else as JSON. */
  'events.text': request(z.strictObject({ ...cursor.shape, field: z.string().max(10_000).optional() }))<ValueText>(),
  /** One event in full, as the inspector shows it; null when no event has this sequence. */
  'events.detail': request(cursor)<EventDetail | null>(),
  /** The values at some paths after the events at some positions of the log, with what each event changed. */
  'events.values': request(
    z.strictObject({ ...execution.shape, positions: z.array(z.int().min(0)).max(200), pointers: z.array(pointer).min(1).max(MAX_VALUES) }),
  )<ValuesAtEvents>(),
  'events.complete': request(z.strictObject({ ...execution.shape, filter: eventFilter, caret: z.int().min(0).max(500) }))<Completion>(),
  'events.matches': request(z.strictObject({ ...cursor.shape, filter: eventFilter }))<MatchesAtCursor>(),
} as const;

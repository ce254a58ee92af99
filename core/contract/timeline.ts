import { z } from 'zod';
import type { Category } from '../jamjet/kinds.ts';
import { type Outcome, type SnapshotVerdict, TIMELINE_AXES, type WaitsFor } from '../vocabulary.ts';
import { cursor, execution, foldLoops, rowWindow, sequence, track } from './cursor.ts';
import { eventFilter } from './events.ts';
import { request } from './request.ts';
import type { TrackValue } from './slices/tracks.ts';

export interface TimelineView {
  readonly from: number;
  readonly to: number;
  readonly categories: readonly Category[];
  /** counts[column · categories + category]. */
  readonly counts: Uint32Array;
  /** UTF-8 bytes of the events in each column. */
  readonly bytes: Float64Array;
  readonly columns: number;
  /** The lanes that were asked for, from lane `firstLane` on. Each node, or each part of a folded loop, has one, in the order of their first events. */
  readonly lanes: readonly TimelineLane[];
  readonly firstLane: number;
  /** How many lanes the execution has as far as it is indexed. */
  readonly laneCount: number;
  readonly flags: readonly SnapshotFlag[];
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** The longest of the times in which nothing happened. */
  readonly pauses: readonly TimelinePause[];
  /** The events whose stored time is earlier than that of the event before, by this much. */
  readonly jumps: readonly { readonly at: number; readonly milliseconds: number }[];
  /** The places of events on an axis of time; null on one of sequences, where they are equally far apart. */
  readonly time: TimeAxis | null;
  /** Whether the log is indexed up to `to`. */
  readonly complete: boolean;
}

export interface TimelineLane {
  /** The node, or the part of a loop. */
  readonly name: string;
  /** How many nodes of an unrolled loop share the lane; null for the lane of one node. */
  readonly turns: number | null;
  readonly stretches: readonly { readonly from: number; readonly to: number; readonly outcome: Outcome }[];
  /** Instead of stretches, where there are more of them than columns. */
  readonly shares: LaneShares | null;
  readonly waits: readonly { readonly from: number; readonly to: number; readonly waitsFor: WaitsFor }[];
}

export interface NumberedLane extends TimelineLane {
  readonly lane: number;
}

/** The work of a node in each column. */
interface LaneShares {
  /** How often work ended in the column, by outcome. */
  readonly completed: Uint32Array;
  readonly failed: Uint32Array;
  readonly stopped: Uint32Array;
  /** 1 where there is work. */
  readonly busy: Uint8Array;
}

/** A time without events, between two of them. */
export interface TimelinePause {
  readonly after: number;
  readonly before: number;
  readonly milliseconds: number;
}

/** One stretch of a node's work. */
export interface NodeWork {
  readonly node: string;
  readonly from: number;
  /** null while it has not ended. */
  readonly to: number | null;
  readonly outcome: Outcome;
  /** Milliseconds that its last attempt waited until it was started; null when no attempt started. */
  readonly queued: number | null;
  /** Milliseconds from the start of its last attempt to its end, or to the given sequence. */
  readonly ran: number | null;
  /** What the events say that started the last attempt and that ended the work, such as an error. */
  readonly start: string | null;
  readonly end: string | null;
}

export interface TimeAxis {
  /** The first sequence in or after each column, and the end. */
  readonly edges: Float64Array;
  /** The parts between folded pauses and jumps: columns, and the times at both ends, in milliseconds since 1970. */
  readonly spans: readonly { readonly from: number; readonly to: number; readonly start: number; readonly end: number }[];
}

export interface SnapshotFlag {
  readonly atSequence: number;
  readonly createdAt: string;
  readonly bytes: number;
  readonly verdict: SnapshotVerdict;
  /** How many more snapshots are too close to be drawn separately. */
  readonly more: number;
}

/** A number over the log, in columns; NaN where there is no number. The numbers are for drawing. */
export interface TimelineTrack {
  readonly from: number;
  readonly to: number;
  /** The least and the greatest value after the events of each column, and the value at its end. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly last: Float64Array;
  /** At the end of the log. */
  readonly end: TrackValue;
  /** The sequence from which a sum is only a part, because something has no amount; null when it is whole. */
  readonly partFrom: number | null;
}

const part = z.strictObject({ ...execution.shape, from: sequence, to: sequence, columns: z.int().min(1).max(4000), axis: z.enum(TIMELINE_AXES) });
const lane = z.int().min(0);

export const timelineRequests = {
  'timeline.view': request(z.strictObject({ ...part.shape, foldLoops, lanes: rowWindow }))<TimelineView>(),
  'timeline.lanes': request(z.strictObject({ ...part.shape, foldLoops, lanes: z.array(lane).max(20) }))<readonly NumberedLane[]>(),
  /** The node of a lane whose event is the last one up to the cursor, or else its first node. */
  'timeline.laneNode': request(z.strictObject({ ...cursor.shape, foldLoops, lane }))<string | null>(),
  /** The work at a sequence in a lane; null when there is none. */
  'timeline.work': request(z.strictObject({ ...cursor.shape, foldLoops, lane }))<NodeWork | null>(),
  /** The nodes whose names contain a text, in any case, in the order of their lanes. */
  'timeline.nodes': request(z.strictObject({ ...execution.shape, text: z.string().max(500), count: z.int().min(0).max(500) }))<readonly string[]>(),
  /** Tracks in the same order. It waits until the log is indexed. */
  'timeline.tracks': request(z.strictObject({ ...part.shape, tracks: z.array(track).max(50) }))<readonly TimelineTrack[]>(),
  /** How many events in each column a filter matches. */
  'timeline.matches': request(z.strictObject({ ...part.shape, filter: eventFilter }))<Uint32Array>(),
} as const;

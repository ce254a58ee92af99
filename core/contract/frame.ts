import { z } from 'zod';
import { type Integrity, READINGS, type Reading } from '../vocabulary.ts';
import { type Cursor, cursor } from './cursor.ts';
import { request } from './request.ts';
import { type ChangeCounts, changesWant } from './slices/changes.ts';
import { type DiffRows, diffWant } from './slices/diff.ts';
import { type DiffTextLines, diffTextWant } from './slices/diff-text.ts';
import { type EventDetail, eventWant } from './slices/event.ts';
import { type GivenDifference, givenWant } from './slices/given.ts';
import { type GraphAtCursor, graphWant } from './slices/graph.ts';
import { type LanesAtCursor, lanesWant } from './slices/lanes.ts';
import { type NodesAtCursor, nodesWant } from './slices/nodes.ts';
import { type RecoverySummary, recoveryWant } from './slices/recovery.ts';
import { type TextLines, textWant } from './slices/text.ts';
import { type TrackValue, tracksWant } from './slices/tracks.ts';
import { type TreeRows, treeWant } from './slices/tree.ts';
import { type WatchedValue, watchesWant } from './slices/watches.ts';

/** One slice of the frame: the schema of its parameters, and the type of its answer. */
function slice<W extends z.ZodType>(want: W) {
  return <A>(): { readonly want: W; readonly answer?: A } => ({ want });
}

/** Every slice of the frame by its name. Which panel wants which slices is in renderer/views/panels.ts. */
const slices = {
  tree: slice(treeWant)<TreeRows>(),
  diff: slice(diffWant)<DiffRows>(),
  diffText: slice(diffTextWant)<DiffTextLines>(),
  text: slice(textWant)<TextLines>(),
  event: slice(eventWant)<EventDetail | null>(),
  /** null when the state before the event is not known. */
  changes: slice(changesWant)<ChangeCounts | null>(),
  nodes: slice(nodesWant)<NodesAtCursor>(),
  /** Missing until the log is indexed up to the cursor. */
  lanes: slice(lanesWant)<LanesAtCursor>(),
  recovery: slice(recoveryWant)<RecoverySummary>(),
  given: slice(givenWant)<GivenDifference>(),
  /** Missing until the log is indexed up to the cursor. */
  graph: slice(graphWant)<GraphAtCursor>(),
  tracks: slice(tracksWant)<readonly TrackValue[]>(),
  watches: slice(watchesWant)<readonly WatchedValue[]>(),
} as const;

export type SliceName = keyof typeof slices;
export type SliceWant<N extends SliceName> = z.output<(typeof slices)[N]['want']>;
export type SliceAnswer<N extends SliceName> = (typeof slices)[N] extends { readonly answer?: infer A } ? Exclude<A, undefined> : never;

const want = z.strictObject(Object.fromEntries(Object.entries(slices).map(([name, { want }]) => [name, want.optional()])) as WantShape);
type WantShape = { [N in SliceName]: z.ZodOptional<(typeof slices)[N]['want']> };
/** The slices that the panels on screen want, with their parameters. */
export type Want = { readonly [N in SliceName]?: SliceWant<N> | undefined };

/** What the moment is computed from. */
type Basis =
  /** The log is indexed up to here: everything is exact. */
  | 'index'
  /** The stored snapshot at `fromSnapshot` and the events after it, until the log is indexed up to here. */
  | 'snapshot'
  /** Nothing is known of the state until the log is indexed up to here. */
  | 'waiting';

/** What a frame contains whichever slices are wanted. */
interface FrameHead extends Cursor {
  /** The reading of all slices of the state. */
  readonly reading: Reading;
  readonly lastSequence: number;
  /** The last sequence that is indexed. */
  readonly indexed: number;
  readonly basis: Basis;
  readonly fromSnapshot: number | null;
  /** null while it is not known. */
  readonly status: string | null;
  readonly statusBefore: string | null;
  readonly incompleteFrom: number | null;
  /** Whether the rows of the execution have been compared with the index by which they are read. */
  readonly integrity: Integrity;
  /** Why the runtime would refuse to rebuild the state, as a part of a sentence: then no slice of the state can be made in the reading *recovery*. */
  readonly refused: string | null;
  /** The position of the last event up to the cursor; -1 before the first event. */
  readonly position: number;
  /** Rows that are left out, because their sequence is not an integer from 1 on. */
  readonly badSequences: number;
  /** How long the engine took, in milliseconds. */
  readonly milliseconds: number;
}

/** Everything on screen at the cursor. All slices are made from one moment and cannot disagree. */
export type Frame = FrameHead & {
  /** The slices that were wanted, except those that cannot be made until the log is indexed. */
  readonly slices: { readonly [N in SliceName]?: SliceAnswer<N> };
};

export const frameRequests = {
  'frame.at': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), want }))<Frame>(),
} as const;

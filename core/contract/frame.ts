import { z } from 'zod';
import { READINGS } from '../vocabulary.ts';
import { type Cursor, cursor } from './cursor.ts';
import { request } from './request.ts';
import { type ChangeCounts, changesWant } from './slices/changes.ts';
import { type DiffRows, diffWant } from './slices/diff.ts';
import { type EventDetail, eventWant } from './slices/event.ts';
import { type GivenDifference, givenWant } from './slices/given.ts';
import { type NodesAtCursor, nodesWant } from './slices/nodes.ts';
import { type RecoverySummary, recoveryWant } from './slices/recovery.ts';
import { type TextLines, textWant } from './slices/text.ts';
import { type TreeRows, treeWant } from './slices/tree.ts';

/** What one slice of the frame is asked with, and what it answers. */
function slice<W extends z.ZodType>(want: W) {
  return <A>(): { readonly want: W; readonly answer?: A } => ({ want });
}

/** Every slice of the frame, by its name: what is asked for it, and what it answers. Panels want slices; see renderer/views/panels.ts. */
const slices = {
  tree: slice(treeWant)<TreeRows>(),
  diff: slice(diffWant)<DiffRows>(),
  text: slice(textWant)<TextLines>(),
  event: slice(eventWant)<EventDetail | null>(),
  /** null: nothing is known of the state before. */
  changes: slice(changesWant)<ChangeCounts | null>(),
  nodes: slice(nodesWant)<NodesAtCursor>(),
  recovery: slice(recoveryWant)<RecoverySummary>(),
  given: slice(givenWant)<GivenDifference>(),
} as const;

export type SliceName = keyof typeof slices;
export type SliceWant<N extends SliceName> = z.output<(typeof slices)[N]['want']>;
export type SliceAnswer<N extends SliceName> = (typeof slices)[N] extends { readonly answer?: infer A } ? Exclude<A, undefined> : never;

const want = z.strictObject(Object.fromEntries(Object.entries(slices).map(([name, { want }]) => [name, want.optional()])) as WantShape);
type WantShape = { [N in SliceName]: z.ZodOptional<(typeof slices)[N]['want']> };
/** The slices that are on screen. */
export type Want = { readonly [N in SliceName]?: SliceWant<N> | undefined };

/** Where the moment comes from. */
type Basis =
  /** The index has come this far: everything is exact. */
  | 'index'
  /** From the stored snapshot at `fromSnapshot` and the events after it: shown until the index is there. */
  | 'snapshot'
  /** The index has to come this far first; nothing is known of the state yet. */
  | 'waiting';

/** What every panel may rely on, whatever it wants. */
interface FrameHead extends Cursor {
  readonly lastSequence: number;
  /** The last sequence that is indexed. */
  readonly indexed: number;
  readonly basis: Basis;
  readonly fromSnapshot: number | null;
  /** null while it is not known. */
  readonly status: string | null;
  readonly statusBefore: string | null;
  readonly incompleteFrom: number | null;
  readonly previousSnapshot: number | null;
  readonly nextSnapshot: number | null;
  /** The event's position in the log, from 0; -1 before the first. */
  readonly position: number;
  readonly findings: number;
  /** Rows that have no usable sequence and are left out. */
  readonly badSequences: number;
  /** What it took the engine, in milliseconds. */
  readonly milliseconds: number;
}

/** Everything that is on screen at one moment, computed in one turn of the engine: its slices cannot disagree. */
export type Frame = FrameHead & {
  /** The slices that were wanted. One that cannot be made while the frame waits for the index is left out. */
  readonly slices: { readonly [N in SliceName]?: SliceAnswer<N> };
};

export const frameRequests = {
  'frame.at': request(z.strictObject({ ...cursor.shape, reading: z.enum(READINGS), want }))<Frame>(),
} as const;

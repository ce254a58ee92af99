import type { SliceAnswer, SliceName, SliceWant } from '../../contract/frame.ts';
import type { NodesAtCursor } from '../../contract/slices/nodes.ts';
import type { Json } from '../../json/value.ts';
import type { Reading } from '../../vocabulary.ts';
import type { OpenExecution } from '../open-execution.ts';

/** The moment at the cursor, from which all slices of a frame are made. */
export type FrameMoment = WaitingMoment | KnownMoment;

interface MomentHead {
  readonly execution: OpenExecution;
  readonly sequence: number;
  readonly reading: Reading;
  /** The position of the last event up to the cursor. */
  readonly position: number;
  /** The position before the event at the cursor; equal to {@link position} when no event has this sequence. */
  readonly positionBefore: number;
  /** Milliseconds since the previous event. */
  readonly sincePrevious: number | null;
  /** The newest stored snapshot at or before the cursor. */
  readonly base: number | undefined;
}

/** A moment that is not indexed yet: nothing is known of its state. */
export interface WaitingMoment extends MomentHead {
  readonly basis: 'waiting';
  readonly state: undefined;
  readonly before: undefined;
}

export interface KnownMoment extends MomentHead {
  /** Computed from the index, or from a stored snapshot and the events after it. */
  readonly basis: 'index' | 'snapshot';
  /** The replayed state at the cursor. */
  readonly state: Json;
  /** The replayed state before the event at the cursor; undefined when it is not known. */
  readonly before: Json | undefined;
  /** The state in the requested reading, and the state that it is compared with. */
  shown(): Promise<{ readonly state: Json; readonly comparedWith: Json }>;
  readonly status: string;
  readonly statusBefore: string | null;
  nodes(): NodesAtCursor;
  /** How many events a recovery from the base would replay. */
  readonly replays: number;
}

/** Makes one slice; undefined when the moment is not known well enough. */
export type SliceMaker<N extends SliceName> = (moment: FrameMoment, want: SliceWant<N>) => SliceAnswer<N> | undefined | Promise<SliceAnswer<N> | undefined>;

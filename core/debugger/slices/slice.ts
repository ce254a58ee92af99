import type { SliceAnswer, SliceName, SliceWant } from '../../contract/frame.ts';
import type { Json } from '../../json/value.ts';
import type { Reading } from '../../vocabulary.ts';
import type { OpenExecution } from '../open-execution.ts';

/** What every slice of a frame is made from: the moment at the cursor. */
export type FrameMoment = WaitingMoment | KnownMoment;

interface MomentHead {
  readonly execution: OpenExecution;
  readonly sequence: number;
  readonly reading: Reading;
  /** The position of the last event up to the cursor, and of the one before what happened there; they are equal where no event has this sequence. */
  readonly position: number;
  readonly positionBefore: number;
  /** Milliseconds since the event before. */
  readonly sincePrevious: number | null;
  /** The newest stored snapshot at or before the cursor. */
  readonly base: number | undefined;
}

/** The index has to come as far as the cursor first. */
export interface WaitingMoment extends MomentHead {
  readonly basis: 'waiting';
  readonly state: undefined;
  readonly before: undefined;
}

export interface KnownMoment extends MomentHead {
  /** Where it comes from: the index, or a stored snapshot and the events after it while the index is not there yet. */
  readonly basis: 'index' | 'snapshot';
  /** The replayed state at the cursor. */
  readonly state: Json;
  /** The one before the event at the cursor; undefined when it is not known. */
  readonly before: Json | undefined;
  /** The state in the reading that is wanted, and what it is compared with. */
  shown(): Promise<{ readonly state: Json; readonly comparedWith: Json }>;
  readonly status: string;
  readonly statusBefore: string | null;
  readonly active: readonly string[];
  readonly completed: number;
  /** How many events a recovery from the base would replay. */
  readonly replays: number;
}

/** Makes one slice; undefined when it cannot be made of this moment. */
export type SliceMaker<N extends SliceName> = (moment: FrameMoment, want: SliceWant<N>) => SliceAnswer<N> | undefined | Promise<SliceAnswer<N> | undefined>;

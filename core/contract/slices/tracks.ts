import { z } from 'zod';
import { track } from '../cursor.ts';

export const tracksWant = z.strictObject({ tracks: z.array(track).max(50) });

/** The value of a track at a moment of the replayed log. */
export interface TrackValue {
  readonly track: string;
  /** Exactly, as it is stored or added up; null when there is no number, or it is not known yet. */
  readonly text: string | null;
  /** Why there is no number, or what the number leaves out. */
  readonly note: string | null;
}

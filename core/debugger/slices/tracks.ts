import { tracksOf } from '../tracks.ts';
import type { SliceMaker } from './slice.ts';

/** The tracks of the timeline at the cursor. What has not been read yet is not read for a frame. */
export const tracksSlice: SliceMaker<'tracks'> = ({ basis, execution, position, state }, { tracks }) =>
  basis === 'waiting' ? undefined : tracks.map((track) => tracksOf(execution).valueAt(track, position, state));

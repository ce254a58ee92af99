import type { LanesAtCursor } from '../../../core/contract/slices/lanes.ts';
import { useRunState } from '../../state/context.ts';

/** Where the cursor is among the lanes; undefined while only the numbers of lanes that are folded otherwise are known. */
export function useLanesAtCursor(): LanesAtCursor | undefined {
  return useRunState(({ frame, foldLoops }) => (frame?.slices.lanes?.foldLoops === foldLoops ? frame.slices.lanes : undefined));
}

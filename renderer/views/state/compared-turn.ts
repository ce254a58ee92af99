import type { ComparedTurn } from '../../../core/contract/slices/diff.ts';
import type { RunState } from '../../state/run-state.ts';

/** The turn whose changes are shown; null when no turn began at the cursor or before. */
export function comparedTurn({ frame, against }: RunState): ComparedTurn | null | undefined {
  return against === 'turn' ? (frame?.slices.diff ?? frame?.slices.diffText)?.turn : undefined;
}

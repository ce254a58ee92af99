import type { SliceMaker } from './slice.ts';

/** At how many paths the given state differs from replay. */
export const givenSlice: SliceMaker<'given'> = ({ basis, execution, position, state }) =>
  basis === 'index' ? execution.givenDifferences.count(execution.history.givenAt(position), state) : null;

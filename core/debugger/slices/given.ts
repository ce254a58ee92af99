import type { SliceMaker } from './slice.ts';

/** In how many paths the state that nodes are given differs from replay. */
export const givenSlice: SliceMaker<'given'> = ({ basis, execution, position, state }) =>
  basis === 'index' ? execution.givenDifferences.count(execution.history.givenAt(position), state) : null;

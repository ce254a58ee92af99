import type { SliceMaker } from './slice.ts';

/** Lines of the exact text of the state; only of one that the index vouches for. */
export const textSlice: SliceMaker<'text'> = async (moment, { from, count }) =>
  moment.basis === 'index' ? moment.execution.text.page((await moment.shown()).state, from, count) : undefined;

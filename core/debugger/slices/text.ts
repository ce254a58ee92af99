import type { SliceMaker } from './slice.ts';

/** Lines of the exact text of the state, once it is indexed. */
export const textSlice: SliceMaker<'text'> = async (moment, { from, count }) =>
  moment.basis === 'index' ? moment.execution.text.page((await moment.shown()).state, from, count, moment.execution.pause) : undefined;

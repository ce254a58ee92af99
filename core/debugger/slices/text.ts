import type { SliceMaker } from './slice.ts';

/** Lines of the exact text of the state, once it is indexed. */
export const textSlice: SliceMaker<'text'> = async (moment, want) =>
  moment.basis === 'index' ? moment.execution.text.page((await moment.shown()).state, want, moment.execution.pause) : undefined;

import { statesOf } from './diff.ts';
import type { SliceMaker } from './slice.ts';

/** The changes of the slice `diff` as a unified diff of the texts. */
export const diffTextSlice: SliceMaker<'diffText'> = async (moment, want) => {
  if (moment.basis !== 'index') return undefined;
  const { before, state, turn } = await statesOf(moment, want.against);
  if (before === undefined) return undefined;
  const page = await moment.execution.diffText.page(before, state, want, moment.execution.pause);
  return turn === undefined ? page : { ...page, turn };
};

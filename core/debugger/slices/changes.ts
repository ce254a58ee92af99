import type { ChangeCounts } from '../../contract/slices/changes.ts';
import type { Json } from '../../json/value.ts';
import { diffJson } from '../../replay/diff.ts';
import type { SliceMaker } from './slice.ts';
import { stepOf } from './step.ts';

const MAX_COUNTED = 2000;

/** How many paths the event at the cursor changed in the chosen reading; null when the state before it is not known. */
export const changesSlice: SliceMaker<'changes'> = async (moment) => {
  if (moment.basis === 'waiting') return null;
  const { before, state } = await stepOf(moment);
  return before === undefined ? null : countChanges(before, state);
};

function countChanges(before: Json, after: Json): ChangeCounts {
  const { changes, more } = diffJson(before, after, MAX_COUNTED);
  const count = (op: string): number => changes.reduce((sum, change) => sum + (change.op === op ? 1 : 0), 0);
  return { added: count('add'), changed: count('replace'), removed: count('remove'), more };
}

import type { WatchedValue } from '../../contract/slices/watches.ts';
import { valueAt } from '../../json/pointer.ts';
import { equalJson, type Json, typeOf } from '../../json/value.ts';
import { describe } from '../value-text.ts';
import type { SliceMaker } from './slice.ts';

/** The values at some paths of the state on screen. */
export const watchesSlice: SliceMaker<'watches'> = async (moment, { pointers }) => {
  if (moment.basis === 'waiting') return undefined;
  const { state, comparedWith } = await moment.shown();
  return pointers.map((pointer) => watched(pointer, valueAt(state, pointer), valueAt(comparedWith, pointer)));
};

function watched(pointer: string, now: Json | undefined, old: Json | undefined): WatchedValue {
  const change = now === undefined ? (old === undefined ? null : 'removed') : old === undefined ? 'added' : equalJson(now, old) ? null : 'changed';
  return { pointer, type: now === undefined ? undefined : typeOf(now), text: now === undefined ? '' : describe(now), change };
}

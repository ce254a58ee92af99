import type { WatchedValue } from '../../contract/slices/watches.ts';
import { valueAt } from '../../json/pointer.ts';
import { equalJson, isArray, isObject, type Json, typeOf } from '../../json/value.ts';
import { describe } from '../value-text.ts';
import type { SliceMaker } from './slice.ts';

/** The values at some paths of the state on screen. */
export const watchesSlice: SliceMaker<'watches'> = async (moment, { pointers }) => {
  if (moment.basis === 'waiting') return undefined;
  const { state, comparedWith } = await moment.shown();
  // Unlike those of one history, two readings share no parts: comparing large ones would take too long for a frame.
  const isShared = moment.reading === 'replay';
  return pointers.map((pointer) => watched(pointer, valueAt(state, pointer), valueAt(comparedWith, pointer), isShared));
};

/** @param comparesContainers whether the two states share their parts, so that comparing them is quick. */
export function watched(pointer: string, now: Json | undefined, old: Json | undefined, comparesContainers: boolean): WatchedValue {
  const isCompared = comparesContainers || now === undefined || !(isObject(now) || isArray(now));
  const change = !isCompared || now === old ? null : now === undefined ? 'removed' : old === undefined ? 'added' : equalJson(now, old) ? null : 'changed';
  return { pointer, type: now === undefined ? undefined : typeOf(now), text: now === undefined ? '' : describe(now), change };
}

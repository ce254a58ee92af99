import type { Json } from '../../json/value.ts';
import { diffJson } from '../../replay/diff.ts';
import { oneLine } from '../value-text.ts';
import type { SliceMaker } from './slice.ts';

const MAX_DIFFERENCES = 10_000;
const KINDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;

/** The changes that the event at the cursor made to the state, path by path. */
export const diffSlice: SliceMaker<'diff'> = ({ basis, before, state }, { from, count }) => {
  if (basis !== 'index' || before === undefined) return undefined;
  const { changes, more, coarse } = diffJson(before, state, MAX_DIFFERENCES);
  const line = (value: Json | undefined): string | null => (value === undefined ? null : oneLine(value));
  const rows = changes.slice(from, from + count).map(({ op, path, old, new: now }) => ({ kind: KINDS[op], pointer: path, old: line(old), new: line(now) }));
  return { from, total: changes.length, more, coarse, rows };
};

import { expect, it } from 'vitest';
import { NONE, rangesOf, withRange } from '../../renderer/state/selection.ts';

it('M18: selected rows are ranges in ascending order, whatever the order in which they were selected', () => {
  expect(rangesOf(NONE)).toEqual([]);
  expect(rangesOf(withRange(withRange({ 9: true }, 12, 10), 2, 4))).toEqual([
    [2, 4],
    [9, 12],
  ]);
  expect(rangesOf(withRange(NONE, 0, 99_999))).toEqual([[0, 99_999]]);
});

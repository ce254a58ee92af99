import { expect, it } from 'vitest';
import { isSelected, type Ranges, rangeBetween, selectedCount, toggled } from '../../renderer/state/selection.ts';
import { Random } from '../../scripts/sample/random.ts';

it('M18: ranges of selected rows are what a set of their indexes would be, in order and without touching each other', () => {
  const random = new Random(5);
  let ranges: Ranges = [];
  const expected = new Set<number>();
  for (let step = 0; step < 2000; step++) {
    const index = random.between(0, 30);
    ranges = toggled(ranges, index);
    if (!expected.delete(index)) expected.add(index);
    expect(Array.from({ length: 31 }, (_, i) => isSelected(ranges, i))).toEqual(Array.from({ length: 31 }, (_, i) => expected.has(i)));
    expect(selectedCount(ranges)).toBe(expected.size);
    ranges.forEach(([first], i) => expect(i === 0 || first > (ranges[i - 1]?.[1] ?? 0) + 1).toBe(true));
  }
  expect(rangeBetween(7, 3)).toEqual([[3, 7]]);
});

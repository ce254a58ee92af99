/** Rows of a list that are selected, as ranges of indexes in ascending order: a list may have a hundred thousand rows. */
export type Ranges = readonly (readonly [first: number, last: number])[];

export function rangeBetween(a: number, b: number): Ranges {
  return [[Math.min(a, b), Math.max(a, b)]];
}

export function isSelected(ranges: Ranges, index: number): boolean {
  return ranges.some(([first, last]) => first <= index && index <= last);
}

export function selectedCount(ranges: Ranges): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** Adds a row, or takes it out. */
export function toggled(ranges: Ranges, index: number): Ranges {
  if (isSelected(ranges, index)) {
    return ranges.flatMap(([first, last]): Ranges => {
      if (index < first || index > last) return [[first, last]];
      const parts: Ranges = [
        [first, index - 1],
        [index + 1, last],
      ];
      return parts.filter(([from, to]) => from <= to);
    });
  }
  const sorted = [...ranges, [index, index] as const].sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [first, last] of sorted) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

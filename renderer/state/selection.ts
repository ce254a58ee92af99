/** The rows that are selected, by their indexes in the list, as TanStack Table has them. */
export type SelectedRows = Readonly<Record<string, true>>;

export const NONE: SelectedRows = {};

/** Adds all rows between two. */
export function withRange(rows: SelectedRows, a: number, b: number): SelectedRows {
  const all: Record<string, true> = { ...rows };
  for (let index = Math.min(a, b); index <= Math.max(a, b); index++) all[index] = true;
  return all;
}

/** The selected rows as ranges in ascending order: a list may have a hundred thousand rows. */
export function rangesOf(rows: SelectedRows): [first: number, last: number][] {
  const ranges: [number, number][] = [];
  // The keys of an object that are indexes are in ascending order.
  for (const key of Object.keys(rows)) {
    const last = ranges.at(-1);
    if (last?.[1] === Number(key) - 1) last[1]++;
    else ranges.push([Number(key), Number(key)]);
  }
  return ranges;
}

import { expect, it } from 'vitest';
import { noPause } from '../../core/debugger/pacing.ts';
import { IndexRows } from '../../core/source/sqlite/index-rows.ts';
import { Random } from '../../scripts/sample/random.ts';

/** Their order after sorting, beside that of the sort of the language. */
async function sorted(entries: readonly (readonly [rowid: number, sequence: number])[]): Promise<{ found: unknown; expected: unknown }> {
  const rows = new IndexRows();
  for (const [rowid, sequence] of entries) rows.add(rowid, sequence);
  await rows.sort(noPause);
  const found = entries.map((_, at) => [rows.rowids[at], rows.sequences[at]]);
  return { found, expected: entries.toSorted(([a], [b]) => a - b) };
}

it('sorts the entries of an index by rowid, and keeps the order of those with the same rowid', async () => {
  const random = new Random(1);
  for (const count of [0, 1, 2, 3, 1000, 1025, 5000]) {
    const { found, expected } = await sorted(Array.from({ length: count }, (_, sequence) => [random.between(0, count), sequence] as const));
    expect(found).toEqual(expected);
  }
});

it('leaves entries alone that are in order', async () => {
  const { found, expected } = await sorted(Array.from({ length: 3000 }, (_, at) => [at * 3, at + 1] as const));
  expect(found).toEqual(expected);
});

it('pauses while it sorts many entries', async () => {
  const rows = new IndexRows();
  for (let at = 100_000; at > 0; at--) rows.add(at, at);
  let pauses = 0;
  await rows.sort(async () => {
    pauses++;
  });
  expect(pauses).toBeGreaterThan(10);
  expect([rows.rowids[0], rows.rowids[99_999]]).toEqual([1, 100_000]);
});

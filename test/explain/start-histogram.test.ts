import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StartHistogram } from '../../core/explain/start-histogram.ts';

const NEWEST = Date.UTC(2026, 5, 1);

it('each time is counted once, in the span it lies in, however old', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 ** 11 }), { maxLength: 60 }), fc.nat(8), (ages, doublings) => {
      const histogram = new StartHistogram(NEWEST);
      for (const age of ages) histogram.add(NEWEST - age);
      const { span, counts } = histogram.counts(histogram.span * 2 ** doublings);
      const expected = Array.from({ length: 40 }, (_, i) => ages.filter((age) => Math.floor(age / span) === 39 - i).length);
      expect(counts).toEqual(expected);
    }),
    { seed: 23, numRuns: 300 },
  );
});

it('a time that cannot be read is not counted, and one after the newest is in the last span', () => {
  const histogram = new StartHistogram(NEWEST);
  histogram.add(Number.NaN);
  histogram.add(NEWEST + 5);
  expect(histogram.counts(0).counts).toEqual([...Array.from({ length: 39 }, () => 0), 1]);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { historyOf } from '../support/history.ts';
import { hostileHistory, SEED } from '../support/hostile.ts';
import { blameIsRight, DENSITIES } from '../support/laws.ts';

it('blame finds every change at every path, as brute force does, also at paths that no longer exist', () => {
  expect.hasAssertions();
  const picks = fc.array(fc.nat(), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(hostileHistory, fc.constantFrom(1, 7, 1000), fc.constantFrom(...DENSITIES), picks, (hostile, chunkSize, limits, paths) =>
      blameIsRight(hostile, historyOf(hostile, chunkSize, limits), paths),
    ),
    { seed: SEED, numRuns: 1000 },
  );
}, 120_000);

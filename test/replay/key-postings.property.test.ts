import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blameAt } from '../../core/replay/blame.ts';
import { KeyPostings } from '../../core/replay/key-postings.ts';
import { MERGES } from '../../core/replay/patch.ts';
import { PatchArena } from '../../core/replay/patch-arena.ts';
import { finish } from '../../core/replay/steps.ts';
import { countCalls } from '../support/counting.ts';
import { historyOf } from '../support/history.ts';
import { SEED } from '../support/hostile.ts';

/** Patches of which some write few of many keys, which are also more than have postings. */
const patches = fc.tuple(fc.array(fc.array(fc.nat(40), { maxLength: 3 }), { minLength: 1, maxLength: 600 }), fc.constantFrom(0, 4000, 6000));

it('no patch behind the end of a key changes its value, and the end is near the last one that does', () => {
  fc.assert(
    fc.property(patches, fc.array(fc.tuple(fc.nat(45), fc.nat(1000)), { minLength: 20, maxLength: 20 }), ([keysOf, others], questions) => {
      const postings = new KeyPostings();
      const written = [Array.from({ length: others }, (_, i) => `other ${i}`), ...keysOf.map((keys) => keys.map((key) => `key ${key}`))];
      for (const keys of written) postings.add(new Map(keys.map((key) => [key, 1])), MERGES, new Map());
      for (const [number, at] of questions) {
        const key = `key ${number}`;
        const end = at % (written.length + 1);
        const last = written.slice(0, end).findLastIndex((keys) => keys.includes(key));
        const found = postings.endOf(key, end);
        expect(found).toBeGreaterThan(last);
        expect(found).toBeLessThanOrEqual(end);
        if (others < 4000) expect(found - last).toBeLessThanOrEqual(129);
      }
    }),
    { seed: SEED, numRuns: 200 },
  );
});

it('what has not been folded yet may have every key', () => {
  const postings = new KeyPostings();
  postings.add(new Map([['a', 1]]), MERGES, new Map());
  expect([postings.endOf('b', 1), postings.endOf('b', 2)]).toEqual([0, 2]);
});

it('a key that was written once, long ago, is found without reading the patches in between', () => {
  const events = Array.from({ length: 5000 }, (_, i) => ({
    sequence: i + 1,
    text: `{"type":"node_completed","node_id":"n","output":0,"state_patch":{"${i === 100 ? 'once' : 'often'}":${i}}}`,
  }));
  const history = historyOf({ initialInput: new Map(), events, snapshots: [] }, 1000, { distance: 1000, total: 1e9 });
  history.stateAt(4999);
  const reads = countCalls(PatchArena.prototype, 'read', () => expect(finish(blameAt(history, '/once', 4999))?.sequence).toBe(101));
  expect(reads).toBeLessThan(300);
});

it('a key that every patch writes is found without reading the patches that write an equal value', () => {
  const events = Array.from({ length: 5000 }, (_, i) => ({
    sequence: i + 1,
    text: `{"type":"node_completed","node_id":"n","output":0,"state_patch":{"same":{"of":[${i < 100 ? i : 100}]},"often":${i}}}`,
  }));
  const history = historyOf({ initialInput: new Map(), events, snapshots: [] }, 1000, { distance: 1000, total: 1e9 });
  history.stateAt(4999);
  const reads = countCalls(PatchArena.prototype, 'read', () => expect(finish(blameAt(history, '/same/of/0', 4999))?.sequence).toBe(101));
  expect(reads).toBeLessThan(300);
});

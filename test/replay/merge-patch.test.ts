import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../core/json/print.ts';
import { readJson } from '../../core/json/read.ts';
import type { Json } from '../../core/json/value.ts';
import { mergePatchOf } from '../../core/replay/merge-patch.ts';
import { merge } from '../../core/replay/patch.ts';

const json = (value: unknown): Json => {
  const read = readJson(JSON.stringify(value));
  if (!read.ok) throw new Error('not JSON');
  return read.value;
};

it('M13: a merge patch applied to one state gives the other, or there is none because of a null', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, 0, 'a'),
      fc.array(fc.constantFrom(1, null)),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any')),
    ),
  })).any;
  const state = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
  let patches = 0;
  fc.assert(
    fc.property(state, state, (a, b) => {
      const [before, after] = [json(a), json(b)];
      const patch = mergePatchOf(before, after);
      if (patch === undefined) {
        expect(canonicalJson(after)).toContain('null');
        return;
      }
      patches++;
      expect(canonicalJson(merge(before, patch))).toBe(canonicalJson(after));
    }),
  );
  expect(patches).toBeGreaterThan(10);
});

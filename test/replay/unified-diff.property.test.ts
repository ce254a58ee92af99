import { applyPatch } from 'diff';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import type { Json } from '../../core/json/value.ts';
import { unifiedDiff } from '../../core/replay/unified-diff.ts';
import { hostileObject, SEED } from '../support/hostile.ts';

function text(before: Json, after: Json): string {
  const lines = [...unifiedDiff(before, after)].filter((line) => line !== undefined);
  return lines.map(({ op, text: line }) => `${op === '@' ? '' : op}${line}\n`).join('');
}

function pretty(value: Json): string {
  return `${printJson(value, { pretty: true, sorted: true })}\n`;
}

it('M13: a unified diff of two states, applied to the text of one, gives that of the other', () => {
  const list = fc.array(fc.oneof(fc.constantFrom<Json>(1, 2, 'a'), hostileObject), { maxLength: 30 });
  const state = fc.oneof(
    hostileObject,
    list.map((items): Json => items),
    list.map((items): Json => new Map([['l', items]])),
  );
  fc.assert(
    fc.property(state, state, (before, after) => {
      const patch = text(before, after);
      expect(applyPatch(pretty(before), patch)).toBe(pretty(after));
      expect(patch === '').toBe(pretty(before) === pretty(after));
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

it('M13: a unified diff has three lines around each change, and one hunk for changes that are near', () => {
  const items = Array.from({ length: 40 }, (_, i) => i);
  const before = parseJson(JSON.stringify({ list: items, z: 1 }));
  const after = parseJson(JSON.stringify({ list: items.map((item) => (item === 5 || item === 9 ? -item : item)), z: 2 }));
  expect(text(before, after).split('\n')).toEqual([
    '@@ -5,11 +5,11 @@',
    '     2,',
    '     3,',
    '     4,',
    '-    5,',
    '+    -5,',
    '     6,',
    '     7,',
    '     8,',
    '-    9,',
    '+    -9,',
    '     10,',
    '     11,',
    '     12,',
    '@@ -41,5 +41,5 @@',
    '     38,',
    '     39',
    '   ],',
    '-  "z": 1',
    '+  "z": 2',
    ' }',
    '',
  ]);
});

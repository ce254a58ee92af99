import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findValues, foundRows } from '../../core/debugger/found-values.ts';
import { childPointer } from '../../core/json/pointer.ts';
import { parseJson } from '../../core/json/read.ts';
import { isArray, isObject, type Json, JsonNumber, sortedKeys } from '../../core/json/value.ts';
import { finish } from '../../core/replay/steps.ts';
import { hostileValue, SEED } from '../support/hostile.ts';

/** The paths of all members, in the order of a tree, and which of them match. */
function plain(value: Json, text: string, path = ''): readonly (readonly [path: string, matches: boolean])[] {
  const members: readonly (readonly [string | number, Json])[] = isObject(value)
    ? sortedKeys(value).map((key) => [key, value.get(key) as Json] as const)
    : isArray(value)
      ? value.map((item, i) => [i, item] as const)
      : [];
  return members.flatMap(([key, member]) => {
    const at = childPointer(path, key);
    const shown = isObject(member) || isArray(member) ? '' : member instanceof JsonNumber ? member.text : String(member);
    const has = (where: string): boolean => where.toLowerCase().includes(text.toLowerCase());
    return [[at, text.startsWith('/') ? has(at) : (typeof key === 'string' && has(key)) || has(shown)] as const, ...plain(member, text, at)];
  });
}

it('the filter of the tree finds every key, value and path, with the containers above them', () => {
  const text = fc.oneof(fc.constantFrom('a', '1', '0', 'TRUE', 'null', '/a', '/', 'é', 'type'), fc.string({ minLength: 1, maxLength: 2 }));
  fc.assert(
    fc.property(hostileValue, text, (state, sought) => {
      const all = plain(state, sought);
      const matching = all.filter(([, matches]) => matches).map(([path]) => path);
      const expected = all.map(([path]) => path).filter((path) => matching.some((match) => match === path || match.startsWith(`${path}/`)));
      const found = finish(findValues(state, sought));
      expect(found.rows.map(({ pointer }) => pointer)).toEqual(expected);
      expect(found.matchRows.map((row) => found.rows[row]?.pointer)).toEqual(matching);
      expect(found.matches).toBe(matching.length);
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

it('the filter of the tree finds what is behind the part of a text that is shown, and counts what has no row', () => {
  const long = finish(findValues(new Map([['a', `${'x'.repeat(200_000)}needle`]]), 'NEEDLE'));
  expect([long.matches, foundRows(long, 0, 10).map(({ pointer, cut }) => [pointer, cut])]).toEqual([1, [['/a', true]]]);
  const many = finish(findValues(parseJson(`[${'1,'.repeat(29_999)}1]`), '1'));
  expect([many.matches, many.rows.length]).toEqual([30_000, 20_000]);
  const nested = finish(findValues(parseJson(`[${'1,'.repeat(19_998)}{"a":{"b":1,"c":1}},1]`), '1'));
  expect([nested.matches, nested.rows.length, nested.rows.at(-1)?.pointer]).toEqual([20_001, 19_998, '/19997']);
});

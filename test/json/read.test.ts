import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { MAX_DEPTH, parseJson, readJson } from '../../core/json/read.ts';
import { compareKeys, equalJson, JsonNumber, type JsonObject } from '../../core/json/value.ts';
import { hostileValue, SEED } from '../support/hostile.ts';

describe('reading JSON', () => {
  it('M17: keeps every spelling of a number', () => {
    const text = '[9007199254740993,1.0,18446744073709551615,1e400,-0,-0.0,1E+2,0.1,-1,0,999999999999999]';
    expect(printJson(parseJson(text))).toBe(text);
  });

  it('M17: distinguishes 1 from 1.0', () => {
    expect(equalJson(parseJson('1'), parseJson('1.0'))).toBe(false);
    expect(equalJson(parseJson('{"a":[1.0]}'), parseJson('{"a":[1.0]}'))).toBe(true);
  });

  it('treats any key as an ordinary key', () => {
    const value = parseJson('{"__proto__":{"polluted":1},"constructor":2,"10":3,"9":4,"":5}') as JsonObject;
    expect([...value.keys()]).toEqual(['__proto__', 'constructor', '10', '9', '']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(printJson(value)).toBe('{"__proto__":{"polluted":1},"constructor":2,"10":3,"9":4,"":5}');
  });

  it('reports keys that occur twice, of which the last one wins', () => {
    const result = readJson('{"a":1,"b":{"c":1,"c":2},"a":3}');
    expect(result.ok && [printJson(result.value), result.duplicates]).toEqual(['{"a":3,"b":{"c":2}}', ['c', 'a']]);
  });

  it('reports the depth, and refuses values that are too deep without a stack overflow', () => {
    const result = readJson('[[{"a":[]}]]');
    expect(result.ok && result.depth).toBe(4);
    expect(readJson('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH)).ok).toBe(true);
    for (const depth of [MAX_DEPTH + 1, 10_000, 1_000_000]) {
      const deep = readJson('[{"a":'.repeat(depth));
      expect(deep.ok ? undefined : deep.problem.tooDeep).toBe(true);
    }
  });

  it.each([
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '--1',
    'NaN',
    'Infinity',
    'undefined',
    'tru',
    '"\n"',
    '"\\x"',
    '"\\u12"',
    '"open',
    '\uFEFF1',
    '1 2',
    '[1 2]',
    '{"a" 1}',
    '/* c */1',
    '0x10',
    ']',
  ])('refuses %j and reports the position', (text) => {
    const result = readJson(text);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problem.position).toBeLessThanOrEqual(text.length);
  });

  it('accepts the same texts as JSON.parse', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => text.slice(0, -1)),
          fc.stringMatching(/^[[\]{},:"0-9.eE+\-a-c\\ ]{0,12}$/),
        ),
        (text) => {
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          expect(readJson(text).ok).toBe(valid);
        },
      ),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('prints the same value again', () => {
    fc.assert(
      fc.property(hostileValue, (value) => {
        const text = printJson(value);
        expect(printJson(parseJson(text))).toBe(text);
        expect(equalJson(parseJson(printJson(value, { pretty: true })), value)).toBe(true);
        expect(canonicalJson(parseJson(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('prints lone surrogates as escapes, and all other characters unescaped', () => {
    const text = String.raw`["\ud800","\b\f\n\r\t\u0001\"\\","é🙂/\u007f"]`;
    expect(printJson(parseJson(text))).toBe(text.replace(String.raw`\u007f`, '\u007f'));
  });

  it('orders keys by code point, as UTF-8 bytes do', () => {
    const keys = ['\u{10000}', '\uE000', 'b', 'B', 'aa', 'a', '', '10', '9', 'é'];
    const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...keys].sort(compareKeys)).toEqual(byBytes);
  });

  it('reads integers of up to 15 digits as numbers, and other numbers as text', () => {
    expect(parseJson('999999999999999')).toBe(999_999_999_999_999);
    expect(parseJson('1000000000000000')).toEqual(new JsonNumber('1000000000000000'));
  });
});

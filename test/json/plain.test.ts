import { describe, expect, it } from 'vitest';
import { fromPlain, type Plain } from '../../core/json/plain.ts';
import { printJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { toPlain } from '../../core/json/to-plain.ts';
import { JsonNumber } from '../../core/json/value.ts';

const TEXT = '{"a":[1,1.0,1.5,9007199254740993,-0.0,123456789012345678901234567890.5],"__proto__":{"b":null}}';

describe('conversions between Json and JavaScript values', () => {
  it('D13: toPlain makes objects, and numbers by choice', () => {
    const json = parseJson(TEXT);
    const numbers = [1, 1, 1.5, 9007199254740993n, -0, 1.2345678901234568e29];
    const plain = toPlain(json) as { a: unknown; ['__proto__']: unknown };
    expect([plain.a, Object.keys(plain), Object.getPrototypeOf(plain)]).toEqual([numbers, ['a', '__proto__'], Object.prototype]);
    expect((toPlain(json, { numbers: 'number' }) as { a: unknown }).a).toEqual(numbers.map(Number));
    const exact = toPlain(json, { numbers: 'exact' });
    expect(printJson(fromPlain(exact))).toBe(TEXT);
    expect((exact as { a: unknown[] }).a.slice(0, 2)).toEqual([1, new JsonNumber('1.0')]);
    for (const choice of ['bigint', 'number'] as const) {
      expect(() => toPlain(new JsonNumber('1e400'), { numbers: choice as 'number' })).toThrow(RangeError);
    }
  });

  it('D13: fromPlain converts what is inside Maps, and refuses what is not JSON', () => {
    expect(printJson(fromPlain(new Map([['a', { b: [1n, undefined] }]])))).toBe('{"a":{"b":[1,null]}}');
    for (const value of [new Date(0), new Set(), () => 1, [Symbol('x')], { a: new (class Named {})() }] as unknown as Plain[]) {
      expect(() => fromPlain(value)).toThrow(/^A (Date|Set|Function|Symbol|Named) is not JSON\.$/);
    }
  });

  it('D13: JSON.stringify prints Json without loss', () => {
    expect(JSON.stringify(parseJson(TEXT))).toBe(TEXT);
    expect(JSON.stringify(fromPlain({ a: { b: new JsonNumber('2.0') } }))).toBe('{"a":{"b":2.0}}');
    expect(() => JSON.stringify(new JsonNumber('0x10'))).toThrow();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printJson } from '../../core/json/print.ts';
import { MAX_DEPTH, readJson } from '../../core/json/read.ts';
import { JsonScanner } from '../../core/json/scan.ts';
import { isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import { hostileObject, SEED } from '../support/hostile.ts';

function scan(text: string): Map<string, string> | undefined {
  const bytes = new TextEncoder().encode(text);
  const decode = (start: number, end: number): string => new TextDecoder().decode(bytes.subarray(start, end));
  const fields = new Map<string, string>();
  const whole = new JsonScanner(bytes).object(0, bytes.length, MAX_DEPTH, (keyStart, keyEnd, valueStart, valueEnd) =>
    fields.set(decode(keyStart, keyEnd), decode(valueStart, valueEnd)),
  );
  return whole ? fields : undefined;
}

describe('scanning bytes', () => {
  it('finds each field with its exact text', () => {
    expect(scan(' {"a" : [1, {"b":"}"}] ,"c":"\\"","d":-1.5e+3,"e":{}}  ')).toEqual(
      new Map([
        ['a', '[1, {"b":"}"}]'],
        ['c', '"\\""'],
        ['d', '-1.5e+3'],
        ['e', '{}'],
      ]),
    );
  });

  it('accepts the same objects as the reader, cut or changed anywhere', () => {
    fc.assert(
      fc.property(
        fc.tuple(hostileObject, fc.string({ maxLength: 60 })).map(([object, long]): Json => new Map([...(object as JsonObject), ['long', long], [long, 1]])),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', '{', '[', '0', '\\', 'x', ':', '\n'),
        fc.boolean(),
        (value, at, put, cut) => {
          const text = printJson(value);
          const place = at % (text.length + 1);
          const damaged = cut ? text.slice(0, place) : text.slice(0, place) + put + text.slice(place + 1);
          const read = readJson(damaged);
          expect(scan(damaged) !== undefined).toBe(read.ok && isObject(read.value));
        },
      ),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('refuses values that are too deep for the reader', () => {
    const nested = (depth: number): string => `{"v":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(scan(nested(MAX_DEPTH - 1))).toBeDefined();
    expect(scan(nested(MAX_DEPTH))).toBeUndefined();
    expect(readJson(nested(MAX_DEPTH - 1)).ok).toBe(true);
    expect(readJson(nested(MAX_DEPTH)).ok).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { childPointer, pointerKeys, valueAt } from '../../core/json/pointer.ts';
import { parseJson } from '../../core/json/read.ts';

describe('JSON Pointer', () => {
  // The example of RFC 6901 §5.
  const document = parseJson('{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8,"__proto__":9}');
  it.each([
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/__proto__', 9],
  ])('%s points to %j', (pointer, value) => {
    expect(valueAt(document, pointer)).toEqual(value);
  });

  it('is the whole value when empty, and undefined where there is no value', () => {
    expect(valueAt(document, '')).toBe(document);
    for (const pointer of ['/nope', '/foo/2', '/foo/-', '/foo/00', '/foo/0/x', 'foo', '/m~n']) expect(valueAt(document, pointer)).toBeUndefined();
  });

  it('is built and parsed without loss', () => {
    const pointer = childPointer(childPointer(childPointer('', 'a/b~c'), 3), '');
    expect(pointer).toBe('/a~1b~0c/3/');
    expect(pointerKeys(pointer)).toEqual(['a/b~c', '3', '']);
  });
});

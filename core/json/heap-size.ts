import { isArray, isObject, type Json, JsonNumber } from './value.ts';

/*
 * What V8 takes on a 64-bit machine, in bytes: a Map with its table; an array that was filled item by item, which has room
 * for 17 at the beginning; a number that keeps its text; a string.
 */
const MAP = 180;
const ENTRY = 36;
const ARRAY = 180;
const ITEM = 12;
const NUMBER = 72;
const STRING = 24;

/**
 * The bytes that a value takes in the heap, about: right to a third for what was read from JSON.
 *
 * @param beside a value that is held already: what the two share, at the same path, is not counted.
 */
export function heapSize(value: Json, beside?: Json): number {
  if (value === beside) return 0;
  if (typeof value === 'string') return STRING + value.length;
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof JsonNumber) return NUMBER + value.text.length;
  if (isArray(value)) {
    const shared = isArray(beside) ? beside : undefined;
    let size = ARRAY + ITEM * value.length;
    for (let i = 0; i < value.length; i++) size += heapSize(value[i] as Json, shared?.[i]);
    return size;
  }
  const shared = isObject(beside) ? beside : undefined;
  let size = MAP + ENTRY * value.size;
  for (const key of value.keys()) size += heapSize(value.get(key) as Json, shared?.get(key));
  return size;
}

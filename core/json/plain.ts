import { type Json, JsonNumber } from './value.ts';

/** What a program writes down as JSON: JavaScript values, bigint for exact integers, and any Json as it is. */
export type Plain = Json | bigint | undefined | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * A JavaScript value as Json. Members that are undefined are left out.
 *
 * A number that is whole becomes an integer (`1`, never `1.0`; give a JsonNumber for that); NaN and infinities become
 * null, as they do in the runtime.
 */
export function fromPlain(value: Plain): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return new JsonNumber(String(value));
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'object' || value instanceof JsonNumber) return value;
  if (value instanceof Map) return value as Json;
  if (Array.isArray(value)) return value.map((item: Plain) => fromPlain(item));
  const object = new Map<string, Json>();
  for (const [key, member] of Object.entries(value as { readonly [key: string]: Plain })) {
    if (member !== undefined) object.set(key, fromPlain(member));
  }
  return object;
}

function fromNumber(value: number): Json {
  if (!Number.isFinite(value)) return null;
  const plain = Number.isInteger(value) && Math.abs(value) < 1e15 && !Object.is(value, -0);
  return plain ? value : new JsonNumber(Object.is(value, -0) ? '-0.0' : String(value));
}

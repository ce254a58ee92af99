import { type Json, JsonNumber } from './value.ts';

/** A JSON value as a program writes it: JavaScript values, bigint for exact integers, and any Json unchanged. */
export type Plain = Json | bigint | undefined | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * Converts a JavaScript value to Json. Members that are undefined are left out.
 *
 * An integral number becomes an integer (`1`, never `1.0`; pass a JsonNumber for that). NaN and infinities become null,
 * as in the runtime.
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
  const isPlainInteger = Number.isInteger(value) && Math.abs(value) < 1e15 && !Object.is(value, -0);
  return isPlainInteger ? value : new JsonNumber(Object.is(value, -0) ? '-0.0' : String(value));
}

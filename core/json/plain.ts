import { type Json, JsonMap, JsonNumber } from './value.ts';

/**
 * A JSON value as a program writes it: JavaScript values, bigint for exact integers, and any Json unchanged. The members of an
 * object whose type is an interface are checked only when it is converted, because an interface has no index signature.
 */
export type Plain = PlainValue | undefined;
export type PlainValue = Json | bigint | readonly Plain[] | ReadonlyMap<string, Plain> | { readonly [key: string]: Plain } | PlainObject;

/** An object that has none of the symbols by which functions, dates, sets, promises, patterns and bytes are known. */
type PlainObject = object & {
  readonly [Symbol.hasInstance]?: never;
  readonly [Symbol.iterator]?: never;
  readonly [Symbol.match]?: never;
  readonly [Symbol.toPrimitive]?: never;
  readonly [Symbol.toStringTag]?: never;
};

/**
 * Converts a JavaScript value to Json. Members that are undefined are left out.
 *
 * An integral number becomes an integer (`1`, never `1.0`; pass a JsonNumber for that). NaN and infinities become null,
 * as in the runtime.
 *
 * @throws TypeError when a part is not JSON, such as a Date or a function.
 */
export function fromPlain(value: Plain): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value === 'bigint') return new JsonNumber(String(value));
  // Its members were converted when it was made.
  if (value instanceof JsonNumber || value instanceof JsonMap) return value;
  if (isPlainArray(value)) return value.map((item) => fromPlain(item));
  const keys = keysOf(value);
  if (keys === undefined) throw new TypeError(`A ${nameOf(value)} is not JSON.`);
  const object = new JsonMap();
  for (const key of keys) {
    const member = memberOf(value, key);
    if (member !== undefined) object.set(key, fromPlain(member));
  }
  return object;
}

export function isPlainArray(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** The keys of a Map or an object that is nothing but its members; undefined for anything else, such as a Date or a function. */
export function keysOf(value: Plain): string[] | undefined {
  if (value instanceof Map) return [...value.keys()];
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.keys(value) : undefined;
}

export function memberOf(value: Plain, key: string): Plain {
  return value instanceof Map ? (value.get(key) as Plain) : (value as { readonly [key: string]: Plain })[key];
}

/** What a value that is not JSON is called: `Date`, `Set`, `Function`, or the name of its class. */
export function nameOf(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === 'Object' ? ((value as object).constructor?.name ?? tag) : tag;
}

function fromNumber(value: number): Json {
  if (!Number.isFinite(value)) return null;
  const isPlainInteger = Number.isInteger(value) && Math.abs(value) < 1e15 && !Object.is(value, -0);
  return isPlainInteger ? value : new JsonNumber(Object.is(value, -0) ? '-0.0' : String(value));
}

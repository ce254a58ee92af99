import { isArray, isObject, type Json, JsonNumber, numberText } from './value.ts';

/** A JavaScript value as {@link toPlain} makes it. `Exact` is what stands for a number that no JavaScript number equals. */
export type Unwrapped<Exact = never> = null | boolean | string | number | Exact | Unwrapped<Exact>[] | { [key: string]: Unwrapped<Exact> };

/**
 * What becomes of numbers:
 *
 * - `bigint`: an integer beyond 2⁵³ becomes a bigint, everything else a number;
 * - `number`: everything becomes a number, to the nearest double;
 * - `exact`: what JavaScript would spell differently (`1.0`, `9007199254740993`) stays a JsonNumber, so that nothing is lost.
 */
interface ToPlainOptions {
  readonly numbers?: 'bigint' | 'number' | 'exact' | undefined;
}

/**
 * Converts Json to JavaScript values: objects instead of Maps, numbers instead of JsonNumbers. Nothing is shared with the
 * original. JavaScript moves keys such as `10` to the front of an object.
 *
 * @throws RangeError when a number is beyond every double, unless numbers are `exact`.
 */
export function toPlain(value: Json, options?: { readonly numbers?: 'bigint' | undefined }): Unwrapped<bigint>;
export function toPlain(value: Json, options: { readonly numbers: 'number' }): Unwrapped;
export function toPlain(value: Json, options: { readonly numbers: 'exact' }): Unwrapped<JsonNumber>;
export function toPlain(value: Json, { numbers = 'bigint' }: ToPlainOptions = {}): unknown {
  return unwrapped(value, numbers);
}

function unwrapped(value: Json, numbers: 'bigint' | 'number' | 'exact'): Unwrapped<bigint | JsonNumber> {
  if (value instanceof JsonNumber) return unwrappedNumber(value, numbers);
  if (isArray(value)) return value.map((item) => unwrapped(item, numbers));
  if (!isObject(value)) return value;
  const object: { [key: string]: Unwrapped<bigint | JsonNumber> } = {};
  for (const [key, member] of value) {
    const plain = unwrapped(member, numbers);
    // An assignment to `__proto__` would change the prototype.
    if (key === '__proto__') Object.defineProperty(object, key, { value: plain, enumerable: true, configurable: true, writable: true });
    else object[key] = plain;
  }
  return object;
}

function unwrappedNumber(value: JsonNumber, numbers: 'bigint' | 'number' | 'exact'): number | bigint | JsonNumber {
  const text = numberText(value);
  const double = Number(text);
  if (numbers === 'exact') return String(double) === text ? double : value;
  if (numbers === 'bigint' && /^-?\d+$/.test(text) && !Number.isSafeInteger(double)) return BigInt(text);
  if (!Number.isFinite(double)) throw new RangeError(`${text} is beyond every JavaScript number; convert with { numbers: 'exact' }.`);
  return double;
}

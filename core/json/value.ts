/**
 * JSON values as they are stored. Nothing is rounded and no key is special: objects are Maps, so that `__proto__` and `10`
 * are ordinary keys in the order in which they were written, and a number whose spelling JavaScript would change is kept
 * as text.
 */
export type Json = null | boolean | string | number | JsonNumber | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export type JsonObject = ReadonlyMap<string, Json>;

/** Any number except an integer of at most 15 digits, as it was written. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** For JSON.stringify, which writes the number as it is spelled. @throws TypeError on a JavaScript that cannot do that. */
  toJSON(): unknown {
    const { rawJSON } = JSON as { readonly rawJSON?: (text: string) => unknown };
    if (rawJSON === undefined) throw new TypeError(`JSON.stringify cannot write ${this.text} without loss here; use printJson.`);
    return rawJSON(this.text);
  }
}

/**
 * The Map of which a JSON object is made here. It is an ordinary Map, except that JSON.stringify prints its members, where it
 * would print `{}` for any other. JavaScript moves keys such as `10` to the front there; printJson keeps the order.
 */
export class JsonMap extends Map<string, Json> {
  static {
    // Comparisons look at the constructor, and an object is meant to equal any Map with the same members.
    Object.defineProperty(JsonMap.prototype, 'constructor', { value: Map, writable: true, configurable: true });
  }

  toJSON(): unknown {
    // Without a prototype, `__proto__` is an ordinary key.
    const object: Record<string, Json> = Object.create(null);
    this.forEach((member, key) => {
      object[key] = member;
    });
    return object;
  }
}

export type JsonType = 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object';

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isArray(value: Json | undefined): value is JsonArray {
  return Array.isArray(value);
}

export function typeOf(value: Json): JsonType {
  if (value === null) return 'null';
  if (isObject(value)) return 'object';
  if (isArray(value)) return 'array';
  if (value instanceof JsonNumber) return 'number';
  return typeof value as JsonType;
}

/** The number of members of an object or array; 0 for everything else. */
export function sizeOf(value: Json): number {
  if (isObject(value)) return value.size;
  return isArray(value) ? value.length : 0;
}

/** The text of a number, as it is stored. */
export function numberText(value: number | JsonNumber): string {
  return typeof value === 'number' ? String(value) : value.text;
}

/** A shallow copy. `new Map(object)` would allocate an array for each member. */
export function copyOf(object: JsonObject): Map<string, Json> {
  const copy = new JsonMap();
  object.forEach((member, key) => {
    copy.set(key, member);
  });
  return copy;
}

/** Equal structure and equal spelling of numbers, whatever the order of keys. `1` and `1.0` differ; undefined equals only undefined. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isObject(a)) {
    if (!isObject(b) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !equalJson(value, other)) return false;
    }
    return true;
  }
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((value, i) => equalJson(value, b[i] as Json));
  }
  return a instanceof JsonNumber && b instanceof JsonNumber && a.text === b.text;
}

/**
 * Orders keys by code point, as the runtime's ordered maps do (they compare UTF-8 bytes). JavaScript's own order differs
 * only between a surrogate and a unit from U+E000 up.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      const xHigh = x >= 0xd800 && x <= 0xdfff;
      const yHigh = y >= 0xd800 && y <= 0xdfff;
      return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
    }
  }
  return a.length - b.length;
}

const sortedKeysOf = new WeakMap<JsonObject, { size: number; keys: readonly string[] }>();

/** The keys in code-point order. They are cached for wide objects, because a state is displayed many times. */
export function sortedKeys(object: JsonObject): readonly string[] {
  if (object.size < 64) return inKeyOrder([...object.keys()]);
  const known = sortedKeysOf.get(object);
  if (known !== undefined) return known.keys;
  const keys = inKeyOrder([...object.keys()]);
  sortedKeysOf.set(object, { size: object.size, keys });
  return keys;
}

/** Sorts keys in place by code point. Without units from the surrogates up, that is JavaScript's own order. */
export function inKeyOrder(keys: string[]): string[] {
  return keys.some((key) => FROM_SURROGATES.test(key)) ? keys.sort(compareKeys) : keys.sort();
}

const FROM_SURROGATES = /[\ud800-\uffff]/;

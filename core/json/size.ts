import { isArray, isObject, type Json, numberText } from './value.ts';

/** The size of a value as compact JSON, in UTF-8 bytes. @param ofMember what is known of the sizes of members. */
export function jsonSize(value: Json, ofMember: (value: Json) => number = jsonSize): number {
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value));
  if (value === null || typeof value === 'boolean') return String(value).length;
  if (!isObject(value) && !isArray(value)) return numberText(value).length;
  // Two brackets, a comma after each member but the last.
  let size = 2;
  let members = 0;
  if (isObject(value)) for (const [key, member] of value) size += memberSize(key, members++) + ofMember(member);
  else for (const item of value) size += (members++ > 0 ? 1 : 0) + ofMember(item);
  return size;
}

/** What a member adds to the size of its object, besides its value. @param others how many other members there are. */
export function memberSize(key: string, others: number): number {
  return Buffer.byteLength(JSON.stringify(key)) + 1 + (others > 0 ? 1 : 0);
}

/** Sizes of values that never change. What two values share is measured once. */
export class JsonSizes {
  readonly #known = new WeakMap<object, number>();

  of(value: Json): number {
    if (!isObject(value) && !isArray(value)) return jsonSize(value);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const size = jsonSize(value, (member) => this.of(member));
    this.#known.set(value, size);
    return size;
  }
}

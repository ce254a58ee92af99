import { isArray, isObject, type Json, numberText } from './value.ts';

/** Sizes of values as compact JSON, in UTF-8 bytes. What two values share is measured once. */
export class JsonSizes {
  readonly #known = new WeakMap<object, number>();

  of(value: Json): number {
    if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value));
    if (value === null || typeof value === 'boolean') return String(value).length;
    if (!isObject(value) && !isArray(value)) return numberText(value).length;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    // Two brackets, a colon after each key, a comma after each member but the last.
    let size = 2;
    if (isObject(value)) for (const [key, member] of value) size += Buffer.byteLength(JSON.stringify(key)) + 1 + this.of(member) + 1;
    else for (const item of value) size += this.of(item) + 1;
    if (size > 2) size--;
    this.#known.set(value, size);
    return size;
  }
}

import { bytesAre } from '../json/scan.ts';

/**
 * Numbers names by their bytes, so that no string is created for a name that is already known. A hash table whose entries
 * are compared by their bytes.
 */
export class ByteNames {
  readonly names: string[] = [];
  readonly #bytes: Uint8Array[] = [];
  #slots = new Int32Array(256).fill(-1);
  #nameBytes = 0;

  /** Approximate bytes of memory. */
  get bytes(): number {
    return this.#nameBytes + this.#slots.byteLength;
  }

  /** The number of the name in bytes [start, end); a new number for a new name. @param text the name, if the bytes do not decode to it. */
  numberOf(bytes: Uint8Array, start: number, end: number, text?: string): number {
    let slot = hash(bytes, start, end) & (this.#slots.length - 1);
    for (;;) {
      const known = this.#slots[slot] as number;
      if (known < 0) break;
      if (bytesAre(bytes, start, end, this.#bytes[known] as Uint8Array)) return known;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return this.#add(bytes.slice(start, end), slot, text);
  }

  numberOfText(name: string): number {
    const bytes = encode(name);
    return this.numberOf(bytes, 0, bytes.length, name);
  }

  #add(name: Uint8Array, slot: number, text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(name)): number {
    const number = this.names.length;
    this.#bytes.push(name);
    // The bytes, the string, and an estimate of the two objects.
    this.#nameBytes += 2 * name.length + 200;
    this.names.push(text);
    this.#slots[slot] = number;
    if (this.names.length * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    this.#bytes.forEach((name, number) => {
      let slot = hash(name, 0, name.length) & (this.#slots.length - 1);
      while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = number;
    });
  }
}

/** UTF-8, in which surrogates without a partner keep their value (WTF-8): replaced, two names would become one. */
function encode(name: string): Uint8Array {
  if (name.isWellFormed()) return new TextEncoder().encode(name);
  const parts = [...name].map((character) => {
    const code = character.codePointAt(0) as number;
    const isLone = code >= 0xd800 && code <= 0xdfff;
    return isLone ? Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)) : new TextEncoder().encode(character);
  });
  return Buffer.concat(parts);
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo). */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at++) value = Math.imul(value ^ (bytes[at] as number), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

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

  /** The number of the name in bytes [start, end); a new number for a new name. */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    let slot = hash(bytes, start, end) & (this.#slots.length - 1);
    for (;;) {
      const known = this.#slots[slot] as number;
      if (known < 0) break;
      if (bytesAre(bytes, start, end, this.#bytes[known] as Uint8Array)) return known;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return this.#add(bytes.slice(start, end), slot);
  }

  numberOfText(name: string): number {
    const bytes = new TextEncoder().encode(name);
    return this.numberOf(bytes, 0, bytes.length);
  }

  #add(name: Uint8Array, slot: number): number {
    const number = this.names.length;
    this.#bytes.push(name);
    // The bytes, the string, and an estimate of the two objects.
    this.#nameBytes += 2 * name.length + 200;
    this.names.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(name));
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

/** FNV-1a, 32 bits (Fowler, Noll, Vo). */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at++) value = Math.imul(value ^ (bytes[at] as number), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

/** Bytes in slabs, so that growing never copies what is there. */
export class Slabs {
  static readonly SIZE = 4 * 1024 * 1024;
  /** What all slabs hold, with what is free in them. */
  bytes = 0;
  readonly #slabs: Buffer[] = [];
  #used = 0;

  /** @returns the slab's number and the offset in it where the bytes now lie. */
  store(bytes: Uint8Array, start: number, end: number): { slab: number; offset: number } {
    const length = end - start;
    let slab = this.#slabs.at(-1);
    if (slab === undefined || this.#used + length > slab.length) {
      slab = Buffer.allocUnsafeSlow(Math.max(length, Slabs.SIZE));
      this.#slabs.push(slab);
      this.bytes += slab.length;
      this.#used = 0;
    }
    slab.set(bytes.subarray(start, end), this.#used);
    const offset = this.#used;
    this.#used += length;
    return { slab: this.#slabs.length - 1, offset };
  }

  includes(slab: number, offset: number, length: number, bytes: Buffer): boolean {
    return (this.#slabs[slab] as Buffer).subarray(offset, offset + length).includes(bytes);
  }

  /** Where in a slab these bytes stand last, at or before an offset; -1 where they do not. */
  lastIndexOf(slab: number, bytes: Buffer, from: number): number {
    return from < 0 ? -1 : (this.#slabs[slab] as Buffer).lastIndexOf(bytes, from);
  }

  text(slab: number, offset: number, length: number): string {
    return (this.#slabs[slab] as Buffer).toString('utf8', offset, offset + length);
  }
}

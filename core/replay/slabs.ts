/** Bytes in slabs of a fixed size, so that growing never copies. */
export class Slabs {
  static readonly SIZE = 4 * 1024 * 1024;
  /** The size of all slabs, including unused room. */
  bytes = 0;
  readonly #slabs: Buffer[] = [];
  #used = 0;

  /** Copies bytes [start, end). @returns the slab's number and the offset in it. */
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

  text(slab: number, offset: number, length: number): string {
    return (this.#slabs[slab] as Buffer).toString('utf8', offset, offset + length);
  }
}

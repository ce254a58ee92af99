/** Holds the raw bytes of all patches in slabs, so that growing never copies what is there. */
export class Arena {
  static readonly SLAB = 4 * 1024 * 1024;
  readonly #slabs: Buffer[] = [];
  #used = 0;

  /** @returns the slab's number and the offset in it where the bytes now lie. */
  store(bytes: Uint8Array, start: number, end: number): { slab: number; offset: number } {
    const length = end - start;
    let slab = this.#slabs.at(-1);
    if (slab === undefined || this.#used + length > slab.length) {
      slab = Buffer.allocUnsafeSlow(Math.max(length, Arena.SLAB));
      this.#slabs.push(slab);
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

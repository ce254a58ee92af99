/** Takes the slabs for which there is no room in memory. */
export interface SlabFile {
  /** @returns where the slab begins; undefined when it cannot be kept, and stays in memory. */
  append(slab: Buffer): number | undefined;
  read(start: number, length: number): Buffer;
}

export interface SlabLimits {
  /** Bytes that stay in memory. */
  readonly memory: number;
  readonly file: SlabFile;
}

/** How many slabs of the file are in memory, too: those that were read last. */
const RECENT = 8;

/** Bytes in slabs of a fixed size, so that growing never copies. The oldest slabs beyond a limit are set aside in a file. */
export class Slabs {
  static readonly SIZE = 4 * 1024 * 1024;
  /** The size of all slabs in memory, including unused room. */
  bytes = 0;
  /** The size of the slabs in the file. */
  setAside = 0;
  /** A slab in memory, or where it begins in the file, and its length. */
  readonly #slabs: (Buffer | readonly [start: number, length: number])[] = [];
  readonly #recent = new Map<number, Buffer>();
  readonly #limits: SlabLimits | undefined;
  /** The slabs before it are in the file. */
  #firstInMemory = 0;
  #used = 0;

  /** @param limits without them, everything stays in memory. */
  constructor(limits?: SlabLimits) {
    this.#limits = limits;
  }

  /** Copies bytes [start, end). @returns the slab's number and the offset in it. */
  store(bytes: Uint8Array, start: number, end: number): { slab: number; offset: number } {
    const length = end - start;
    let slab = this.#slabs.at(-1);
    if (!Buffer.isBuffer(slab) || this.#used + length > slab.length) {
      slab = Buffer.allocUnsafeSlow(Math.max(length, Slabs.SIZE));
      this.#makeRoom(slab.length);
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
    return this.#part(slab, offset, length).includes(bytes);
  }

  text(slab: number, offset: number, length: number): string {
    return this.#part(slab, offset, length).toString('utf8');
  }

  #part(number: number, offset: number, length: number): Buffer {
    const slab = this.#slabs[number] as Buffer | readonly [number, number];
    if (Buffer.isBuffer(slab)) return slab.subarray(offset, offset + length);
    const { file } = this.#limits as SlabLimits;
    const [start, size] = slab;
    // A longer one holds a single value.
    if (size > Slabs.SIZE) return file.read(start + offset, length);
    const read = this.#recent.get(number) ?? file.read(start, size);
    this.#recent.delete(number);
    this.#recent.set(number, read);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > RECENT) this.#recent.delete(oldest as number);
    return read.subarray(offset, offset + length);
  }

  #makeRoom(length: number): void {
    while (this.#limits !== undefined && this.#firstInMemory < this.#slabs.length && this.bytes + length > this.#limits.memory) {
      const slab = this.#slabs[this.#firstInMemory] as Buffer;
      const start = this.#limits.file.append(slab);
      if (start === undefined) return;
      this.#slabs[this.#firstInMemory++] = [start, slab.length];
      this.bytes -= slab.length;
      this.setAside += slab.length;
    }
  }
}

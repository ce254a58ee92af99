/** What takes part in the budget: a history that is held in memory. */
export interface MemoryHolder {
  /** Bytes of what cannot be given up without reading the log again. */
  readonly indexBytes: number;
  /** Bytes of keyframes, which can be made again from the index. */
  readonly keyframeBytes: number;
  giveUpKeyframes(): void;
  /** The history is let go; it is read again when somebody asks for it. */
  letGo(): void;
}

/**
 * All histories of the engine together, in bytes as they are estimated. What the process holds beside them, and what the
 * allocator keeps, comes on top: measured with four histories of a million events (docs/performance.md).
 */
const LIMIT = 420 * 1024 * 1024;

/**
 * One limit for the memory of all open histories. Above it the least recently used one gives up its keyframes; when none
 * has any left, the least recently used ones are let go. The one used last keeps everything.
 */
export class MemoryBudget {
  readonly #limit: number;
  /** Least recently used first. */
  readonly #holders = new Set<MemoryHolder>();

  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  get used(): number {
    return [...this.#holders].reduce((sum, { indexBytes, keyframeBytes }) => sum + indexBytes + keyframeBytes, 0);
  }

  /** Somebody looks at it now. */
  touch(holder: MemoryHolder): void {
    this.#holders.delete(holder);
    this.#holders.add(holder);
  }

  remove(holder: MemoryHolder): void {
    this.#holders.delete(holder);
  }

  enforce(): void {
    let over = this.used - this.#limit;
    const others = [...this.#holders].slice(0, -1);
    for (const holder of others) {
      if (over <= 0) return;
      over -= holder.keyframeBytes;
      holder.giveUpKeyframes();
    }
    for (const holder of others) {
      if (over <= 0) return;
      over -= holder.indexBytes;
      this.#holders.delete(holder);
      holder.letGo();
    }
  }
}

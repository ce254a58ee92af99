/** A history in memory that takes part in the budget. */
export interface MemoryHolder {
  /** Bytes that can be restored only by reading the log again. */
  readonly indexBytes: number;
  /** Bytes of keyframes, which can be restored from the index. */
  readonly keyframeBytes: number;
  /** Whether it is being indexed or requests wait for it: then dropping what it has would only make it start again. */
  readonly isBusy: boolean;
  /** Drops every second keyframe: seeks take twice as long. */
  thinKeyframes(): void;
  dropKeyframes(): void;
  /** Drops the whole history. The next request for it reads the log again. */
  close(): void;
}

/** Both in bytes, of all histories of the engine. */
export interface MemoryLimits {
  /** The rest of the process and what the allocator keeps come on top. */
  readonly estimated: number;
  /** The heap after a full collection, because estimates are too low for states of many small numbers. */
  readonly measured: number;
}

/** They keep the process below 700 MB, measured with four histories of a million events (docs/performance.md). */
const LIMITS: MemoryLimits = { estimated: 360 * 1024 * 1024, measured: 500 * 1024 * 1024 };
/** Bytes. Keyframes of less than this are not thinned: it would free little, and every seek would pay. */
const THINNED = 8 * 1024 * 1024;

/**
 * One limit for the memory of all open histories. Above it, histories thin their keyframes, the least recently used first; if
 * that is not enough, they drop them, and then they are closed, in the same order. The one used last keeps everything, unless
 * it alone fills the heap; one that somebody waits for is only thinned.
 */
export class MemoryBudget {
  readonly #limits: MemoryLimits;
  /** Least recently used first. */
  readonly #holders = new Set<MemoryHolder>();

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /** Bytes of all histories, estimated. */
  get used(): number {
    return [...this.#holders].reduce((sum, { indexBytes, keyframeBytes }) => sum + indexBytes + keyframeBytes, 0);
  }

  /** Makes the holder the most recently used one. */
  touch(holder: MemoryHolder): void {
    this.#holders.delete(holder);
    this.#holders.add(holder);
  }

  remove(holder: MemoryHolder): void {
    this.#holders.delete(holder);
  }

  /** Drops as much as is needed to bring the estimate below its limit. */
  enforce(): void {
    for (let used = this.used; used > this.#limits.estimated; used = this.used) if (!this.#drop()) return;
  }

  /**
   * Drops one thing if the heap is above its limit. How much that brings is known only after the next collection.
   *
   * @param heap bytes after a full collection.
   */
  heapMeasured(heap: number): void {
    if (heap <= this.#limits.measured || this.#drop()) return;
    const [last] = [...this.#holders].slice(-1);
    if (last !== undefined && last.keyframeBytes > THINNED) last.thinKeyframes();
  }

  /** Drops the next thing of the histories that were not used last. @returns whether there was one. */
  #drop(): boolean {
    const others = [...this.#holders].slice(0, -1);
    const dense = others.find(({ keyframeBytes }) => keyframeBytes > THINNED);
    if (dense !== undefined) {
      dense.thinKeyframes();
      return true;
    }
    const idle = others.filter(({ isBusy }) => !isBusy);
    const thin = idle.find(({ keyframeBytes }) => keyframeBytes > 0);
    if (thin !== undefined) {
      thin.dropKeyframes();
      return true;
    }
    const [first] = idle;
    if (first === undefined) return false;
    this.#holders.delete(first);
    first.close();
    return true;
  }
}

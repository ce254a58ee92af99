import type { Pointer } from '../json/pointer.ts';

/** Of how many paths it is known; more than are on screen at a time. */
const MAX_PATHS = 500;

/** Patches in which a value changes once, at the beginning. They never change, because logs only grow. */
interface Stretch {
  /** The patch that changes the value; -1 when none up to `end` does. */
  readonly index: number;
  /** The first patch behind it of which it is not known whether it changes the value. */
  readonly end: number;
}

/** The last changes of values that have been looked for, so that a step of the cursor need not look through the whole log again. */
export class KnownChanges {
  readonly #stretches = new Map<Pointer, Stretch>();

  /** What is known of a path, if it says something about the first `count` patches. */
  get(path: Pointer, count: number): Stretch | undefined {
    const known = this.#stretches.get(path);
    return known !== undefined && known.index < count ? known : undefined;
  }

  /** Remembers that among the first `count` patches, the last one that changes the value is `index`; -1 for none. */
  add(path: Pointer, index: number, count: number): void {
    const known = this.#stretches.get(path);
    const end = known?.index === index ? Math.max(known.end, count) : count;
    this.#stretches.delete(path);
    this.#stretches.set(path, { index, end });
    if (this.#stretches.size <= MAX_PATHS) return;
    const [oldest] = this.#stretches.keys();
    if (oldest !== undefined) this.#stretches.delete(oldest);
  }
}

import type { Effect } from '../jamjet/kinds.ts';
import { Column } from './column.ts';

/** The events that affect the status, so that it can be looked up at any position, also from another base. */
export class StatusLog {
  readonly #positions = new Column(new Uint32Array(16));
  readonly #effects: Effect[] = [];
  readonly #after: string[] = [];

  get bytes(): number {
    // One pointer in each of the two arrays; the values that they point to are shared.
    return this.#positions.bytes + 16 * this.#positions.length;
  }

  append(position: number, effect: Effect): void {
    this.#after.push(applyStatus(this.#after.at(-1) ?? 'pending', effect));
    this.#effects.push(effect);
    this.#positions.push(position);
  }

  at(position: number): string {
    return this.#after[this.#positions.countUpTo(position) - 1] ?? 'pending';
  }

  /** The status after `position` when it is `base` after position `after`. */
  from(base: string, after: number, position: number): string {
    let status = base;
    for (let i = this.#positions.countUpTo(after); i < this.#positions.length && this.#positions.at(i) <= position; i++) {
      status = applyStatus(status, this.#effects[i] as Effect);
    }
    return status;
  }
}

function applyStatus(status: string, effect: Effect): string {
  if (effect.pauses) return status === 'running' ? 'paused' : status;
  return effect.status ?? status;
}

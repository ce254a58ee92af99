import type { Effect } from '../jamjet/kinds.ts';
import { Column } from './column.ts';

/** The events that touch the status, so that it can be looked up at any row, also from another base. */
export class StatusLog {
  readonly #rows = new Column(new Uint32Array(16));
  readonly #effects: Effect[] = [];
  readonly #after: string[] = [];

  append(row: number, effect: Effect): void {
    this.#after.push(applyStatus(this.#after.at(-1) ?? 'pending', effect));
    this.#effects.push(effect);
    this.#rows.push(row);
  }

  at(row: number): string {
    return this.#after[this.#rows.countUpTo(row) - 1] ?? 'pending';
  }

  /** The status at `row` for one who starts with `base` after row `after`. */
  from(base: string, after: number, row: number): string {
    let status = base;
    for (let i = this.#rows.countUpTo(after); i < this.#rows.length && this.#rows.at(i) <= row; i++) {
      status = applyStatus(status, this.#effects[i] as Effect);
    }
    return status;
  }
}

function applyStatus(status: string, effect: Effect): string {
  if (effect.pauses) return status === 'running' ? 'paused' : status;
  return effect.status ?? status;
}

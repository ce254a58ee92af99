import type { Value } from './inlined.ts';

/** The values of a statement that is being put together. */
export class Values {
  readonly list: Value[] = [];

  /** @returns what stands for the value in the statement. */
  add(value: Value): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

import { statSync } from 'node:fs';

/**
 * The stores of this process on one file take turns to write, because a transaction lasts across awaits, and no other handle
 * can write until it ends. Other programs are waited for by trying again (see `patience.ts`).
 */
export class WriteTurns {
  /** Settles when the present turn ends; undefined when anyone may write. */
  #end: Promise<unknown> | undefined;

  get end(): Promise<unknown> | undefined {
    return this.#end;
  }

  /** Begins a turn; must be called while there is none. Those who wait for its end get their turns in the order in which they came. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    const end = running
      .catch(() => {})
      .then(() => {
        this.#end = undefined;
      });
    this.#end = end;
    await end;
    return running;
  }
}

const open = new Map<string, { readonly turns: WriteTurns; handles: number }>();

/** The turns of an open file, whatever name it was opened by. @returns also what must be called when the handle is closed. */
export function joinTurns(path: string): { readonly turns: WriteTurns; readonly leave: () => void } {
  if (path === ':memory:') return { turns: new WriteTurns(), leave: () => {} };
  const { dev, ino } = statSync(path, { bigint: true });
  const identity = `${dev}:${ino}`;
  const file = open.get(identity) ?? { turns: new WriteTurns(), handles: 0 };
  open.set(identity, file);
  file.handles++;
  const leave = (): void => {
    if (--file.handles === 0) open.delete(identity);
  };
  return { turns: file.turns, leave };
}

import { setImmediate } from 'node:timers/promises';
import type { Query, SqlRow, SqlValue } from './connection.ts';
import { retryingWhileBusy } from './guarded.ts';

/** How long one turn should take, in milliseconds. */
const TURN = 4;
const STEPS = { first: 500, min: 50, max: 20_000 } as const;

/** A part of a WHERE clause, and the values for its question marks. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/**
 * Reads all executions in short turns, by ranges of their rowids, with other work in between: one statement over all of them
 * would keep the engine's thread for as long as there are many.
 *
 * @param rowid undefined for a table without rowids, which is read in one turn.
 * @param read reads the executions (of the alias `x`) in a range.
 */
export async function* inTurns<Row extends SqlRow>(
  all: Query,
  rowid: string | undefined,
  read: (range: readonly Condition[]) => Row[],
  signal?: AbortSignal,
): AsyncGenerator<Row[]> {
  if (rowid === undefined) return yield await retryingWhileBusy(() => read([]), signal);
  let step: number = STEPS.first;
  for (let after: SqlValue | undefined; ; ) {
    const begun = performance.now();
    const start: Condition[] = after === undefined ? [] : [{ sql: `x.${rowid} > ?`, params: [after] }];
    const { end, rows } = await retryingWhileBusy(() => {
      const where = start.map(({ sql }) => `WHERE ${sql}`).join('');
      const [last] = all(
        `SELECT x.${rowid} FROM workflow_executions AS x ${where} ORDER BY x.${rowid} LIMIT 1 OFFSET ?`,
        ...(start[0]?.params ?? []),
        step - 1,
      );
      const to = last?.[0] as SqlValue | undefined;
      return { end: to, rows: read(to === undefined ? start : [...start, { sql: `x.${rowid} <= ?`, params: [to] }]) };
    }, signal);
    yield rows;
    // With what was done with the rows.
    const took = performance.now() - begun;
    if (end === undefined) return;
    after = end;
    step = Math.round(Math.max(STEPS.min, Math.min(STEPS.max, step * 2, (step * TURN) / took)));
    await setImmediate();
    signal?.throwIfAborted();
  }
}

/** Merges sorted lists into one, in short turns. */
export async function mergeInTurns<T>(lists: readonly (readonly T[])[], compare: (a: T, b: T) => number, signal?: AbortSignal): Promise<readonly T[]> {
  await setImmediate();
  let begun = performance.now();
  let steps = 0;
  let left = lists;
  while (left.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < left.length; i += 2) {
      const [a, b] = [left[i] as readonly T[], left[i + 1] ?? []];
      const both: T[] = [];
      for (let at = 0, bt = 0; at < a.length || bt < b.length; ) {
        const takesA = bt === b.length || (at < a.length && compare(a[at] as T, b[bt] as T) <= 0);
        both.push((takesA ? a[at++] : b[bt++]) as T);
        if (++steps % 512 === 0 && performance.now() - begun > TURN) {
          await setImmediate();
          signal?.throwIfAborted();
          begun = performance.now();
        }
      }
      merged.push(both);
    }
    left = merged;
  }
  await setImmediate();
  return left[0] ?? [];
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../core/jamjet/event.ts';
import { childPointer, valueAt } from '../../core/json/pointer.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { equalJson, isArray, isObject, type Json } from '../../core/json/value.ts';
import { blameAt, blameHistory, nearestChange } from '../../core/replay/blame.ts';
import { applyEvent, type Materialized, origin } from '../../core/replay/fold.ts';
import { historyOf } from '../support/history.ts';
import { type HostileHistory, hostileHistory, SEED } from '../support/hostile.ts';

interface Change {
  readonly row: number;
  readonly old: Json | undefined;
  readonly new: Json | undefined;
}

/** Every state, and what changed at a path from one to the next: the plainest way there is. */
function bruteForce({ events }: HostileHistory, states: readonly Json[], path: string): Change[] {
  const values = states.map((state) => valueAt(state, path));
  const changes: Change[] = values[0] === undefined ? [] : [{ row: -1, old: undefined, new: values[0] }];
  events.forEach((_, row) => {
    const old = values[row];
    const value = values[row + 1];
    const equal = old === value || (old !== undefined && value !== undefined && equalJson(old, value));
    if (!equal) changes.push({ row, old, new: value });
  });
  return changes;
}

function pathsOf(value: Json, path = ''): string[] {
  const below = isObject(value)
    ? [...value].flatMap(([key, member]) => pathsOf(member, childPointer(path, key)))
    : isArray(value)
      ? value.flatMap((item, i) => pathsOf(item, childPointer(path, i)))
      : [];
  return [path, ...below];
}

const text = (value: Json | undefined): string | undefined => (value === undefined ? undefined : canonicalJson(value));

describe('blame', () => {
  it('names every change of every path as brute force does, also where paths are gone', () => {
    fc.assert(
      fc.property(hostileHistory, fc.constantFrom(1, 7, 1000), fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (hostile, chunkSize, picks) => {
        const history = historyOf(hostile, chunkSize);
        const folded: Materialized[] = [origin(hostile.initialInput)];
        for (const { sequence, text: stored } of hostile.events) {
          const reading = readEvent(stored);
          folded.push(applyEvent(folded.at(-1) as Materialized, sequence, reading.ok ? reading.event : undefined));
        }
        const states = folded.map(({ currentState }) => currentState);
        const known = [...new Set(states.flatMap((state) => pathsOf(state)))];
        const paths = ['', '/nobody', '/nobody/0', ...picks.map((pick) => known[pick % known.length] as string)];
        for (const path of paths) {
          const changes = bruteForce(hostile, states, path);
          const rowOf = (sequence: number, kind: unknown): number => (kind === undefined && sequence === 0 ? -1 : history.rowAt(sequence));
          const all = blameHistory(history, path, history.count - 1);
          expect(all.map((blame) => [path, rowOf(blame.sequence, blame.kind), text(blame.old), text(blame.new)])).toEqual(
            changes.map((change) => [path, change.row, text(change.old), text(change.new)]),
          );
          for (const row of picks.map((pick) => (pick % (history.count + 1)) - 1)) {
            const last = changes.findLast((change) => change.row <= row);
            const blame = blameAt(history, path, row);
            expect([path, row, blame && rowOf(blame.sequence, blame.kind), text(blame?.new)]).toEqual([path, row, last?.row, text(last?.new)]);
            expect(nearestChange(history, path, row, 1)).toBe(changes.find((change) => change.row > row)?.row);
            expect(nearestChange(history, path, row, -1)).toBe(changes.findLast((change) => change.row < row && change.row >= 0)?.row);
          }
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});

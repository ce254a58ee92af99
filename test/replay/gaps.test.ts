import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timelineView } from '../../core/debugger/timeline.ts';
import { Column } from '../../core/replay/column.ts';
import { finish } from '../../core/replay/steps.ts';
import { countCalls } from '../support/counting.ts';
import { executionOf, historyOf } from '../support/history.ts';
import { hostileHistory, SEED } from '../support/hostile.ts';

const EVENTS = 3000;

describe('gaps', () => {
  it('E15: are drawn beyond the first thousand findings, and all are counted', async () => {
    const events = Array.from({ length: EVENTS }, (_, i) => ({ sequence: 2 * (i + 1), text: '{"type":"node_started","node_id":"n"}' }));
    const execution = await executionOf({ initialInput: new Map(), events, snapshots: [] });
    const { findings, findingCount } = execution.history;
    expect([findings.length, findingCount]).toEqual([1000, EVENTS]);
    expect(finish(timelineView(execution, { from: 5991, to: 6000, columns: 100, axis: 'sequence', lanes: { from: 0, count: 50 } })).gaps).toEqual(
      [5991, 5993, 5995, 5997, 5999].map((missing) => [missing, missing]),
    );
    const { gaps } = finish(timelineView(execution, { from: 1, to: 2 * EVENTS, columns: 100, axis: 'sequence', lanes: { from: 0, count: 50 } }));
    expect(gaps.length).toBe(100);
    for (const [column, [from, to]] of gaps.entries()) expect([from, to]).toEqual([column * 60 + 1, column * 60 + 59]);
    const reads = countCalls(Column.prototype, 'at', () => execution.history.gaps.in(5991, 6000));
    expect(reads).toBe(10);
  });

  it('F20: are the same as brute force finds, in any range', () => {
    fc.assert(
      fc.property(hostileHistory, fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 200 }))), (hostile, ranges) => {
        const { gaps } = historyOf(hostile, 7);
        const all = hostile.events.flatMap(({ sequence }, i) => {
          const before = hostile.events[i - 1]?.sequence ?? 0;
          return sequence > before + 1 ? [[before + 1, sequence - 1] as const] : [];
        });
        for (const [a, b] of ranges) {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const touched = all.filter(([start, end]) => start <= to && end >= from);
          expect(gaps.in(from, to)).toEqual(touched);
          expect(gaps.countIn(from, to)).toBe(touched.length);
          const missing = touched
            .flatMap(([start, end]) => Array.from({ length: end - start + 1 }, (_, i) => start + i))
            .filter((at) => at >= from && at <= to);
          expect(gaps.hullIn(from, to)).toEqual(missing.length === 0 ? undefined : [missing[0], missing.at(-1)]);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

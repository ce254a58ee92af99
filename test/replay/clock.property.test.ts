import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesByColumn, timelineView } from '../../core/debugger/timeline.ts';
import { columnAxis } from '../../core/debugger/timeline-axis.ts';
import { Clock } from '../../core/replay/clock.ts';
import { History } from '../../core/replay/history.ts';
import { finish } from '../../core/replay/steps.ts';
import { WaitPosting } from '../../core/replay/wait-posting.ts';
import { ChunkBuilder } from '../../core/source/chunk-builder.ts';
import { executionOf } from '../support/history.ts';
import { SEED } from '../support/hostile.ts';

/** Times as steps: mostly short, some long, backwards, or unreadable. */
const times = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 50 }) }, fc.integer({ min: -5000, max: 5_000_000 }), fc.constant(Number.NaN)), {
    maxLength: 300,
    size: 'max',
  })
  .map((steps) => {
    let now = Date.parse('2026-06-01T12:00:00Z');
    return steps.map((step) => {
      if (Number.isFinite(step)) now += step;
      return Number.isFinite(step) ? now : Number.NaN;
    });
  });

/** The time that has passed at each event, event by event. */
function passed(stored: readonly number[]): number[] {
  let [now, last] = [0, undefined as number | undefined];
  return stored.map((time) => {
    if (!Number.isFinite(time)) return now;
    now += Math.max(0, time - (last ?? time));
    last = time;
    return now;
  });
}

function clockOf(stored: readonly number[]): Clock {
  const clock = new Clock((position) => stored[position] as number);
  for (const time of stored) clock.append(time);
  return clock;
}

function historyAt(stored: readonly number[]): History {
  const chunk = new ChunkBuilder();
  for (const [i, time] of stored.entries()) {
    const at = Number.isFinite(time) ? new Date(time).toISOString() : 'never';
    chunk.add(i + 1, at, new TextEncoder().encode(`{"type":"node_started","node_id":"n${i % 3}","worker_id":"w","attempt":0}`));
  }
  const history = new History(null);
  history.append(chunk.build());
  return history;
}

it('S6: the clock passes as brute force finds, and finds all pauses and jumps', () => {
  fc.assert(
    fc.property(times, fc.nat({ max: 6000 }), fc.nat({ max: 300 }), fc.nat({ max: 300 }), (stored, minimum, a, b) => {
      const clock = clockOf(stored);
      const expected = passed(stored);
      expect(stored.map((_, position) => clock.at(position))).toEqual(expected);
      const [from, to] = [Math.min(a, b), Math.min(Math.max(a, b), stored.length - 1)];
      const steps = expected.map((at, i) => (i === 0 ? 0 : at - (expected[i - 1] as number)));
      const positions = stored.map((_, position) => position).filter((position) => position >= from && position <= to);
      expect(clock.pauses(from, to, minimum)).toEqual(positions.filter((position) => (steps[position] as number) >= minimum));
      const before = (position: number): number => stored.slice(0, position).findLast(Number.isFinite) ?? Number.POSITIVE_INFINITY;
      const back = positions
        .filter((position) => (stored[position] as number) < before(position))
        .map((position) => ({ position, milliseconds: before(position) - (stored[position] as number) }));
      const late = back.filter(({ position }) => Number.isFinite(before(position)));
      expect(clock.jumps(from, to, 1, 1000)).toEqual(late);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

it('S6: on an axis of time every event is in one column, in order, and long pauses take little room', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 100, max: 1200 }), fc.nat({ max: 300 }), fc.nat({ max: 300 }), (stored, columns, a, b) => {
      const history = historyAt(stored);
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const part = { from, to, columns, axis: 'time' } as const;
      const { edges, time, pauses } = finish(columnAxis(history, part));
      const [first, last] = [history.positionAt(from - 1) + 1, history.positionAt(to)];
      expect([edges[0], edges.at(-1)]).toEqual([first, last + 1]);
      expect(edges.every((edge, i) => i === 0 || edge >= (edges[i - 1] as number))).toBe(true);
      if (time === null) {
        expect(last).toBeLessThan(first);
        return;
      }
      for (const { after, before } of pauses) {
        const columnOf = (sequence: number): number => time.edges.findLastIndex((edge) => edge <= sequence);
        expect(columnOf(before) - columnOf(after)).toBeLessThanOrEqual(29);
      }
      const all = Uint32Array.from({ length: history.count }, (_, position) => position);
      expect(finish(matchesByColumn(history, part, all)).reduce((sum, count) => sum + count, 0)).toBe(last - first + 1);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

it('S6: a pause is much longer than what is usual in the log, and the longest ones come first', () => {
  const hour = 3_600_000;
  const steps = [...new Array(40).fill(3000), 3 * hour, ...new Array(40).fill(10), 200_000, ...new Array(40).fill(3000)];
  let now = 0;
  const history = historyAt(steps.map((step) => (now += step)));
  const shown = (columns: number): number[] =>
    finish(columnAxis(history, { from: 0, to: 200, columns, axis: 'sequence' })).pauses.map(({ milliseconds }) => milliseconds);
  expect(shown(1000)).toEqual([3 * hour, 200_000]);
  expect(shown(64)).toEqual([3 * hour]);
  expect(finish(columnAxis(historyAt(new Array(50).fill(0).map((_, i) => i * hour)), { from: 0, to: 50, columns: 1000, axis: 'sequence' })).pauses).toEqual([]);
});

it('S6: waits are found as they were recorded, also by columns', () => {
  const kinds = fc.array(fc.constantFrom('nothing', 'time', 'person'), { maxLength: 60 });
  fc.assert(
    fc.property(kinds, fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.integer({ min: 1, max: 8 }), (list, a, b, columns) => {
      const posting = new WaitPosting();
      for (const [position, waits] of list.entries()) posting.append(position, waits);
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      // Between two positions a node waits for what the first one says.
      const shown = posting.waits(from, to);
      for (let position = from; position < Math.min(to, list.length - 1); position++) {
        const wait = shown.find(({ start, end }) => start <= position && end > position);
        expect(wait?.waitsFor ?? 'nothing').toBe(list[position]);
      }
      const edges = Uint32Array.from({ length: columns + 1 }, (_, column) => Math.floor((column * list.length) / columns));
      const byColumn = posting.waitsByColumn(edges);
      for (let column = 0; column < columns; column++) {
        const [start, end] = [edges[column] as number, edges[column + 1] as number];
        const waiting = list.slice(start, end).some((waits) => waits !== 'nothing');
        if (!waiting && end > start && (start === 0 || list[start - 1] === 'nothing')) expect(byColumn.some((wait) => wait.start === start)).toBe(false);
        if (end > start && list[end - 1] !== 'nothing') expect(byColumn.some((wait) => wait.start === start)).toBe(true);
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

it('S6: a node waits from the request of an approval to the decision, and from a retry to the next attempt', async () => {
  const kinds = [
    '{"type":"node_started","node_id":"pay","worker_id":"w","attempt":0}',
    '{"type":"tool_approval_required","node_id":"pay","tool_name":"t","approver":"kim","context":{}}',
    '{"type":"approval_received","node_id":"pay","user_id":"kim","decision":"approved","comment":null,"state_patch":null}',
    '{"type":"node_failed","node_id":"pay","error":"e","attempt":0,"retryable":true}',
    '{"type":"retry_scheduled","node_id":"pay","attempt":1,"delay_ms":5}',
    '{"type":"node_started","node_id":"pay","worker_id":"w","attempt":1}',
    '{"type":"node_cancelled","node_id":"pay"}',
  ];
  const execution = await executionOf({ initialInput: new Map(), events: kinds.map((text, i) => ({ sequence: i + 1, text })), snapshots: [] });
  const [lane] = finish(timelineView(execution, { from: 0, to: 7, columns: 700, axis: 'sequence', lanes: { from: 0, count: 9 } })).lanes;
  expect(lane?.waits).toEqual([
    { from: 2, to: 3, waitsFor: 'person' },
    { from: 5, to: 6, waitsFor: 'time' },
  ]);
  expect(lane?.stretches.map(({ outcome }) => outcome)).toEqual(['failed', 'stopped']);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timelineView } from '../../core/debugger/timeline.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { CATEGORIES } from '../../core/jamjet/kinds.ts';
import { Column } from '../../core/replay/column.ts';
import { finish } from '../../core/replay/steps.ts';
import { executionOf, historyOf } from '../support/history.ts';
import { type HostileHistory, hostileHistory, SEED } from '../support/hostile.ts';

const ALL_LANES = { from: 0, count: 500 };
const cutLists = fc.array(fc.nat({ max: 60 }), { minLength: 2, maxLength: 12 });

it('the columns of a timeline show the stretches of every node and count every event', () => {
  fc.assert(
    fc.property(hostileHistory, cutLists, (hostile, cuts) => {
      const history = historyOf(hostile, 7);
      const edges = Uint32Array.from(cuts.map((cut) => cut % (history.count + 1)).sort((a, b) => a - b));
      const totals = Array.from(edges, (edge) => {
        const counts = new Float64Array(CATEGORIES.length);
        return { bytes: history.totalsBefore(edge, counts), counts: [...counts] };
      });
      edges.forEach((edge, i) => {
        const positions = Array.from({ length: edge }, (_, position) => position);
        expect(totals[i]?.counts).toEqual(CATEGORIES.map((category) => positions.filter((position) => history.categoryOf(position) === category).length));
        expect(totals[i]?.bytes).toBe(positions.reduce((sum, position) => sum + history.sizeOf(position), 0));
      });
      history.nodeNames.forEach((_, node) => {
        const stretches = history.nodes.stretches(node, 0, history.count - 1);
        const expected = Array.from(edges.slice(1), (end, column) => {
          const start = edges[column] as number;
          const ended = stretches.filter((stretch) => stretch.outcome !== 'open' && stretch.end >= start && stretch.end < end).map(({ outcome }) => outcome);
          const around = stretches.find((stretch) => stretch.start < end && stretch.end >= start);
          if (ended.includes('failed')) return 'failed';
          return ended.includes('completed') ? 'completed' : end > start ? around?.outcome : undefined;
        });
        const shown = history.nodes
          .outcomes(node, edges)
          .map((outcome, column) => ((edges[column + 1] as number) > (edges[column] as number) ? outcome : undefined));
        expect(shown).toEqual(expected);
      });
    }),
    { seed: SEED, numRuns: 500 },
  );
});

/** A node's stretches, computed event by event. */
function workOf({ events }: HostileHistory, node: string): { start: number; end: number; outcome: string }[] {
  const work: { start: number; end: number; outcome: string }[] = [];
  let start: number | undefined;
  events.forEach(({ text }, position) => {
    const reading = readEvent(text);
    if (!reading.ok || reading.event.nodeId !== node || reading.event.kind.effect.node === undefined) return;
    const { category, effect } = reading.event.kind;
    start ??= position;
    if (effect.node === 'activates') return;
    work.push({ start, end: position, outcome: effect.node === 'completes' ? 'completed' : category === 'failure' ? 'failed' : 'waiting' });
    start = undefined;
  });
  return start === undefined ? work : [...work, { start, end: Number.POSITIVE_INFINITY, outcome: 'open' }];
}

it('a lane shows the same as brute force finds, in any range', async () => {
  await fc.assert(
    fc.asyncProperty(hostileHistory, fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }))), async (hostile, ranges) => {
      const execution = await executionOf(hostile);
      const { history } = execution;
      for (const [a, b] of ranges) {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const [first, last] = [history.positionAt(from - 1) + 1, history.positionAt(to)];
        const { lanes } = finish(timelineView(execution, { from, to, columns: 200, lanes: ALL_LANES }));
        expect(lanes.map(({ node }) => node)).toEqual(history.nodeNames);
        lanes.forEach(({ node, stretches }, number) => {
          const work = workOf(hostile, node).filter(({ start, end }) => start <= last && end >= first);
          const shown = work.map(({ start, end, outcome }) => ({ start, end: outcome === 'open' ? last : end, outcome }));
          expect(history.nodes.stretches(number, first, last)).toEqual(shown);
          const sequences = shown.map(({ start, end, outcome }) => ({ from: history.sequenceOf(start), to: history.sequenceOf(end), outcome }));
          expect(stretches).toEqual(sequences);
        });
        // With more events than three columns can show, each prefers a failure to a completion, and that to anything else.
        const columns = 3;
        const edges = Array.from({ length: columns + 1 }, (_, column) => history.positionAt(from + Math.ceil((column * (to - from + 1)) / columns) - 1) + 1);
        finish(timelineView(execution, { from, to, columns, lanes: ALL_LANES })).lanes.forEach(({ node, stretches }, number) => {
          if (history.nodes.countIn(number, first, last) <= 2 * columns) return;
          for (let column = 0; column < columns; column++) {
            const [start, end] = [edges[column] as number, edges[column + 1] as number];
            if (start >= end) continue;
            const work = workOf(hostile, node).filter((stretch) => stretch.start < end && stretch.end >= start);
            const ended = work.filter((stretch) => stretch.end < end).map(({ outcome }) => outcome);
            const expected = ['failed', 'completed'].find((outcome) => ended.includes(outcome)) ?? work[0]?.outcome;
            const at = history.sequenceOf(start);
            expect(stretches.find((stretch) => stretch.from <= at && stretch.to >= at)?.outcome).toBe(expected);
          }
        });
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

it('a search in a column that continues from the previous result finds the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 200, size: 'max' }), fc.array(fc.nat({ max: 310 })), (values, searched) => {
      const column = new Column(new Uint32Array(1));
      for (const value of values.sort((a, b) => a - b)) column.push(value);
      let known = 0;
      for (const value of searched.sort((a, b) => a - b)) {
        known = column.countUpTo(value, known);
        expect(known).toBe(values.filter((candidate) => candidate <= value).length);
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

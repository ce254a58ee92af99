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
        const inColumn = (column: number) => {
          const [start, end] = [edges[column] as number, edges[column + 1] as number];
          const ended = stretches.filter((stretch) => stretch.outcome !== 'open' && stretch.end >= start && stretch.end < end);
          const counts = ['completed', 'failed', 'stopped'].map((outcome) => ended.filter((stretch) => stretch.outcome === outcome).length);
          return [...counts, stretches.some((stretch) => stretch.start < end && stretch.end >= start) ? 1 : 0];
        };
        const shares = history.nodes.shares(node, edges);
        if (shares === undefined) return expect(stretches).toEqual([]);
        for (let column = 0; column + 1 < edges.length; column++) {
          if (edges[column] === edges[column + 1]) continue;
          expect([shares.completed, shares.failed, shares.stopped, shares.busy].map((counts) => counts[column])).toEqual(inColumn(column));
        }
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
    work.push({ start, end: position, outcome: effect.node === 'completes' ? 'completed' : category === 'failure' ? 'failed' : 'stopped' });
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
        const { lanes } = finish(timelineView(execution, { from, to, columns: 200, axis: 'sequence', lanes: ALL_LANES }));
        expect(lanes.map(({ name }) => name)).toEqual(history.nodeNames);
        lanes.forEach(({ name: node, stretches }, number) => {
          const work = workOf(hostile, node).filter(({ start, end }) => start <= last && end >= first);
          const shown = work.map(({ start, end, outcome }) => ({ start, end: outcome === 'open' ? last : end, outcome }));
          expect(history.nodes.stretches(number, first, last)).toEqual(shown);
          const sequences = shown.map(({ start, end, outcome }) => ({ from: history.sequenceOf(start), to: history.sequenceOf(end), outcome }));
          expect(stretches).toEqual(sequences);
        });
        // With more events than three columns can show, each has the numbers of what ended there.
        const columns = 3;
        const edges = Array.from({ length: columns + 1 }, (_, column) => history.positionAt(from + Math.ceil((column * (to - from + 1)) / columns) - 1) + 1);
        finish(timelineView(execution, { from, to, columns, axis: 'sequence', lanes: ALL_LANES })).lanes.forEach(({ name: node, shares }, number) => {
          expect(shares !== null).toBe(history.nodes.countIn(number, first, last) > 2 * columns);
          for (let column = 0; column < columns; column++) {
            const [start, end] = [edges[column] as number, edges[column + 1] as number];
            const failed = workOf(hostile, node).filter((stretch) => stretch.outcome === 'failed' && stretch.end >= start && stretch.end < end).length;
            if (shares !== null) expect(shares.failed[column]).toBe(failed);
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

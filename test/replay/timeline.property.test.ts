import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CATEGORIES } from '../../core/jamjet/kinds.ts';
import { Column } from '../../core/replay/column.ts';
import { historyOf } from '../support/history.ts';
import { hostileHistory, SEED } from '../support/hostile.ts';

const cuts = fc.array(fc.nat({ max: 60 }), { minLength: 2, maxLength: 12 });

it('columns of a timeline show of every node what its stretches say, and count every event', () => {
  fc.assert(
    fc.property(hostileHistory, cuts, (hostile, places) => {
      const history = historyOf(hostile, 7);
      const edges = Uint32Array.from(places.map((place) => place % (history.count + 1)).sort((a, b) => a - b));
      const totals = Array.from(edges, (edge) => {
        const counts = new Float64Array(CATEGORIES.length);
        return { bytes: history.totalsBefore(edge, counts), counts: [...counts] };
      });
      edges.forEach((edge, i) => {
        const rows = Array.from({ length: edge }, (_, row) => row);
        expect(totals[i]?.counts).toEqual(CATEGORIES.map((category) => rows.filter((row) => history.categoryOf(row) === category).length));
        expect(totals[i]?.bytes).toBe(rows.reduce((sum, row) => sum + history.sizeOf(row), 0));
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

it('a search in a column that goes on from the last one finds the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 200, size: 'max' }), fc.array(fc.nat({ max: 310 })), (values, wanted) => {
      const column = new Column(new Uint32Array(1));
      for (const value of values.sort((a, b) => a - b)) column.push(value);
      let known = 0;
      for (const value of wanted.sort((a, b) => a - b)) {
        known = column.countUpTo(value, known);
        expect(known).toBe(values.filter((candidate) => candidate <= value).length);
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

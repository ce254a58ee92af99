import { expect, it } from 'vitest';
import { timelineView } from '../../core/debugger/timeline.ts';
import { Column } from '../../core/replay/column.ts';
import { finish } from '../../core/replay/steps.ts';
import { countCalls } from '../support/counting.ts';
import { executionOf } from '../support/history.ts';

const COLUMNS = 400;
const started = (sequence: number, node: string) => ({ sequence, text: `{"type":"node_started","node_id":"${node}","worker_id":"w","attempt":0}` });

/** How often columns are read or searched. */
function countReads(work: (soFar: () => number) => void): number {
  let searches = 0;
  const reads = countCalls(Column.prototype, 'at', (read) => {
    searches = countCalls(Column.prototype, 'countUpTo', (searched) => work(() => read() + searched()));
  });
  return reads + searches;
}

it('E6: the cost of a lane with starts but no end depends only on its columns, at every zoom', async () => {
  const costs: number[] = [];
  for (const events of [5000, 20_000]) {
    const execution = await executionOf({ initialInput: new Map(), events: Array.from({ length: events }, (_, i) => started(i + 1, 'n')), snapshots: [] });
    for (const to of [events, COLUMNS, 10]) {
      const reads = countReads(() => {
        const { lanes } = finish(timelineView(execution, { from: 1, to, columns: COLUMNS, axis: 'sequence', lanes: { from: 0, count: 10 } }));
        expect(lanes).toEqual([
          {
            lane: 0,
            name: 'n',
            turns: null,
            waits: [],
            ...(events > 2 * COLUMNS && to > 2 * COLUMNS
              ? { stretches: [], shares: expect.anything() }
              : { stretches: [{ from: 1, to, outcome: 'open' }], shares: null }),
          },
        ]);
      });
      costs.push(reads / COLUMNS);
    }
  }
  // This includes the sums of the categories, which are needed for the columns, not for the lane.
  expect(Math.max(...costs)).toBeLessThan(200);
});

it('E6: a step of a timeline makes at most one lane', async () => {
  const nodes = 150;
  const events = Array.from({ length: 6000 }, (_, i) => started(i + 1, `n${i % nodes}`));
  const execution = await executionOf({ initialInput: new Map(), events, snapshots: [] });
  const taken: number[] = [];
  countReads((soFar) => {
    const steps = timelineView(execution, { from: 1, to: events.length, columns: 30, axis: 'sequence', lanes: { from: 0, count: nodes } });
    for (let [done, before] = [false, 0]; !done; before = soFar()) {
      ({ done = false } = steps.next());
      taken.push(soFar() - before);
    }
  });
  expect(taken.length).toBeGreaterThan(nodes);
  // The first step computes the sums of all columns.
  expect(Math.max(...taken.slice(1))).toBeLessThan(30 * 10);
});

it('S4: only the lanes in view are computed, in the order of the first events, wherever the range is', async () => {
  const nodes = 5000;
  const events = Array.from({ length: 2 * nodes }, (_, i) => started(i + 1, `n${i % nodes}`));
  const execution = await executionOf({ initialInput: new Map(), events, snapshots: [] });
  const costs: number[] = [];
  for (const [from, to] of [
    [1, 2 * nodes],
    [3, 20],
    [9000, 9100],
  ] as const) {
    const reads = countReads(() => {
      const view = finish(timelineView(execution, { from, to, columns: COLUMNS, axis: 'sequence', lanes: { from: 4000, count: 32 } }));
      expect(view.lanes.map(({ name }) => name)).toEqual(Array.from({ length: 32 }, (_, i) => `n${4000 + i}`));
      expect([view.firstLane, view.laneCount]).toEqual([4000, nodes]);
    });
    costs.push(reads / COLUMNS);
  }
  expect(Math.max(...costs)).toBeLessThan(200);
  expect(finish(timelineView(execution, { from: 1, to: 9, columns: COLUMNS, axis: 'sequence', lanes: { from: 4990, count: 32 } })).lanes).toHaveLength(10);
});

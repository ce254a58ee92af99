import { expect, it } from 'vitest';
import { timelineView } from '../../core/debugger/timeline.ts';
import { Column } from '../../core/replay/column.ts';
import { finish } from '../../core/replay/steps.ts';
import { countCalls } from '../support/counting.ts';
import { executionOf } from '../support/history.ts';

const COLUMNS = 400;
const started = (sequence: number, node: string) => ({ sequence, text: `{"type":"node_started","node_id":"${node}","worker_id":"w","attempt":0}` });

/** How often a column is looked into. */
function countLooks(work: (soFar: () => number) => void): number {
  let searches = 0;
  const reads = countCalls(Column.prototype, 'at', (read) => {
    searches = countCalls(Column.prototype, 'countUpTo', (searched) => work(() => read() + searched()));
  });
  return reads + searches;
}

it('E6: a lane of starts without an end costs what its columns cost, at every zoom', async () => {
  const costs: number[] = [];
  for (const events of [5000, 20_000]) {
    const execution = await executionOf({ initialInput: new Map(), events: Array.from({ length: events }, (_, i) => started(i + 1, 'n')), snapshots: [] });
    for (const to of [events, COLUMNS, 10]) {
      const looks = countLooks(() => {
        const { lanes } = finish(timelineView(execution, 1, to, COLUMNS));
        expect(lanes).toEqual([{ node: 'n', stretches: [{ from: 1, to, outcome: 'open' }] }]);
      });
      costs.push(looks / COLUMNS);
    }
  }
  // Of the columns, and not of the lane, are the sums of the categories and the rows between two of them.
  expect(Math.max(...costs)).toBeLessThan(200);
});

it('E6: between two steps of a timeline lies one lane at most', async () => {
  const nodes = 150;
  const events = Array.from({ length: 6000 }, (_, i) => started(i + 1, `n${i % nodes}`));
  const execution = await executionOf({ initialInput: new Map(), events, snapshots: [] });
  const taken: number[] = [];
  countLooks((soFar) => {
    const steps = timelineView(execution, 1, events.length, 30);
    for (let [done, before] = [false, 0]; !done; before = soFar()) {
      ({ done = false } = steps.next());
      taken.push(soFar() - before);
    }
  });
  expect(taken.length).toBeGreaterThan(nodes);
  // The first step is the sums of all columns.
  expect(Math.max(...taken.slice(1))).toBeLessThan(30 * 10);
});

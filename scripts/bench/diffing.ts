import jsonPatch from 'fast-json-patch';
import { create } from 'jsondiffpatch';
import { printJson } from '../../core/json/print.ts';
import type { Json } from '../../core/json/value.ts';
import { diffJson } from '../../core/replay/diff.ts';
import { fail } from '../say.ts';
import { agentRun, history } from './databases.ts';
import { type Group, quantile, row, timed } from './measure.ts';
import { folded } from './subject.ts';

const PAIRS = 40;

/** Compares the diff of neighbouring states of 5 MB with libraries that compare two copies. */
export const diffing: Group = {
  goals: ['G6', 'G6b'],
  async measure() {
    const large = await pairs(await folded(await history('grow', 20_000)));
    const small = await pairs(await folded(await agentRun(10_000)));
    const jsondiffpatch = create();
    const copies = large.map(([before, after]) => [JSON.parse(printJson(before)), JSON.parse(printJson(after))] as const);
    for (const [i, [before, after]] of large.entries()) {
      const [a, b] = copies[i] as (typeof copies)[number];
      if (diffJson(before, after).changes.length !== jsonPatch.compare(a, b).length) fail('The diff is wrong; nothing was measured.');
    }
    const jsonPatchTimes = await timesOf(copies, (a, b) => jsonPatch.compare(a, b));
    const jsondiffpatchTimes = await timesOf(copies, (a, b) => jsondiffpatch.diff(a, b));
    const largeTimes = await timesOf(large, diffJson);
    const smallTimes = await timesOf(small, diffJson);
    const median = quantile(largeTimes, 0.5);
    return [
      row('G6', 'diff of neighbours, 5 MB state / fast-json-patch on two copies', median / quantile(jsonPatchTimes, 0.5), 'x', 1 / 100),
      row('G6', 'the same / jsondiffpatch', median / quantile(jsondiffpatchTimes, 0.5), 'x'),
      row('G6', 'diff of neighbours, 5 MB state', median, 'ms'),
      row('G6b', 'diff of neighbours, 5 MB state / 17 KB state', median / quantile(smallTimes, 0.5), 'x', 5),
    ];
  },
};

/** Times each pair three times; the first round is a warm-up and does not count. */
async function timesOf<T>(all: readonly (readonly [T, T])[], work: (before: T, after: T) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) for (const [before, after] of all) times.push(await timed(() => work(before, after)));
  return times.slice(all.length);
}

/** The states before and after the last events that changed the state. */
async function pairs({ history: log }: Awaited<ReturnType<typeof folded>>): Promise<[Json, Json][]> {
  const found: [Json, Json][] = [];
  for (let position = log.count - 1; found.length < PAIRS; position--)
    if (log.changedAt(position)) found.push([log.stateAt(position - 1), log.stateAt(position)]);
  return found;
}

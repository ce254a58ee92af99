import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { type Case, history } from './databases.ts';
import { type Group, quantile, type Row, ratios, row, rowOf, timed } from './measure.ts';
import { checkSeeks, folded, rawSelect, seekTimes } from './subject.ts';

const SEEKS = 2000;
/** How many events each history has in each size. */
const COUNTS: Readonly<Record<string, readonly [small: number, full: number]>> = {
  grow: [20_000, 20_000],
  fat: [1000, 10_000],
  'dense-snap': [2000, 10_000],
  'array-append': [400, 1500],
  hostile: [5000, 50_000],
  inter: [3000, 100_000],
};

/** Histories that are hard in one way each: the time of an index and of a seek. These figures have no goal. */
export const scenarios: Group = {
  goals: ['scenarios'],
  async measure({ name }) {
    const rows: Row[] = [];
    for (const [scenario, counts] of Object.entries(COUNTS))
      rows.push(...(await measureHistory(scenario, await history(scenario, counts[name === 'small' ? 0 : 1]))));
    return [...rows, ...(await measureList(name === 'small' ? 1000 : 10_000))];
  },
};

async function measureHistory(scenario: string, subject: Case): Promise<Row[]> {
  const execution = await folded(subject);
  await checkSeeks(subject, execution, 100);
  seekTimes(execution, SEEKS);
  const times = seekTimes(execution, SEEKS);
  const index = await ratios(
    () => rawSelect(subject),
    async () => (await folded(subject)).source.close(),
    3,
  );
  return [
    rowOf(scenario, `${scenario}: index with keyframes / raw SELECT`, index, 'x'),
    row(scenario, `${scenario}: seek, p50`, quantile(times, 0.5), 'ms'),
    row(scenario, `${scenario}: seek, p99`, quantile(times, 0.99), 'ms'),
  ];
}

async function measureList(executions: number): Promise<Row[]> {
  const { file } = await history('list', executions);
  const source = await SqliteSource.open(file);
  const page = (): Promise<unknown> => source.executions({ sort: 'updated', descending: true, offset: 0, limit: 100 });
  await page();
  const times: number[] = [];
  for (let i = 0; i < 15; i++) times.push(await timed(page));
  source.close();
  return [row('list', `list: the first 100 of ${executions.toLocaleString('en')} executions`, quantile(times, 0.5), 'ms')];
}

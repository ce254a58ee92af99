import { blameAt } from '../../core/replay/blame.ts';
import { eventFilter } from '../../core/replay/filter.ts';
import { finish } from '../../core/replay/steps.ts';
import { fail } from '../say.ts';
import { agentRun } from './databases.ts';
import { type Group, quantile, type Row, row, timed } from './measure.ts';
import { checkSeeks, firstFrame, opened, seekTimes } from './subject.ts';

const ROUNDS = 5;
const SEEKS = 2000;

/** How times grow with the number of events. docs/growth.svg is drawn from its rows. */
export const growth: Group = {
  goals: ['growth'],
  async measure({ events }) {
    const rows: Row[] = [];
    for (let count = 1000; count <= events; count *= 10) rows.push(...(await at(count)));
    return rows;
  },
};

async function at(events: number): Promise<Row[]> {
  const subject = await agentRun(events);
  const times = new Map<string, number[]>();
  const measure = async (series: string, work: () => unknown): Promise<void> => {
    times.set(series, [...(times.get(series) ?? []), await timed(work)]);
  };
  for (let round = 0; round < ROUNDS; round++) {
    const execution = await opened(subject);
    const { history, lastSequence } = execution;
    await measure('first frame', () => firstFrame(execution, lastSequence));
    await measure('columns', () => execution.index());
    await measure('keyframes', () => execution.fold());
    await measure('filter', () => finish(history.positionsWhere(eventFilter('type:failed node:search'))));
    await measure('blame', () => finish(blameAt(history, '/plan', history.count - 2)) ?? fail('Blame is wrong; nothing was measured.'));
    seekTimes(execution, SEEKS);
    const seeks = seekTimes(execution, SEEKS);
    for (const [series, share] of [['seek, p50', 0.5] as const, ['seek, p99', 0.99] as const])
      times.set(series, [...(times.get(series) ?? []), quantile(seeks, share)]);
    if (round === 0 && events <= 10_000) await checkSeeks(subject, execution, 50);
    execution.source.close();
  }
  return [...times].map(([series, values]) => ({
    ...row('growth', `${series}, ${events.toLocaleString('en')} events`, quantile(values, 0.5), 'ms'),
    series,
    events,
  }));
}

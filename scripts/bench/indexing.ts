import { setTimeout } from 'node:timers/promises';
import { agentRun } from './databases.ts';
import { EngineProcess } from './engine-process.ts';
import { type Group, quantile, ratios, row, rowOf } from './measure.ts';
import { folded, gate, indexed, rawSelect } from './subject.ts';

/** What an index costs beside a mere reading of the rows, in time, in memory, and in the patience of requests. */
export const indexing: Group = {
  goals: ['G3', 'G3b', 'G7', 'G13'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    await gate(subject, await folded(subject));
    const close = async (made: ReturnType<typeof indexed>): Promise<void> => (await made).source.close();
    const columns = await ratios(
      () => rawSelect(subject),
      () => close(indexed(subject)),
    );
    const keyframes = await ratios(
      () => rawSelect(subject),
      () => close(folded(subject)),
    );
    const { rss, waits } = await beside(subject);
    return [
      rowOf('G3', `columns and patches of ${shown} events / raw SELECT of the rows`, columns, 'x', 1.3),
      rowOf('G3b', `the same with all keyframes / raw SELECT of the rows`, keyframes, 'x', 2.5),
      row('G7', `memory of the engine (RSS) with ${shown} events indexed and their snapshots checked`, rss, 'MB', 300),
      row('G13', 'how long a request waits while the engine indexes, folds and checks, p99', quantile(waits, 0.99), 'ms', 16),
      row('G13', 'the longest of them', Math.max(...waits), 'ms'),
    ];
  },
};

async function beside(subject: Parameters<typeof gate>[0]): Promise<{ readonly rss: number; readonly waits: number[] }> {
  const engine = new EngineProcess();
  await engine.open(subject);
  let busy = true;
  void engine.done.then(() => {
    busy = false;
  });
  const waits: number[] = [];
  while (busy) {
    const started = performance.now();
    // Refused at the door: what it takes is the wait alone.
    await engine.ask('nothing.here', {});
    waits.push(performance.now() - started);
    await setTimeout(3);
  }
  const { rss } = engine;
  engine.stop();
  return { rss, waits };
}

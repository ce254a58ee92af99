import { setTimeout } from 'node:timers/promises';
import { agentRun, type Case } from './databases.ts';
import { EngineProcess } from './engine-process.ts';
import { type Group, quantile, ratios, row, rowOf } from './measure.ts';
import { checkSeeks, folded, indexed, rawSelect } from './subject.ts';

/** The cost of an index: its time compared with reading the rows, its memory, and how long requests wait for it. */
export const indexing: Group = {
  goals: ['G3', 'G3b', 'G7', 'G13'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const close = async (execution: ReturnType<typeof indexed>): Promise<void> => (await execution).source.close();
    const columns = await ratios(
      () => rawSelect(subject),
      () => close(indexed(subject)),
    );
    const keyframes = await ratios(
      () => rawSelect(subject),
      () => close(folded(subject)),
    );
    const rss = await memory(subject);
    const waits = await waitingTimes(subject);
    // Last, because it uses the ordinary reader a million times, and V8 would optimise for that.
    await checkSeeks(subject, await folded(subject));
    return [
      rowOf('G3', `columns and patches of ${shown} events / raw SELECT of the rows`, columns, 'x', 1.3),
      rowOf('G3b', `the same with all keyframes / raw SELECT of the rows`, keyframes, 'x', 2.5),
      row('G7', `memory of the engine (RSS) with ${shown} events indexed and their snapshots checked`, rss, 'MB', 300),
      row('G13', 'how long a request waits while the engine indexes, folds and checks, p99', quantile(waits, 0.99), 'ms', 16),
      row('G13', 'the longest of them', Math.max(...waits), 'ms'),
    ];
  },
};

async function memory(subject: Case): Promise<number> {
  const engine = new EngineProcess();
  await engine.indexed(await engine.open(subject));
  const { rss } = engine;
  engine.stop();
  return rss;
}

/** How long requests wait while the engine indexes, in milliseconds. */
async function waitingTimes(subject: Case): Promise<number[]> {
  const engine = new EngineProcess();
  const source = await engine.open(subject);
  let busy = true;
  void engine.indexed(source).then(() => {
    busy = false;
  });
  const waits: number[] = [];
  while (busy) {
    const started = performance.now();
    // This request does nothing, so its time is only waiting.
    await engine.ask('tasks.cancel', { task: 0 });
    waits.push(performance.now() - started);
    await setTimeout(3);
  }
  engine.stop();
  return waits;
}

import { setTimeout } from 'node:timers/promises';
import { agentRun, type Case } from './databases.ts';
import { EngineProcess } from './engine-process.ts';
import { type Group, quantile, ratios, row, rowOf } from './measure.ts';
import { folded, gate, indexed, rawSelect } from './subject.ts';

/** What an index costs beside a mere reading of the rows, in time, in memory, and in the patience of requests. */
export const indexing: Group = {
  goals: ['G3', 'G3b', 'G7', 'G13'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const close = async (made: ReturnType<typeof indexed>): Promise<void> => (await made).source.close();
    const columns = await ratios(
      () => rawSelect(subject),
      () => close(indexed(subject)),
    );
    const keyframes = await ratios(
      () => rawSelect(subject),
      () => close(folded(subject)),
    );
    const rss = await memory(subject);
    const waits = await waitsBeside(subject);
    // Last, because it goes through the plain reader a million times, and V8 then thinks of that.
    await gate(subject, await folded(subject));
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

/** How long requests wait that come every few milliseconds. */
async function waitsBeside(subject: Case): Promise<number[]> {
  const engine = new EngineProcess();
  const source = await engine.open(subject);
  let busy = true;
  void engine.indexed(source).then(() => {
    busy = false;
  });
  const waits: number[] = [];
  while (busy) {
    const started = performance.now();
    // It does nothing: what it takes is the wait alone.
    await engine.ask('tasks.cancel', { task: 0 });
    waits.push(performance.now() - started);
    await setTimeout(3);
  }
  engine.stop();
  return waits;
}

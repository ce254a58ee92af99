import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { eachMoment } from '../../core/debugger/answers/moments.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { fail } from '../say.ts';
import { type Case, history } from './databases.ts';
import { type Group, quantile, type Row, ratios, row, rowOf, timed } from './measure.ts';
import { checkSeeks, folded, opened, rawSelect, seekTimes } from './subject.ts';

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
    return [...rows, ...(await measureList(name === 'small' ? 1000 : 10_000)), ...(await measureLive())];
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

/** How many events per second the writer appends, and for how many milliseconds. */
const RATE = 500;
const DURATION = 4000;

/** How long it takes from a writer's commit until the state after the event is available. */
async function measureLive(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hindsight-bench-'));
  const path = join(folder, 'live.db');
  const id = randomUUID();
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'append-at-rate.ts'), path, id, String(RATE), String(DURATION)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { committed, written } = await started(writer);
    const execution = await opened({ file: { original: path, real: path, path, access: 'live' }, execution: id });
    const { history: log, source } = execution;
    const waits: number[] = [];
    const ended = once(writer, 'exit').then(() => true);
    for (let over = false; !over || log.lastSequence < written(); ) {
      for await (const chunk of source.scan(id, log.lastSequence)) {
        const before = log.count;
        log.append(chunk);
        log.stateAt(log.count - 1);
        const now = Date.now();
        for (let position = before; position < log.count; position++) {
          const at = committed.get(log.sequenceOf(position));
          if (at !== undefined) waits.push(Math.max(0, now - at));
        }
      }
      over ||= await Promise.race([ended, setTimeout(10, false)]);
    }
    const last = canonicalJson(log.stateAt(log.count - 1));
    for await (const { currentState } of eachMoment(execution, 'replay', log.lastSequence, log.lastSequence)) {
      if (canonicalJson(currentState) !== last) fail('The state of the live execution is wrong; nothing was measured.');
    }
    source.close();
    return [
      row('live', `live: events per second that a writer appended`, Math.round((log.count * 1000) / DURATION), '/s'),
      row('live', 'live: from the commit until the state is available, polled every 10 ms, p99', quantile(waits, 0.99), 'ms'),
    ];
  } finally {
    writer.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** When each event was committed, as its writer prints it. */
async function started(writer: ChildProcess) {
  const committed = new Map<number, number>();
  let last = 0;
  const lines = createInterface({ input: writer.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    const [sequence, at] = line.split(' ').map(Number);
    last = Math.max(last, sequence as number);
    committed.set(sequence as number, at as number);
  });
  await once(lines, 'line');
  return { committed, written: () => last };
}

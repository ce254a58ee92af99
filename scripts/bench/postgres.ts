import pg from 'pg';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { PostgresSource } from '../../core/source/postgres/source.ts';
import { EXECUTION_SORTS, type ExecutionSort } from '../../core/vocabulary.ts';
import { PostgresServer } from '../../test/support/postgres-server.ts';
import { fail, say } from '../say.ts';
import { agentRun } from './databases.ts';
import { type Group, quantile, type Row, ratios, row, rowOf, timed } from './measure.ts';
import { copyRun, manyRuns, type Partitioning, runId } from './postgres-databases.ts';
import { firstFrame, folded, seekTimes } from './subject.ts';
import { turnCounter } from './turn-counter.ts';

/** Of the database with many runs: with `--size full`, and with `--size small`. */
const RUNS = { full: 100_000, small: 5000 };
const EVENTS_OF_EACH = 200;
const PAGE_ROWS = 4096;
const OPENINGS = 20;
const SEEKS = 2000;

/** Reading from Postgres, compared with the raw driver; and a database of many runs, compared with one of a single run. */
export const postgres: Group = {
  goals: ['G17', 'G19'],
  onlyFull: true,
  async measure({ name, events, shown }) {
    const subject = await agentRun(events);
    const server = await PostgresServer.start();
    try {
      say(`copying ${shown} events to Postgres`);
      const single = await copyRun(server.url(), 'single', subject);
      const scan = await ratios(
        () => rawPages(single, subject.execution),
        () => scanned(single, subject.execution),
      );
      const turns = await frameTurns(single, subject.execution);
      const seeks = await seekRatio(single, subject);
      const few = await frameTimes(await manyRuns(server.url(), 'few', 10, EVENTS_OF_EACH), runId(5));
      const rows = [
        rowOf('G19', `scan of ${shown} events / keyset pages by the raw driver`, scan, 'x', 1.3),
        row('G19', 'round trips from an address to the list', await listTurns(single), '', 4),
        row('G19', 'round trips from an open database to the first frame of a run', turns, '', 4),
        rowOf('G19', 'seek after indexing / on SQLite, p50', seeks, 'x', 1.3),
      ];
      for (const partitioning of ['none', 'execution', 'time'] as const)
        rows.push(...(await atScale(server.url(), RUNS[name], partitioning, quantile(few, 0.5))));
      return rows;
    } finally {
      await server.stop();
    }
  },
};

const LAYOUTS: Readonly<Record<Partitioning, string>> = { none: 'in one table', execution: 'partitioned by execution', time: 'partitioned by time' };

/** @param few milliseconds to the first frame in a database of a few runs. */
async function atScale(server: string, runs: number, partitioning: Partitioning, few: number): Promise<Row[]> {
  const shown = `${(runs * EVENTS_OF_EACH).toLocaleString('en')} events ${LAYOUTS[partitioning]}`;
  let url = '';
  const made = await timed(async () => {
    url = await manyRuns(server, `by_${partitioning}`, runs, EVENTS_OF_EACH, partitioning);
  });
  say(`made ${shown}, in ${runs.toLocaleString('en')} runs, in ${Math.round(made / 1000)} s`);
  const frames = await frameTimes(url, runId(runs >> 1));
  const { byEvents, others, last } = await listTimes(url, runs);
  const searches = await searchTimes(url, runs);
  const counting = await countTimes(url, runs);
  return [
    row('G17', `${shown}: first frame of a run / in 10 runs, p50`, quantile(frames, 0.5) / few, 'x', 1.2),
    row('G17', `${shown}: first page of the list, in the slowest order but that by events`, others, 'ms'),
    row('G17', `${shown}: first page of the list by events`, byEvents, 'ms'),
    row('G17', `${shown}: last page of the list`, last, 'ms'),
    row('G17', `${shown}: a run found by its id, p50`, quantile(searches, 0.5), 'ms'),
    row('G17', `${shown}: slowest of ${counting.length} steps of counting everything`, Math.max(...counting), 'ms'),
  ];
}

async function rawPages(url: string, id: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig });
  await client.connect();
  await client.query(`SET search_path = ${new URL(url).searchParams.get('schema')}`);
  let [last, length] = ['0', 0];
  const page = 'SELECT sequence, created_at, kind_json FROM events WHERE execution_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3';
  for (;;) {
    const { rows } = await client.query({ text: page, values: [id, last, PAGE_ROWS], rowMode: 'array' });
    for (const [sequence, , kind] of rows as string[][]) {
      last = sequence as string;
      length += (kind as string).length;
    }
    if (rows.length < PAGE_ROWS) break;
  }
  await client.end();
  if (length === 0) fail('There is nothing to read.');
}

async function scanned(url: string, id: string): Promise<void> {
  const source = await PostgresSource.open(url);
  let count = 0;
  for await (const chunk of source.scan(id, 0)) count += chunk.count;
  source.close();
  if (count === 0) fail('There is nothing to read.');
}

/** From an open source to the first frame. */
async function frameTimes(url: string, id: string): Promise<number[]> {
  const source = await PostgresSource.open(url);
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    times.push(
      await timed(async () => {
        const execution = await OpenExecution.open(source, id);
        const frame = await firstFrame(execution, execution.lastSequence);
        if (frame.slices.event == null) fail('The first frame is wrong; nothing was measured.');
      }),
    );
  }
  source.close();
  return times.slice(2);
}

async function listTurns(url: string): Promise<number> {
  const counter = await turnCounter(url);
  const source = await PostgresSource.open(counter.url);
  await source.describe();
  await Promise.all([source.executions({ sort: 'started', descending: true, offset: 0, limit: 100 }), source.facets({})]);
  source.close();
  counter.stop();
  return counter.turns;
}

async function frameTurns(url: string, id: string): Promise<number> {
  const counter = await turnCounter(url);
  const source = await PostgresSource.open(counter.url);
  const before = counter.turns;
  const execution = await OpenExecution.open(source, id);
  await firstFrame(execution, execution.lastSequence);
  source.close();
  counter.stop();
  return counter.turns - before;
}

async function seekRatio(url: string, subject: Awaited<ReturnType<typeof agentRun>>): Promise<number[]> {
  const source = await PostgresSource.open(url);
  const execution = await OpenExecution.open(source, subject.execution);
  await execution.index();
  await execution.fold();
  const onFile = await folded(subject);
  const found = [0, 1, 2].map(() => quantile(seekTimes(execution, SEEKS), 0.5) / quantile(seekTimes(onFile, SEEKS), 0.5));
  source.close();
  onFile.source.close();
  return found;
}

/** The first page in each order, for which the database may have to sort, and the last one. */
async function listTimes(url: string, runs: number): Promise<{ readonly byEvents: number; readonly others: number; readonly last: number }> {
  const source = await PostgresSource.open(url);
  const page = async (sort: ExecutionSort, offset: number): Promise<number> => {
    const list = async (): Promise<void> => {
      const { rows, total } = await source.executions({ sort, descending: true, offset, limit: 100 });
      if (total !== runs || rows.length !== 100) fail('The list is wrong; nothing was measured.');
    };
    await list();
    return timed(list);
  };
  const others: number[] = [];
  for (const sort of EXECUTION_SORTS) if (sort !== 'events') others.push(await page(sort, 0));
  const times = { byEvents: await page('events', 0), others: Math.max(...others), last: await page('started', runs - 100) };
  source.close();
  return times;
}

async function countTimes(url: string, runs: number): Promise<number[]> {
  const source = await PostgresSource.open(url);
  const steps: number[] = [];
  let [events, before] = [0, performance.now()];
  for await (const counts of source.count()) {
    steps.push(performance.now() - before);
    [events, before] = [counts.events, performance.now()];
  }
  source.close();
  if (events !== runs * EVENTS_OF_EACH) fail('The count is wrong; nothing was measured.');
  return steps;
}

async function searchTimes(url: string, runs: number): Promise<number[]> {
  const source = await PostgresSource.open(url);
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const id = runId(Math.floor((i * runs) / OPENINGS));
    times.push(
      await timed(async () => {
        const { rows } = await source.executions({ sort: 'started', descending: true, offset: 0, limit: 100, text: id });
        if (rows[0]?.id !== id) fail('The run was not found; nothing was measured.');
      }),
    );
  }
  source.close();
  return times;
}

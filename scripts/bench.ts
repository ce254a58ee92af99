/**
 * `npm run bench -- [open] [seek] [explain] [store] [--size small|full] [--json]`: what opening, moving and explaining cost at 100,000
 * events or a million, and the store beside its raw drivers, as ratios measured in one run, each behind a check that the answers are right. Databases are made by seed into the cache of node_modules.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import Database from 'better-sqlite3';
import { OpenExecution } from '../core/debugger/execution.ts';
import { frameAt } from '../core/debugger/frame.ts';
import { eachMoment } from '../core/debugger/moment.ts';
import { equalJson, type Json } from '../core/json/value.ts';
import { blameAt } from '../core/replay/blame.ts';
import { eventMatcher } from '../core/replay/filter.ts';
import type { PreparedFile } from '../core/source/sqlite/prepare.ts';
import { SqliteSource } from '../core/source/sqlite/source.ts';
import { quantile, type Row, row, timed } from './bench/measure.ts';
import { storeGroup } from './bench/store.ts';
import { hasDisplay } from './display.ts';
import { prepareLaunch } from './launch.ts';
import { Random } from './sample/random.ts';
import { fail, say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'hindsight', 'bench');
const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
const ROUNDS = 7;
const SIZES: Readonly<Record<string, number>> = { small: 100_000, full: 1_000_000 };
const size = /--size[= ](\w+)/.exec(process.argv.slice(2).join(' '))?.[1] ?? 'small';
const EVENTS = SIZES[size] ?? fail(`There is no size "${size}"; there are ${Object.keys(SIZES).join(', ')}.`);
const SHOWN = EVENTS.toLocaleString('en');
const SEEKS = 5000;
const TREE = { from: 0, count: 60, reading: 'replay', opened: [], closed: [], reveal: true } as const;

const GROUPS: Readonly<Record<string, () => Promise<Row[]>>> = { open: openGroup, seek: seekGroup, explain: explainGroup, store: storeGroup };

function database(events: number): PreparedFile {
  const path = join(CACHE, `${events}.db`);
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true });
    say(`making a database of ${events} events`);
    const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'sample.ts'), '--events', String(events), '--out', path]);
    if (status !== 0) fail('The database could not be made.');
  }
  // In place with the usual driver: what it leaves beside the file lies in our own cache.
  return { original: path, path, access: 'live', folder: undefined };
}

async function openGroup(): Promise<Row[]> {
  const [small, large] = [database(1000), database(EVENTS)];
  const firstFrame = async (file: PreparedFile): Promise<void> => {
    const source = SqliteSource.open(file);
    const execution = await OpenExecution.open(source, AGENT);
    const frame = await frameAt(execution, { execution: AGENT, sequence: execution.lastSequence, tree: { ...TREE, opened: [], closed: [] } });
    if (frame.tree.rows.length === 0 || frame.event?.type !== 'workflow_completed') fail('The first frame is not what it should be.');
    source.close();
  };
  for (let warm = 0; warm < 3; warm++) {
    await firstFrame(small);
    await firstFrame(large);
    await indexed(large);
    rawSelect(large.path);
  }
  const openRatios: number[] = [];
  const indexRatios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const base = await timed(async () => {
      for (let i = 0; i < 5; i++) await firstFrame(small);
    });
    const candidate = await timed(async () => {
      for (let i = 0; i < 5; i++) await firstFrame(large);
    });
    openRatios.push(candidate / base);
    indexRatios.push((await timed(() => indexed(large))) / (await timed(() => rawSelect(large.path))));
  }
  return [
    row('G1', `open + first frame, ${SHOWN} events / 1,000`, quantile(openRatios, 0.5), 'x', 1.5),
    row('G3b', `index of ${SHOWN} events / raw SELECT of the rows`, quantile(indexRatios, 0.5), 'x', 2.5),
    row('G7', `engine RSS with ${SHOWN} events indexed`, engineMemory(large), 'MB', size === 'full' ? 300 : 250),
  ];
}

async function indexed(file: PreparedFile): Promise<OpenExecution> {
  const execution = await OpenExecution.open(SqliteSource.open(file), AGENT);
  await execution.index();
  return execution;
}

function rawSelect(path: string): void {
  const connection = new Database(path, { readonly: true });
  const rows = connection.prepare('SELECT sequence, kind_json, created_at FROM events WHERE execution_id = ? ORDER BY sequence').raw().iterate(AGENT);
  let bytes = 0;
  for (const [, kind] of rows as Iterable<[number, string, string]>) bytes += kind.length;
  if (bytes === 0) fail('There is nothing to read.');
  connection.close();
}

/** In a process of its own, as the application runs it. */
function engineMemory({ path }: PreparedFile): number {
  const script = `
    const { fork } = require('node:child_process');
    const engine = fork(${JSON.stringify(join(ROOT, 'out', 'electron', 'engine.cjs'))}, [], { serialization: 'advanced' });
    const ask = (name, params) => { engine.send({ id: ++ask.last, name, params }); return new Promise((resolve) => ask.waiting.set(ask.last, resolve)); };
    ask.last = 0; ask.waiting = new Map();
    const done = new Promise((resolve) => engine.on('message', (message) => 'id' in message ? ask.waiting.get(message.id)(message.result) : message.value.phase === 'done' && resolve()));
    (async () => {
      await ask('source.open', { file: { original: ${JSON.stringify(path)}, path: ${JSON.stringify(path)}, access: 'immutable' } });
      await ask('execution.open', { execution: ${JSON.stringify(AGENT)} });
      await done;
      const status = require('node:fs').readFileSync('/proc/' + engine.pid + '/status', 'utf8');
      console.log(Number(/VmRSS:\\s+(\\d+)/.exec(status)[1]) / 1024);
      engine.kill();
    })();`;
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim());
}

async function seekGroup(): Promise<Row[]> {
  const file = database(EVENTS);
  const execution = await indexed(file);
  const { history } = execution;
  const random = new Random(7);
  await gate(file, execution);
  const times: number[] = [];
  for (let i = 0; i < SEEKS; i++) {
    const target = random.between(-1, history.count - 1);
    const started = performance.now();
    history.stateAt(target);
    times.push(performance.now() - started);
  }
  const folded = await timed(async () => {
    const plain = await OpenExecution.open(SqliteSource.open(file), AGENT);
    for await (const moment of eachMoment(plain, 'replay', plain.lastSequence, plain.lastSequence))
      if (moment.lastSequence === 0) fail('There is nothing to fold.');
  });
  const painted = await keyToFrame(file.path);
  return [
    row('G4', `random seek in ${SHOWN} events, p50`, quantile(times, 0.5), 'ms', 0.5),
    row('G4', `random seek in ${SHOWN} events, p99`, quantile(times, 0.99), 'ms', 1),
    row('G4', 'random seek, p50 / fold of the log from the origin', quantile(times, 0.5) / folded, 'x', 1 / 5000),
    row('paint', 'key to painted frame in the window, p50', quantile(painted, 0.5), 'ms', 50),
    row('paint', 'key to painted frame in the window, p95', quantile(painted, 0.95), 'ms', 50),
  ];
}

/** The seeks that are timed must be right: some of them are held against one plain pass over the log. */
async function gate(file: PreparedFile, execution: OpenExecution): Promise<void> {
  const random = new Random(3);
  const places = new Set(Array.from({ length: 200 }, () => random.between(1, execution.lastSequence)));
  const sought = new Map<number, Json>();
  for (const place of [...places].sort(() => random.next() - 0.5)) sought.set(place, execution.history.stateAt(execution.history.rowAt(place)));
  const plain = await OpenExecution.open(SqliteSource.open(file), AGENT);
  for await (const { atSequence, currentState } of eachMoment(plain, 'replay', 0, Number.MAX_SAFE_INTEGER)) {
    const state = sought.get(atSequence);
    if (state !== undefined && !equalJson(state, currentState)) fail(`The state at ${atSequence} is wrong; nothing was measured.`);
  }
}

/** Who made a value what it is, and which events are wanted: beside SQL that looks for the same in the stored texts. */
async function explainGroup(): Promise<Row[]> {
  const file = database(EVENTS);
  const { history } = await indexed(file);
  const connection = new Database(file.path, { readonly: true });
  const last = connection
    .prepare(`SELECT max(sequence) FROM events WHERE execution_id = ? AND json_type(kind_json, '$.state_patch.' || ?) IS NOT NULL`)
    .pluck();
  const [blames, filters]: [number[], number[]] = [[], []];
  const path = '/plan';
  if (blameAt(history, path, history.count - 2)?.sequence !== last.get(AGENT, path.slice(1))) fail('Blame is wrong; nothing was measured.');
  for (let round = 0; round < ROUNDS; round++) {
    const sql = await timed(() => last.get(AGENT, path.slice(1)));
    blames.push((await timed(() => blameAt(history, path, history.count - 2))) / sql);
    const wanted = eventMatcher('type:failed node:search');
    filters.push(await timed(() => history.rowsWhere(wanted)));
  }
  connection.close();
  return [
    row('G9', `blame of a path written once, in ${SHOWN} events / SQL json_type scan`, quantile(blames, 0.5), 'x', 1 / 20),
    row('G10', `filter the headers of ${SHOWN} events`, quantile(filters, 0.5), 'ms', 16),
  ];
}

/** From a key in the real window until the frame that shows its effect has been handed to the screen. */
async function keyToFrame(path: string): Promise<number[]> {
  const { executable, args, env, cwd } = await prepareLaunch({ virtual: !hasDisplay() });
  const app = await _electron.launch({
    executablePath: executable,
    args: [...args, `--open=${path}`, `--execution=${AGENT}`, '--at=40000'],
    cwd,
    env: { ...env, HINDSIGHT_TEST: '1', HINDSIGHT_USER_DATA: mkdtempSync(join(tmpdir(), 'hindsight-bench-')) },
  });
  try {
    const page = await app.firstWindow();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('slider', { name: 'Sequence' }).waitFor();
    await page.getByRole('status', { name: 'Cursor' }).filter({ hasText: '#40000' }).waitFor();
    await page.waitForFunction(() => document.querySelector('[role=progressbar]') === null);
    await page.evaluate(() => {
      const measured: number[] = [];
      Object.assign(globalThis, { measured });
      const text = (): string | null | undefined => document.querySelector('[aria-label="Cursor"]')?.textContent;
      window.addEventListener(
        'keydown',
        async (event) => {
          const before = text();
          while (text() === before) await new Promise((resolve) => requestAnimationFrame(resolve));
          await new Promise((resolve) => requestAnimationFrame(resolve));
          measured.push(performance.now() - event.timeStamp);
        },
        { capture: true },
      );
    });
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press(i % 4 === 3 ? 'ArrowLeft' : 'ArrowRight');
      await page.waitForFunction((wanted) => (globalThis as unknown as { measured: number[] }).measured.length === wanted, i + 1);
    }
    return await page.evaluate(() => (globalThis as unknown as { measured: number[] }).measured);
  } finally {
    await app.close();
  }
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--') && SIZES[argument] === undefined);
for (const name of wanted) if (GROUPS[name] === undefined) fail(`There is no group "${name}"; there are ${Object.keys(GROUPS).join(', ')}.`);
const rows: Row[] = [];
for (const [name, measure] of Object.entries(GROUPS)) if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await measure()));
if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
else
  for (const { what, value, unit, target, met } of rows)
    console.log(
      `${met === undefined ? '      ' : met ? 'met   ' : 'MISSED'}  ${what}: ${value} ${unit} (goal ${target === undefined ? 'none' : `${target} ${unit}`})`,
    );
process.exit(0);

/**
 * Follows a real JamJet server while it works: `npm run test:server -- FOLDER [EXECUTIONS [SERVER]]`. FOLDER has `build-server.sh`,
 * which prints the path of a server, and the programs `drive.py` and `drive_agent.py`, which run workflows and agents on it.
 * It needs cargo, if SERVER is not given, and python3.
 *
 * All executions are opened in the engine as soon as they are listed, and the cursor moves in them. In the end:
 *
 * - every event of every execution has been shown once and in order, and no other;
 * - no request of the drivers has failed, and the server has not complained of its database;
 * - the engine had the database open for reading only, and left nothing in the server's folder. (SQLite opens the log and the file
 *   of locks for writing also for a connection that only reads; of these it writes only locks.)
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { SourceId } from '../core/contract/cursor.ts';
import type { SourceChange } from '../core/contract/sources.ts';
import type { TaskUpdate } from '../core/contract/tasks.ts';
import { prepareSource, sourceSpec } from '../core/source/spec.ts';
import { EngineProcess } from './bench/engine-process.ts';
import { Random } from './sample/random.ts';
import { fail, say } from './say.ts';

const PORT = 18_431;
/** How often the list is looked at and the open files are, in milliseconds. */
const POLL = 250;
const seed = Number(process.env['SEED'] ?? 1);
let failures = 0;
const ORDER = { sort: 'started', descending: true } as const;

function builtServer(folder: string): string {
  say('building the server (six minutes the first time)');
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'build-server.sh')], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : fail(`The server could not be built:\n${stderr}`);
}

function expectThat(holds: boolean, what: string): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`);
  if (!holds) failures++;
}

interface Drive {
  /** The folder of the drivers. */
  readonly programs: string;
  readonly server: string;
  /** How many executions. */
  readonly count: string;
  readonly port: number;
}

/** One driver with its server, from its start to its end. */
async function follow(driver: string, { programs, server, count, port }: Drive): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hindsight-server-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  try {
    say(`${driver}, seed ${seed}, ${count} executions`);
    const run = spawn('python3', [join(programs, driver), server, data, String(port), String(seed), count], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(run, 'exit');
    let [printed, complained] = ['', ''];
    run.stdout.on('data', (text: Buffer) => (printed += text));
    run.stderr.on('data', (text: Buffer) => (complained += text));
    const path = join(data, 'runtime.db');
    while (!existsSync(path) && run.exitCode === null) await setTimeout(POLL);
    if (run.exitCode !== null) fail(`${driver} ended before it began: ${complained}`);
    const follower = await Follower.open(path, data);
    await follower.until(() => run.exitCode !== null);
    const [status] = await ended;
    await follower.end(path);
    console.log(`       ${printed.trim()}`);
    expectThat(status === 0 && complained === '', `${driver}: no request failed${complained === '' ? '' : `: ${complained.slice(0, 500)}`}`);
    const log = readFileSync(join(data, 'server.log'), 'utf8');
    const troubles = log.split('\n').filter((line) => /database|locked|busy|sqlite/i.test(line));
    expectThat(
      troubles.length === 0,
      `${driver}: the server did not complain of its database${troubles.length === 0 ? '' : `: ${troubles.slice(0, 3).join(' | ')}`}`,
    );
    const left = readdirSync(data).filter((name) => !/^(runtime\.db(-wal|-shm)?|server\.log|seen\.jsonl)$/.test(name));
    expectThat(left.length === 0, `${driver}: nothing was left in the server's folder${left.length === 0 ? '' : `: ${left.join(' ')}`}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The engine that follows all executions of a database. */
class Follower {
  readonly #engine: EngineProcess;
  readonly #source: SourceId;
  readonly #folder: string;
  readonly #random = new Random(seed);
  /** The sequences that were listed of each execution, in the order in which they came. */
  readonly #shown = new Map<string, number[]>();
  readonly #reading = new Map<string, Promise<void>>();
  readonly #openForWriting = new Set<string>();
  #frames = 0;
  #anew = 0;

  private constructor(engine: EngineProcess, source: SourceId, folder: string) {
    [this.#engine, this.#source, this.#folder] = [engine, source, folder];
  }

  static async open(path: string, folder: string): Promise<Follower> {
    let follower: Follower | undefined;
    const engine = new EngineProcess(
      (change) => follower?.onChange(change),
      (update) => follower?.onTask(update),
    );
    const source = await engine.openSource(await prepareSource(sourceSpec(path)));
    follower = new Follower(engine, source, folder);
    return follower;
  }

  onChange({ execution }: SourceChange): void {
    if (execution === null) return;
    if (execution.isAnew) {
      this.#anew++;
      this.#shown.set(execution.id, []);
    }
    this.#readOn(execution.id);
  }

  /** What has been read when the engine tells of a change is listed then, and the rest once it is read. */
  onTask({ kind, execution }: TaskUpdate): void {
    if (kind === 'index') this.#readOn(execution);
  }

  /** Follows until the condition holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await this.#openNew();
      await this.#move();
      this.#look();
      await setTimeout(POLL);
    }
  }

  async #openNew(): Promise<void> {
    const { rows } = await this.#engine.ask('executions.page', { source: this.#source, ...ORDER, offset: 0, limit: 500 });
    for (const { id } of rows) {
      if (this.#shown.has(id)) continue;
      this.#shown.set(id, []);
      await this.#engine.ask('executions.open', { source: this.#source, execution: id });
      this.#readOn(id);
    }
  }

  /** Lists what has come, one request of an execution after another. */
  #readOn(execution: string): void {
    const before = this.#reading.get(execution) ?? Promise.resolve();
    this.#reading.set(
      execution,
      before.then(async () => {
        const shown = this.#shown.get(execution) ?? [];
        for (let more = 1; more > 0; ) {
          const { rows } = await this.#engine.ask('events.page', { source: this.#source, execution, from: shown.length, count: 500, filter: '' });
          shown.push(...rows.map(({ sequence }) => sequence));
          more = rows.length;
        }
      }),
    );
  }

  /** Frames at random moments, as of a person who scrubs. */
  async #move(): Promise<void> {
    const ids = [...this.#shown.keys()];
    for (let i = 0; i < 20 && ids.length > 0; i++) {
      const execution = ids[this.#random.between(0, ids.length - 1)] as string;
      const sequence = this.#random.between(0, Math.max(1, this.#shown.get(execution)?.at(-1) ?? 1));
      await this.#engine.ask('frame.at', {
        source: this.#source,
        execution,
        sequence,
        reading: 'replay',
        want: { tree: { from: 0, count: 50, opened: [], closed: [], reveal: true } },
      });
      this.#frames++;
    }
  }

  /** Which files of the folder the engine has open for writing (proc_pid_fdinfo(5): the access mode is in the two lowest bits). */
  #look(): void {
    const process = `/proc/${this.#engine.pid}`;
    for (const fd of readdirSync(join(process, 'fd'))) {
      try {
        const path = readlinkSync(join(process, 'fd', fd));
        const [, flags = '0'] = /flags:\s+(\d+)/.exec(readFileSync(join(process, 'fdinfo', fd), 'utf8')) ?? [];
        if (path.startsWith(this.#folder) && (Number.parseInt(flags, 8) & 3) !== 0) this.#openForWriting.add(path.slice(this.#folder.length + 1));
      } catch {
        // Closed meanwhile.
      }
    }
  }

  /** Compares what was shown with what is stored, once nobody writes. */
  async end(path: string): Promise<void> {
    const stored = sequencesOf(path);
    const total = [...stored.values()].flat().length;
    const shown = (): number => [...this.#shown.values()].flat().length;
    // It tells of the last events within a few polls.
    let polls = 40;
    await this.until(() => shown() >= total || polls-- === 0);
    await Promise.all(this.#reading.values());
    const wrong = [...stored].filter(([id, sequences]) => String(sequences) !== String(this.#shown.get(id)));
    expectThat(
      wrong.length === 0 && this.#shown.size === stored.size,
      `${stored.size} executions with ${total} events: ${shown()} shown, each once and in order${wrong.map(([id]) => `, but not in ${id}`).join('')}`,
    );
    const written = [...this.#openForWriting].filter((name) => !/-(wal|shm)$/.test(name));
    expectThat(written.length === 0, `the engine had the database open for reading only${written.map((name) => `, but not ${name}`).join('')}`);
    console.log(`       ${this.#frames} frames were asked for, ${this.#anew} logs were read anew`);
    this.#engine.stop();
  }
}

/** The sequences of each execution, as the driver of SQLite reads them. */
function sequencesOf(path: string): ReadonlyMap<string, readonly number[]> {
  const database = new Database(path, { readonly: true });
  try {
    const ids = database.prepare('SELECT execution_id FROM workflow_executions').pluck().all() as string[];
    const sequences = database.prepare('SELECT sequence FROM events WHERE execution_id = ? ORDER BY sequence').pluck();
    return new Map(ids.map((id) => [id, sequences.all(id) as number[]]));
  } finally {
    database.close();
  }
}

const [programs, count = '50', given] = process.argv.slice(2);
if (programs === undefined || !existsSync(join(programs, 'drive.py')))
  fail('usage: npm run test:server -- FOLDER [EXECUTIONS [SERVER]], where FOLDER has drive.py');
const server = given ?? builtServer(programs);
for (const [place, driver] of ['drive.py', 'drive_agent.py'].entries()) await follow(driver, { programs, server, count, port: PORT + place * 10 });
process.exit(failures === 0 ? 0 : 1);

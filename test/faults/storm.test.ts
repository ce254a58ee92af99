import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import type { EngineRequests, Params } from '../../core/contract/contract.ts';
import type { AnswerOf } from '../../core/contract/request.ts';
import type { Fault } from '../../core/fault.ts';
import { sourceSpec } from '../../core/source/spec.ts';
import { Random } from '../../scripts/sample/random.ts';
import { connect } from '../support/copy-tables.ts';
import { until, value } from '../support/engine.ts';
import { type HostEngine, startHost } from '../support/host-engine.ts';
import { SEED } from '../support/hostile.ts';
import { makeFile } from '../support/made-files.ts';
import { naiveText } from '../support/naive.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { temporaryFolder } from '../support/temp.ts';
import { amount, tries } from '../support/tries.ts';
import { startWriter, writtenEvent } from '../support/writer.ts';

const SEEDS = amount(2, 20, 500);
const ACTIONS = amount(40, 80, 200);
/** Actions that run at once, as those of several tabs do. */
const TABS = 4;
const MINUTES = 60_000;

/** What may be answered while the engine dies, files are locked or replaced, and connections end. */
const EXPECTED: readonly Fault['kind'][] = [
  'engine-gone',
  'no-source',
  'cancelled',
  'busy',
  'timed-out',
  'file-replaced',
  'file-missing',
  'connection-lost',
  'cannot-connect',
];

/** How many states were compared, so that a storm of nothing but Faults is noticed. */
let compared = 0;

/** A database in the storm, whose writer is a process of its own or a connection to the server. */
interface Subject {
  readonly address: string;
  /** The tags of the logs that may be shown: more than one from the replacement of the file until it is opened again. */
  readonly tags: Set<string>;
  /** The last sequence that was acknowledged, of each tag. */
  readonly written: Map<string, number>;
  /** The last sequence that an answer about the present file has told of: later answers know at least that many events. */
  told: number;
  source: number;
  isOpening: boolean;
  readonly append: (count: number) => Promise<void>;
  readonly hold: (hold: boolean) => Promise<void>;
  /** Puts another database in its place, or ends all connections to it. */
  readonly disturb: () => Promise<void>;
  readonly end: () => Promise<void>;
}

async function fileSubject(mode: 'WAL' | 'DELETE', name: string): Promise<Subject> {
  const path = join(temporaryFolder(), 'run.db');
  let number = 0;
  let tag = name;
  let writer = await startWriter(path, tag, mode);
  onTestFinished(() => writer.end());
  const written = new Map([[tag, 0]]);
  const subject: Subject = {
    address: path,
    tags: new Set([tag]),
    written,
    told: 0,
    source: 0,
    isOpening: false,
    append: async (count) => void written.set(tag, (await writer.order({ append: count })).sequence),
    hold: async (hold) => void (await writer.order({ hold })),
    disturb: async () => {
      await writer.end();
      const other = join(temporaryFolder(), 'other.db');
      tag = `${name}${++number}`;
      makeFile(other, { events: Array.from({ length: 40 }, (_, i) => writtenEvent(tag, i + 1)) });
      written.set(tag, 40);
      subject.tags.add(tag);
      subject.told = 0;
      // The log of the old file would damage the new one.
      for (const side of ['-wal', '-shm']) rmSync(path + side, { force: true });
      renameSync(other, path);
      writer = await startWriter(path, tag, mode);
    },
    end: async () => {
      // It can still write, and nothing is wrong with its file.
      expect((await writer.order({ append: 1 })).sequence).toBe((written.get(tag) ?? 0) + 1);
      await writer.end();
      const database = new Database(path);
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.prepare('SELECT count(*) FROM events').pluck().get()).toBe((written.get(tag) ?? 0) + 1);
      database.close();
    },
  };
  return subject;
}

async function serverSubject(server: PostgresServer, seed: number): Promise<Subject> {
  const schema = `storm_${seed}`;
  const address = server.url(`?schema=${schema}`);
  const client = await connect(server.url());
  onTestFinished(() => client.end());
  await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema};
    CREATE TABLE workflow_executions (execution_id text, workflow_id text, workflow_version text, status text, initial_input text, current_state text,
      started_at text, updated_at text, completed_at text);
    CREATE TABLE events (execution_id text, sequence bigint, kind_json text, created_at text, UNIQUE (execution_id, sequence));
    CREATE TABLE snapshots (execution_id text, at_sequence bigint, state_json text, created_at text);
    INSERT INTO workflow_executions VALUES ('run', 'w', '1', 'running', '{}', '{}', '2026-06-01T12:00:00+00:00', '2026-06-01T12:00:00+00:00', NULL)`);
  let count = 0;
  const written = new Map([['p', 0]]);
  return {
    address,
    tags: new Set(['p']),
    written,
    told: 0,
    source: 0,
    isOpening: false,
    append: async (more) => {
      for (let i = 0; i < more; i++) {
        count++;
        await client.query(`INSERT INTO events VALUES ('run', $1, $2, '2026-06-01T12:00:00+00:00')`, [count, writtenEvent('p', count).kind]);
      }
      written.set('p', count);
    },
    hold: async (hold) => void (await client.query(hold ? 'BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE' : 'COMMIT')),
    disturb: async () => void (await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hindsight'`)),
    end: async () => expect((await client.query('SELECT 1 FROM events')).rowCount).toBe(count),
  };
}

type Ask = <N extends keyof EngineRequests & string>(name: N, params: Params<N>) => Promise<AnswerOf<EngineRequests[N]> | undefined>;

/** Users and a nemesis at once. Every answer is compared with the naive fold; a Fault must be one that can be expected. */
async function storm(seed: number, server: PostgresServer): Promise<void> {
  const random = new Random(seed);
  const copies = join(temporaryFolder(), 'copies');
  mkdirSync(copies);
  const host = startHost({}, 10_000);
  const subjects = [await fileSubject('WAL', 'w'), await fileSubject('DELETE', 'd'), await serverSubject(server, seed)];
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = copies;
  try {
    for (const subject of subjects) {
      await subject.append(random.between(20, 120));
      subject.source = (await value(host.open(sourceSpec(subject.address)))).source;
    }
    for (let action = 0; action < ACTIONS; action += TABS) {
      const after = random.chance(0.25) ? await nemesis(host, random, subjects) : undefined;
      const tabs = Array.from({ length: TABS }, () => act(host, random, random.pick(subjects)));
      if (after !== undefined) {
        for (let turn = random.between(0, 300); turn > 0; turn--) await setImmediate();
        await after();
      }
      await Promise.all(tabs);
    }
    // When everything is over, everything is right again.
    await until(() => host.pids().length > 0 || host.givenUp.length > 0);
    for (const subject of subjects) {
      const opened = await value(host.open(sourceSpec(subject.address)));
      const tag = [...subject.tags].at(-1) ?? '';
      const last = subject.written.get(tag) ?? 0;
      const run = { source: opened.source, execution: 'run' };
      expect(await value(host.ask('executions.open', run))).toMatchObject({ lastSequence: last });
      expect((await value(host.ask('values.text', { ...run, sequence: last, reading: 'replay', pointer: '' }))).text).toBe(textOf(tag, last));
    }
    for (const subject of subjects) await subject.end();
    for (const { source } of host.sources.opened) await host.sources.close(source);
    expect(readdirSync(copies).filter((name) => name.startsWith('hindsight-copy-'))).toEqual([]);
    expect(host.pids()).toHaveLength(1);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    host.engine.close();
  }
}

function textOf(tag: string, sequence: number): string {
  return naiveText(
    Array.from({ length: sequence }, (_, i) => writtenEvent(tag, i + 1)),
    sequence,
  );
}

/** @returns what is done while users act. */
async function nemesis(host: HostEngine, random: Random, subjects: readonly Subject[]): Promise<(() => Promise<void>) | undefined> {
  const subject = random.pick(subjects);
  const choice = random.between(1, 10);
  if (choice <= 2) return async () => host.kill();
  if (choice <= 4) {
    await subject.hold(true);
    return () => subject.hold(false);
  }
  if (choice === 5) return subject.disturb;
  return () => subject.append(random.between(1, 10));
}

/** One action of a user. */
async function act(host: HostEngine, random: Random, subject: Subject): Promise<void> {
  const { source } = subject;
  const run = { source, execution: 'run' };
  const tags = [...subject.tags];
  const ask: Ask = async (name, params) => {
    const answer = await host.ask(name, params);
    if (answer.ok) return answer.value;
    expect([name, answer.fault]).toEqual([name, { ...answer.fault, kind: expect.toBeOneOf([...EXPECTED]) }]);
    return undefined;
  };
  /** What is shown must be the state of one of the logs that may be shown, at the sequence or, if less may be known, at one from `least` on. */
  const isRight = (shown: string, sequence: number, about: unknown, least = sequence): void => {
    compared++;
    const moments = Array.from({ length: sequence - least + 1 }, (_, i) => least + i);
    const expected = [...new Set([...tags, ...subject.tags])].flatMap((tag) => moments.map((moment) => textOf(tag, moment)));
    if (!expected.includes(shown)) throw new Error(`at ${sequence} of ${tags} and then ${[...subject.tags]}: ${shown} ${JSON.stringify(about)}`);
  };
  const known = (): number => Math.max(...[...subject.written.values()]);
  const toldBefore = subject.told;
  /** Whether all answers are about one file, which only grows. */
  const isSame = (): boolean => subject.source === source && subject.tags.size === 1 && tags.length === 1;
  const hasTold = (last: number): void => {
    if (isSame()) subject.told = Math.max(subject.told, last);
  };
  const choice = random.between(1, 20);
  const sequence = random.between(0, known());
  if (choice <= 2) {
    // One at a time, so that only one source of a subject is open.
    if (subject.isOpening) return;
    subject.isOpening = true;
    if (choice === 2) await host.sources.close(source);
    const opened = choice === 2 ? await host.open(sourceSpec(subject.address)) : await host.sources.reload(source);
    subject.isOpening = false;
    if (!opened.ok) return expect(EXPECTED).toContain(opened.fault.kind);
    subject.source = opened.value.source;
    subject.told = 0;
    // What had replaced another one before is the only one from now on.
    for (const tag of tags.slice(0, -1)) subject.tags.delete(tag);
    return;
  }
  if (choice <= 4) {
    const opened = await ask('executions.open', run);
    if (opened === undefined) return;
    expect(opened.lastSequence).toBeLessThanOrEqual(known());
    hasTold(opened.lastSequence);
  } else if (choice <= 6) {
    const page = await ask('events.page', { ...run, from: random.between(0, 30), count: 50, filter: '' });
    if (page === undefined) return;
    expect(page.rows.map((row) => row.sequence)).toEqual(page.rows.map((_, i) => page.from + i + 1));
  } else if (choice <= 8) {
    const text = await ask('values.text', { ...run, sequence, reading: 'replay', pointer: '' });
    // The log that is known may end before the sequence, but not before what was told of it.
    if (text !== undefined) isRight(text.text, sequence, 'values.text', isSame() ? Math.min(sequence, toldBefore) : 0);
  } else if (choice <= 9) await ask('executions.facets', { source });
  else if (choice <= 10) await ask('executions.close', run);
  else {
    const frame = await ask('frame.at', { ...run, sequence, reading: 'replay', want: { text: { from: 0, count: 100 } } });
    if (frame === undefined) return;
    // What is asked for behind the end of the log that is known is shown at its end, and says so.
    expect([frame.source, frame.sequence]).toEqual([source, Math.min(sequence, frame.lastSequence)]);
    hasTold(frame.lastSequence);
    const { text } = frame.slices;
    if (text !== undefined && frame.incompleteFrom === null) isRight(text.lines.join('\n'), frame.sequence, { ...frame, slices: undefined });
  }
}

it(
  `F42: in ${SEEDS} storms of ${ACTIONS} actions, each state is that of the naive fold or a Fault is shown, and every writer can write`,
  async ({ task }) => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.stop());
    task.meta.size = `${SEEDS} seeds of ${ACTIONS} actions`;
    await tries(task, SEEDS, async (number) => {
      compared = 0;
      try {
        await storm(SEED + number, server);
        expect(compared).toBeGreaterThan(ACTIONS / 10);
      } catch (error) {
        throw new Error(`seed ${SEED + number}: ${(error as Error).message}`, { cause: error });
      }
    });
  },
  600 * MINUTES,
);

/**
 * Makes the sample databases, byte for byte the same each time.
 *
 *   npm run sample                                     samples/runtime.db and samples/generation-3.db
 *   npm run sample -- --events 100000 --out big.db     one agent run with about so many events
 *   npm run sample -- --seed 7 …                       another one
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { fromPlain } from '../core/json/plain.ts';
import { SqliteBackend } from '../core/store/sqlite.ts';
import { agentRun } from './sample/agent-run.ts';
import { continued, invoice, limited, loan, reply, triage, wronglySnapshotted } from './sample/other-runs.ts';
import { Random } from './sample/random.ts';
import { Recording } from './sample/recording.ts';
import { WORKFLOWS } from './sample/workflows.ts';

const START = Date.UTC(2026, 5, 1, 9, 0, 0);
const MADE_AT = '2026-06-01T08:55:00+00:00';
const MINUTE = 60_000;
/** About how many events one round of the agent run has. */
const EVENTS_A_ROUND = 25;

const { values } = parseArgs({ options: { events: { type: 'string' }, out: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? 1);

if (values.events !== undefined) {
  await makeLarge(values.out ?? `samples/${values.events}.db`, Number(values.events));
} else {
  const folder = values.out ?? join(import.meta.dirname, '..', 'samples');
  await makeSample(join(folder, 'runtime.db'));
  await makeTwin(join(folder, 'generation-3.db'));
}

async function makeSample(path: string): Promise<void> {
  await write(path, 11, (recording, random) => {
    let minute = 0;
    const place = () => {
      minute += random.between(3, 19);
      return { recording, random, startedAt: START + minute * MINUTE };
    };
    for (let i = 0; i < 12; i++) invoice(place(), { ask: i % 4 === 1 });
    for (let i = 0; i < 9; i++) reply(place(), { snapshotEvery: i === 2 ? 0 : 1, status: i === 5 ? 'cancelled' : 'completed' });
    for (let i = 0; i < 6; i++) triage(place(), { unknown: i === 3 });
    for (let i = 0; i < 6; i++) loan(place(), { outcome: i === 1 ? 'rejected' : i === 4 ? 'failed' : 'approved' });
    limited(place());
    wronglySnapshotted(place());
    loan(place(), { id: '6a90e1b2-0c3d-4e5f-8a6b-7c8d9e0f1a2b' });
    continued(place());
    agentRun(recording, random, place().startedAt);
    loan(place(), { outcome: 'waiting' });
    reply(place(), { status: 'running' });
    invoice(place());
    reply(place(), { status: 'running' });
  });
  // A row that is gone: no store makes that, but a person with SQL does.
  const database = new Database(path);
  database.prepare(`DELETE FROM events WHERE execution_id = '6a90e1b2-0c3d-4e5f-8a6b-7c8d9e0f1a2b' AND sequence = 9`).run();
  database.close();
  report(path);
}

async function makeTwin(path: string): Promise<void> {
  await write(path, 3, (recording, random) => {
    let minute = 0;
    const place = () => {
      minute += 7;
      return { recording, random, startedAt: START + minute * MINUTE };
    };
    for (let i = 0; i < 3; i++) loan(place(), { outcome: i === 1 ? 'rejected' : 'approved', snapshotEvery: 3 });
    invoice(place(), { ask: true });
    reply(place(), { status: 'running' });
    triage(place());
  });
  report(path);
}

async function makeLarge(path: string, events: number): Promise<void> {
  await write(path, 11, (recording, random) => {
    agentRun(recording, random, START, { rounds: Math.max(1, Math.round(events / EVENTS_A_ROUND)), large: true });
    for (let i = 0; i < 3; i++) invoice({ recording, random, startedAt: START + i * MINUTE });
  });
  report(path);
}

async function write(path: string, generation: 3 | 11, runs: (recording: Recording, random: Random) => void): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const recording = new Recording(Date.parse(MADE_AT));
  const store = await SqliteBackend.open(path, { generation, clock: () => recording.now });
  await store.createTenant({ id: 'acme', name: 'Acme Ltd' });
  for (const { id, version, ir } of Object.values(WORKFLOWS)) await store.storeWorkflow({ workflowId: id, version, ir: fromPlain(ir), createdAt: MADE_AT });
  runs(recording, new Random(seed));
  await recording.play(store);
  await store.close();
}

function report(path: string): void {
  const database = new Database(path, { readonly: true });
  const [executions, events, snapshots] = ['workflow_executions', 'events', 'snapshots'].map((table) =>
    database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
  );
  database.close();
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  console.log(`${path}: ${executions} executions, ${events} events, ${snapshots} snapshots, ${(statSync(path).size / 1024).toFixed(0)} KiB`);
}

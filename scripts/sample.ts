/**
 * Creates the sample databases, byte for byte the same each time.
 *
 *   npm run sample                                     samples/runtime.db and samples/generation-3.db
 *   npm run sample -- --events 100000 --out big.db     one long execution with about that many events
 *   npm run sample -- --seed 7 …                       other random content
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { fromPlain } from '../core/json/plain.ts';
import { SqliteBackend } from '../core/store/sqlite.ts';
import { agentExecution } from './sample/agent-execution.ts';
import { AGENTS, contractReview, faq, orderSupport } from './sample/agents.ts';
import { writeAuditLog } from './sample/audit-log.ts';
import * as failing from './sample/failing-executions.ts';
import { continued, invoice, limited, loan, reply, triage, wronglySnapshotted } from './sample/other-executions.ts';
import { Random } from './sample/random.ts';
import { Recording } from './sample/recording.ts';
import { type SampleWorkflow, WORKFLOWS } from './sample/workflows.ts';

const START = Date.UTC(2026, 5, 1, 9, 0, 0);
const MADE_AT = '2026-06-01T08:55:00+00:00';
const MINUTE = 60_000;
/** The approximate number of events in a round of the agent's execution. */
const EVENTS_PER_ROUND = 25;
const { loanReview, researchAgent, invoiceIntake, supportReply, triage: sorting } = WORKFLOWS;
const OLDER_WORKFLOWS: readonly SampleWorkflow[] = [loanReview, researchAgent, invoiceIntake, supportReply, sorting];

const { values } = parseArgs({ options: { events: { type: 'string' }, out: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? 1);

if (values.events !== undefined) {
  await makeLarge(values.out ?? `samples/${values.events}.db`, Number(values.events));
} else {
  const folder = values.out ?? join(import.meta.dirname, '..', 'samples');
  await makeSample(join(folder, 'runtime.db'));
  await makeOlderSample(join(folder, 'generation-3.db'));
}

async function makeSample(path: string): Promise<void> {
  await write(path, 11, [...Object.values(WORKFLOWS), ...Object.values(AGENTS)], (recording, random) => {
    let minute = 0;
    const nextStart = () => {
      minute += random.between(3, 19);
      return { recording, random, startedAt: START + minute * MINUTE };
    };
    for (let i = 0; i < 12; i++) invoice(nextStart(), { ask: i % 4 === 1 });
    for (let i = 0; i < 9; i++) reply(nextStart(), { snapshotEvery: i === 2 ? 0 : 1, status: i === 5 ? 'cancelled' : 'completed' });
    for (let i = 0; i < 6; i++) triage(nextStart(), { unknown: i === 3 });
    for (let i = 0; i < 6; i++) loan(nextStart(), { outcome: i === 1 ? 'rejected' : i === 4 ? 'failed' : 'approved' });
    limited(nextStart());
    wronglySnapshotted(nextStart());
    loan(nextStart(), { id: '6a90e1b2-0c3d-4e5f-8a6b-7c8d9e0f1a2b' });
    continued(nextStart());
    agentExecution(recording, random, nextStart().startedAt);
    loan(nextStart(), { outcome: 'waiting' });
    reply(nextStart(), { status: 'running' });
    invoice(nextStart());
    reply(nextStart(), { status: 'running' });
    recordAgentsAndFailures(recording);
  });
  const database = new Database(path);
  writeAuditLog(database, seed);
  // A gap in a log and a damaged event. The store never leaves them, but somebody with SQL can.
  database.prepare(`DELETE FROM events WHERE execution_id = '6a90e1b2-0c3d-4e5f-8a6b-7c8d9e0f1a2b' AND sequence = 9`).run();
  database.prepare(`UPDATE events SET kind_json = substr(kind_json, 1, 60) WHERE execution_id = ? AND sequence = 6`).run(failing.UNREADABLE);
  database.close();
  report(path);
}

/** Between the other runs in time, with random content of its own, so that those stay as they are. */
function recordAgentsAndFailures(recording: Recording): void {
  const random = new Random(seed + 1);
  const at = (minute: number) => ({ recording, random, startedAt: START + minute * MINUTE });
  contractReview(at(62));
  orderSupport(at(171));
  faq(at(188));
  for (const minute of [95, 96, 97]) failing.rateLimited(at(minute));
  for (const minute of [240, 241]) failing.workerDied(at(minute));
  failing.forbidden(at(214));
  failing.timedOut(at(45));
  failing.childFailed(at(301));
  failing.failedByHand(at(318));
  failing.withoutWorkItem(at(239));
  failing.withoutDefinition(at(330));
  failing.unreadable(at(352));
}

async function makeOlderSample(path: string): Promise<void> {
  await write(path, 3, OLDER_WORKFLOWS, (recording, random) => {
    let minute = 0;
    const nextStart = () => {
      minute += 7;
      return { recording, random, startedAt: START + minute * MINUTE };
    };
    for (let i = 0; i < 3; i++) loan(nextStart(), { outcome: i === 1 ? 'rejected' : 'approved', snapshotEvery: 3 });
    invoice(nextStart(), { ask: true });
    reply(nextStart(), { status: 'running' });
    triage(nextStart());
  });
  report(path);
}

async function makeLarge(path: string, events: number): Promise<void> {
  await write(path, 11, OLDER_WORKFLOWS, (recording, random) => {
    agentExecution(recording, random, START, { rounds: Math.max(1, Math.round(events / EVENTS_PER_ROUND)), large: true });
    for (let i = 0; i < 3; i++) invoice({ recording, random, startedAt: START + i * MINUTE });
  });
  report(path);
}

async function write(
  path: string,
  generation: 3 | 11,
  workflows: readonly SampleWorkflow[],
  record: (recording: Recording, random: Random) => void,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const recording = new Recording(Date.parse(MADE_AT));
  const store = await SqliteBackend.open(path, { generation, clock: () => recording.now });
  await store.createTenant({ id: 'acme', name: 'Acme Ltd' });
  for (const { id, version, ir } of workflows) await store.storeWorkflow({ workflowId: id, version, ir: fromPlain(ir), createdAt: MADE_AT });
  record(recording, new Random(seed));
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

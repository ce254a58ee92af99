/**
 * `npm run test:interop`: the store against the published runtime, where cargo is. For `jamjet-state` 0.3.2 (generation 3)
 * and 0.5.0 (generation 11), by seed:
 *
 * - one script of operations is performed by our store on its file and by the runtime on another: every result, every
 *   row of every table, and both programs' reading of both files (each field, the state at every sequence) must agree;
 * - the debugger's state at every sequence of both files is the runtime's;
 * - a copy of each golden database that our store has appended to still opens there, with the same answers as here;
 * - the runtime appends to our file, and our store to the runtime's.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';
import { OpenExecution } from '../core/debugger/execution.ts';
import { eachMoment } from '../core/debugger/moment.ts';
import { normalTime } from '../core/jamjet/time.ts';
import { fromPlain } from '../core/json/plain.ts';
import { canonicalJson } from '../core/json/print.ts';
import { parseJson, readJson } from '../core/json/read.ts';
import { isArray, isObject, type Json, type JsonObject } from '../core/json/value.ts';
import { type Materialized, origin } from '../core/replay/fold.ts';
import { readByRuntime } from '../core/replay/recovery.ts';
import { SqliteSource } from '../core/source/sqlite/source.ts';
import { applyEvents, materialize } from '../core/store/materialize.ts';
import { SqliteBackend } from '../core/store/sqlite.ts';
import { perform } from '../test/interop/perform.ts';
import { Script } from '../test/interop/script.ts';
import { runtimeProgram } from './runtime.ts';
import { fail, say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const SEEDS = (process.env['SEED'] ?? '1,2,3').split(',').map(Number);
const VERSIONS = [
  { version: '0.3.2', generation: 3, golden: 'runtime-0.3.2' },
  { version: '0.5.0', generation: 11, golden: 'runtime-0.5.0' },
] as const;

let [passed, failed] = [0, 0];

function agree(what: string, ours: unknown, theirs: unknown): void {
  if (isDeepStrictEqual(ours, theirs)) {
    passed++;
    return;
  }
  failed++;
  if (failed <= 10) console.log(`DIFFERENT: ${what}\n  ours   ${short(ours)}\n  theirs ${short(theirs)}`);
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 1500);
}

function runtime(program: string, verb: 'run' | 'read', database: string, input = ''): readonly JsonObject[] {
  const { status, stdout, stderr } = spawnSync(program, [verb, database], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) fail(`The runtime could not ${verb} ${database}: ${stderr}`);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [parseJson(line) as JsonObject]));
}

/** Numbers as the runtime's reader takes them, one spelling of exponents, times in one form. */
function normal(value: Json): unknown {
  if (typeof value === 'string') return normalTime(value) ?? value;
  return plain(readByRuntime(value));
}

function plain(value: Json): unknown {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? (normalTime(value) ?? value) : value;
  if (isArray(value)) return value.map(plain);
  if (isObject(value)) return [...value].map(([key, member]) => [key, plain(member)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return canonicalJson(value).replace(/(\d)e(\d)/, '$1e+$2');
}

function momentOf(at: number, { status, currentState, completedNodes, activeNodes, lastSequence }: Materialized): unknown {
  return plain(
    fromPlain({
      at,
      status,
      current_state: readByRuntime(currentState),
      completed_nodes: readByRuntime(completedNodes),
      active_nodes: [...activeNodes].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      last_sequence: lastSequence,
    }),
  );
}

/** The runtime's reading of a file against our store's and our debugger's: every field at every sequence. */
async function sameReading(name: string, program: string, path: string, generation: number): Promise<void> {
  const theirs = runtime(program, 'read', path);
  const store = await SqliteBackend.open(path);
  const ours = await store.listExecutions({ limit: 1e9 });
  agree(
    `${name}: executions`,
    new Set(ours.map(({ executionId }) => executionId)),
    new Set(theirs.map((record) => bare((record.get('execution') as JsonObject).get('execution_id')))),
  );
  for (const record of theirs) {
    const execution = record.get('execution') as JsonObject;
    const id = bare(execution.get('execution_id'));
    const mine = await store.getExecution(id);
    if (mine === undefined) continue;
    for (const [field, value] of [
      ['workflow_id', mine.workflowId],
      ['workflow_version', mine.workflowVersion],
      ['status', mine.status],
      ['initial_input', mine.initialInput],
      ['current_state', mine.currentState],
      ['started_at', mine.startedAt],
      ['updated_at', mine.updatedAt],
      ['completed_at', mine.completedAt ?? null],
      ...(generation === 11 ? [['segment_number', mine.segmentNumber ?? 0] as const] : []),
    ] as const)
      agree(`${name}: ${field} of ${id}`, normal(value), normal(execution.get(field) ?? null));
    const events = await store.getEvents(id);
    const told = record.get('events') as readonly JsonObject[];
    agree(`${name}: number of events of ${id}`, events.length, told.length);
    events.forEach((event, i) => {
      const row = told[i] as JsonObject;
      agree(
        `${name}: event ${event.sequence} of ${id}`,
        [event.id, String(event.sequence), normal(event.createdAt), normal(event.kind)],
        [row.get('id'), String(row.get('sequence')), normal(row.get('created_at') ?? null), normal(row.get('kind') ?? null)],
      );
    });
    const snapshot = await store.latestSnapshot(id);
    const taken = record.get('snapshot');
    agree(
      `${name}: snapshot of ${id}`,
      snapshot && [String(snapshot.atSequence), normal(snapshot.state), normal(snapshot.createdAt)],
      isObject(taken) ? [String(taken.get('at_sequence')), normal(taken.get('state') ?? null), normal(taken.get('created_at') ?? null)] : undefined,
    );
    const moments = record.get('moments') as readonly JsonObject[];
    const base = origin(mine.initialInput);
    moments.forEach((moment, i) =>
      agree(`${name}: replay of ${id} at ${i}`, momentOf(i === 0 ? 0 : (events[i - 1]?.sequence ?? 0), applyEvents(base, events.slice(0, i))), plain(moment)),
    );
    agree(`${name}: recovery of ${id}`, momentOf(0, await materialize(store, id)), plain(record.get('recovery') ?? null));
  }
  await store.close();
  await sameInDebugger(name, path, theirs);
}

/** The debugger's own pass over the log, against the runtime's states. */
async function sameInDebugger(name: string, path: string, theirs: readonly JsonObject[]): Promise<void> {
  const source = SqliteSource.open({ original: path, path, access: 'live', folder: undefined });
  for (const record of theirs) {
    const id = bare((record.get('execution') as JsonObject).get('execution_id'));
    const execution = await OpenExecution.open(source, id);
    const states = new Map((record.get('moments') as readonly JsonObject[]).map((moment) => [Number(moment.get('last_sequence')), moment]));
    for await (const { atSequence, currentState, completedNodes, activeNodes } of eachMoment(execution, 'replay', 1, Number.MAX_SAFE_INTEGER)) {
      const told = states.get(atSequence);
      agree(
        `${name}: debugger of ${id} at ${atSequence}`,
        [normal(currentState), normal(completedNodes), [...activeNodes].sort()],
        told && [
          normal(told.get('current_state') ?? null),
          normal(told.get('completed_nodes') ?? null),
          [...(told.get('active_nodes') as readonly string[])].sort(),
        ],
      );
    }
  }
  source.close();
}

function bare(id: Json | undefined): string {
  const digits = String(id)
    .replace(/^exec_/, '')
    .replaceAll('-', '');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
}

/** Every row of every table, without what the clock or chance decides. */
function sameRows(name: string, ours: string, theirs: string): void {
  const [mine, told] = [tablesOf(ours), tablesOf(theirs)];
  agree(`${name}: tables`, [...mine.keys()], [...told.keys()]);
  for (const [table, rows] of mine) {
    const others = told.get(table) ?? [];
    agree(`${name}: number of rows in ${table}`, rows.length, others.length);
    rows.forEach((row, i) => agree(`${name}: row ${i} of ${table}`, row, others[i]));
  }
}

function tablesOf(path: string): Map<string, readonly string[]> {
  const database = new Database(path, { readonly: true });
  const names = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).pluck().all() as string[];
  const tables = new Map<string, readonly string[]>();
  for (const name of names) {
    const rows = database.prepare(`SELECT * FROM "${name}"`).all() as Record<string, unknown>[];
    tables.set(name, rows.map((row) => JSON.stringify(Object.entries(row).map(([column, value]) => [column, cell(name, column, value)]))).sort());
  }
  database.close();
  return tables;
}

const NOW_OR_CHANCE = /^(updated_at|completed_at|claimed_at|lease_expires_at|retry_after|dead_lettered_at|recorded_at|installed_on|execution_time|token_hash)$/;

function cell(table: string, column: string, value: unknown): unknown {
  if (column === 'last_used_at') return 'some';
  if (value === null) return null;
  if (NOW_OR_CHANCE.test(column) || (table === 'api_tokens' && (column === 'id' || column === 'created_at'))) return 'some';
  if ((table === 'tenants' || table === 'artifacts') && column === 'created_at') return 'some';
  // The snapshot that ends a turn gets an id of its own.
  if (table === 'snapshots' && (column === 'id' || column === 'created_at')) return 'some';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const read = typeof value === 'string' && /_json$|^initial_input$|^current_state$/.test(column) ? readJson(value) : undefined;
  if (read?.ok === true) return column === 'active_nodes_json' ? [...(read.value as string[])].sort() : normal(read.value);
  return value;
}

async function compare({ version, generation, golden }: (typeof VERSIONS)[number]): Promise<void> {
  const program =
    runtimeProgram(version) ??
    fail('cargo is not on this machine: nothing was checked against the real runtime. Install Rust from rustup.rs and run this again.');
  const folder = mkdtempSync(join(tmpdir(), 'hindsight-interop-'));
  for (const seed of SEEDS) {
    const name = `${version}, seed ${seed}`;
    const { operations } = new Script(seed, generation);
    const [ours, theirs] = [join(folder, `ours-${seed}.db`), join(folder, `theirs-${seed}.db`)];
    const store = await SqliteBackend.open(ours, { generation });
    await store.createTenant({ id: 'acme-ü', name: 'Acme' });
    // The runtime makes its own file; the tenant goes into both through our store.
    runtime(program, 'run', theirs);
    const other = await SqliteBackend.open(theirs);
    await other.createTenant({ id: 'acme-ü', name: 'Acme' });
    const { token } = await other.createToken('ci', 'operator');
    await other.close();
    const results = runtime(program, 'run', theirs, operations.map((operation) => `${canonicalOperation(operation)}\n`).join(''));
    for (const [i, operation] of operations.entries()) {
      agree(`${name}: ${operation.op} (${i})`, plain(readByRuntime(fromPlain(await perform(store, operation)))), plain(results[i] ?? null));
    }
    await store.createToken('ci', 'operator');
    await store.close();
    sameRows(name, ours, theirs);
    await sameReading(`${name}, our file`, program, ours, generation);
    await sameReading(`${name}, their file`, program, theirs, generation);

    const [checked] = runtime(program, 'run', theirs, `${JSON.stringify({ op: 'validate_token', token })}\n`);
    agree(`${name}: our token there`, checked?.get('ok'), 'ci');
    // Each goes on in the other's file.
    const more = new Script(seed + 1000, generation).operations;
    runtime(program, 'run', ours, more.map((operation) => `${canonicalOperation(operation)}\n`).join(''));
    const again = await SqliteBackend.open(theirs);
    for (const operation of more) await perform(again, operation);
    await again.close();
    sameRows(`${name}, after the other went on`, ours, theirs);
    await sameReading(`${name}, our file, continued by the runtime`, program, ours, generation);
    await sameReading(`${name}, their file, continued here`, program, theirs, generation);
  }
  const copy = join(folder, 'golden.db');
  copyFileSync(join(ROOT, 'test', 'golden', `${golden}.db`), copy);
  const store = await SqliteBackend.open(copy);
  for (const { executionId } of await store.listExecutions({ limit: 1e9 })) {
    const kind = { type: 'node_completed', node_id: 'added', output: 1, state_patch: { added: { here: true } }, duration_ms: 1 };
    await store.appendEvent({ id: crypto.randomUUID(), executionId, kind, createdAt: new Date().toISOString() });
  }
  await store.close();
  await sameReading(`${version}, golden`, program, copy, generation);
  rmSync(folder, { recursive: true, force: true });
}

function canonicalOperation(operation: object): string {
  return canonicalJson(fromPlain(operation as Parameters<typeof fromPlain>[0]));
}

for (const version of VERSIONS) {
  const before = passed + failed;
  await compare(version);
  say(`jamjet-state ${version.version}: ${passed + failed - before} comparisons`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

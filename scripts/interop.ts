/**
 * `npm run test:interop` compares the store with the published runtimes; it needs cargo. For `jamjet-state` 0.3.2 (generation 3)
 * and 0.5.0 (generation 11), and for each seed:
 *
 * - the store and the runtime perform the same operations, each on a file of its own. Every result, every row of every table,
 *   and what both programs read from both files (each field, the state at every sequence) must be equal;
 * - the debugger's state at every sequence of both files must equal the runtime's;
 * - each program appends to the other's file, and everything must still be equal;
 * - the runtime must open a copy of the golden database to which the store has appended.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';
import { eachMoment } from '../core/debugger/answers/moments.ts';
import { OpenExecution } from '../core/debugger/open-execution.ts';
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

function expectEqual(what: string, store: unknown, runtime: unknown): void {
  if (isDeepStrictEqual(store, runtime)) {
    passed++;
    return;
  }
  failed++;
  if (failed <= 10) console.log(`DIFFERENT: ${what}\n  store   ${short(store)}\n  runtime ${short(runtime)}`);
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 1500);
}

function runtime(program: string, verb: 'run' | 'read', database: string, input = ''): readonly JsonObject[] {
  const { status, stdout, stderr } = spawnSync(program, [verb, database], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) fail(`The runtime could not ${verb} ${database}: ${stderr}`);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [parseJson(line) as JsonObject]));
}

/** A comparable form of a value: numbers as the runtime reads them, one spelling of exponents, one form of times. */
function comparable(value: Json): unknown {
  if (typeof value === 'string') return normalTime(value) ?? value;
  return withoutSpelling(readByRuntime(value));
}

function withoutSpelling(value: Json): unknown {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? (normalTime(value) ?? value) : value;
  if (isArray(value)) return value.map(withoutSpelling);
  if (isObject(value)) return [...value].map(([key, member]) => [key, withoutSpelling(member)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return canonicalJson(value).replace(/(\d)e(\d)/, '$1e+$2');
}

function momentOf(at: number, { status, currentState, completedNodes, activeNodes, lastSequence }: Materialized): unknown {
  return withoutSpelling(
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

/** Compares what the runtime reads from a file with what the store and the debugger read: every field, the state at every sequence. */
async function compareReading(name: string, program: string, path: string, generation: number): Promise<void> {
  const runtimeRecords = runtime(program, 'read', path);
  const store = await SqliteBackend.open(path);
  const executions = await store.listExecutions({ limit: 1e9 });
  expectEqual(
    `${name}: executions`,
    new Set(executions.map(({ executionId }) => executionId)),
    new Set(runtimeRecords.map((record) => storedId((record.get('execution') as JsonObject).get('execution_id')))),
  );
  for (const record of runtimeRecords) {
    const execution = record.get('execution') as JsonObject;
    const id = storedId(execution.get('execution_id'));
    const stored = await store.getExecution(id);
    if (stored === undefined) continue;
    for (const [field, value] of [
      ['workflow_id', stored.workflowId],
      ['workflow_version', stored.workflowVersion],
      ['status', stored.status],
      ['initial_input', stored.initialInput],
      ['current_state', stored.currentState],
      ['started_at', stored.startedAt],
      ['updated_at', stored.updatedAt],
      ['completed_at', stored.completedAt ?? null],
      ...(generation === 11 ? [['segment_number', stored.segmentNumber ?? 0] as const] : []),
    ] as const)
      expectEqual(`${name}: ${field} of ${id}`, comparable(value), comparable(execution.get(field) ?? null));
    const events = await store.getEvents(id);
    const runtimeEvents = record.get('events') as readonly JsonObject[];
    expectEqual(`${name}: number of events of ${id}`, events.length, runtimeEvents.length);
    events.forEach((event, i) => {
      const row = runtimeEvents[i] as JsonObject;
      expectEqual(
        `${name}: event ${event.sequence} of ${id}`,
        [event.id, String(event.sequence), comparable(event.createdAt), comparable(event.kind)],
        [row.get('id'), String(row.get('sequence')), comparable(row.get('created_at') ?? null), comparable(row.get('kind') ?? null)],
      );
    });
    const snapshot = await store.latestSnapshot(id);
    const runtimeSnapshot = record.get('snapshot');
    expectEqual(
      `${name}: snapshot of ${id}`,
      snapshot && [String(snapshot.atSequence), comparable(snapshot.state), comparable(snapshot.createdAt)],
      isObject(runtimeSnapshot)
        ? [String(runtimeSnapshot.get('at_sequence')), comparable(runtimeSnapshot.get('state') ?? null), comparable(runtimeSnapshot.get('created_at') ?? null)]
        : undefined,
    );
    const moments = record.get('moments') as readonly JsonObject[];
    const base = origin(stored.initialInput);
    moments.forEach((moment, i) =>
      expectEqual(
        `${name}: replay of ${id} at ${i}`,
        momentOf(i === 0 ? 0 : (events[i - 1]?.sequence ?? 0), applyEvents(base, events.slice(0, i))),
        withoutSpelling(moment),
      ),
    );
    expectEqual(`${name}: recovery of ${id}`, momentOf(0, await materialize(store, id)), withoutSpelling(record.get('recovery') ?? null));
  }
  await store.close();
  await compareInDebugger(name, path, runtimeRecords);
}

/** Compares the states that the debugger computes in one pass over the log with the runtime's. */
async function compareInDebugger(name: string, path: string, runtimeRecords: readonly JsonObject[]): Promise<void> {
  const source = await SqliteSource.open({ original: path, real: path, path, access: 'live' });
  for (const record of runtimeRecords) {
    const id = storedId((record.get('execution') as JsonObject).get('execution_id'));
    const execution = await OpenExecution.open(source, id);
    const states = new Map((record.get('moments') as readonly JsonObject[]).map((moment) => [Number(moment.get('last_sequence')), moment]));
    for await (const { atSequence, currentState, completedNodes, activeNodes } of eachMoment(execution, 'replay', 1, Number.MAX_SAFE_INTEGER)) {
      const runtimeState = states.get(atSequence);
      expectEqual(
        `${name}: debugger of ${id} at ${atSequence}`,
        [comparable(currentState), comparable(completedNodes), [...activeNodes].sort()],
        runtimeState && [
          comparable(runtimeState.get('current_state') ?? null),
          comparable(runtimeState.get('completed_nodes') ?? null),
          [...(runtimeState.get('active_nodes') as readonly string[])].sort(),
        ],
      );
    }
  }
  source.close();
}

function storedId(id: Json | undefined): string {
  const digits = String(id)
    .replace(/^exec_/, '')
    .replaceAll('-', '');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
}

/** Compares every row of every table, except values that depend on time or chance. */
function compareRows(name: string, storeFile: string, runtimeFile: string): void {
  const [storeTables, runtimeTables] = [tablesOf(storeFile), tablesOf(runtimeFile)];
  expectEqual(`${name}: tables`, [...storeTables.keys()], [...runtimeTables.keys()]);
  for (const [table, rows] of storeTables) {
    const others = runtimeTables.get(table) ?? [];
    expectEqual(`${name}: number of rows in ${table}`, rows.length, others.length);
    rows.forEach((row, i) => expectEqual(`${name}: row ${i} of ${table}`, row, others[i]));
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

const TIME_OR_CHANCE =
  /^(updated_at|completed_at|claimed_at|lease_expires_at|retry_after|dead_lettered_at|recorded_at|installed_on|execution_time|token_hash)$/;

function cell(table: string, column: string, value: unknown): unknown {
  if (column === 'last_used_at') return 'some';
  if (value === null) return null;
  if (TIME_OR_CHANCE.test(column) || (table === 'api_tokens' && (column === 'id' || column === 'created_at'))) return 'some';
  if ((table === 'tenants' || table === 'artifacts') && column === 'created_at') return 'some';
  // The snapshot that commitTurn writes gets a random id.
  if (table === 'snapshots' && (column === 'id' || column === 'created_at')) return 'some';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const read = typeof value === 'string' && /_json$|^initial_input$|^current_state$/.test(column) ? readJson(value) : undefined;
  if (read?.ok === true) return column === 'active_nodes_json' ? [...(read.value as string[])].sort() : comparable(read.value);
  return value;
}

async function compare({ version, generation, golden }: (typeof VERSIONS)[number]): Promise<void> {
  const program =
    runtimeProgram(version) ?? fail('cargo is not installed, so nothing was compared with the runtime. Install Rust from rustup.rs and try again.');
  const folder = mkdtempSync(join(tmpdir(), 'hindsight-interop-'));
  for (const seed of SEEDS) {
    const name = `${version}, seed ${seed}`;
    const { operations } = new Script(seed, generation);
    const [storeFile, runtimeFile] = [join(folder, `store-${seed}.db`), join(folder, `runtime-${seed}.db`)];
    const store = await SqliteBackend.open(storeFile, { generation });
    await store.createTenant({ id: 'acme-ü', name: 'Acme' });
    // The runtime creates its own file; the store adds the tenant to both.
    runtime(program, 'run', runtimeFile);
    const other = await SqliteBackend.open(runtimeFile);
    await other.createTenant({ id: 'acme-ü', name: 'Acme' });
    const { token } = await other.createToken('ci', 'operator');
    await other.close();
    const results = runtime(program, 'run', runtimeFile, operations.map((operation) => `${canonicalOperation(operation)}\n`).join(''));
    for (const [i, operation] of operations.entries()) {
      expectEqual(
        `${name}: ${operation.op} (${i})`,
        withoutSpelling(readByRuntime(fromPlain(await perform(store, operation)))),
        withoutSpelling(results[i] ?? null),
      );
    }
    await store.createToken('ci', 'operator');
    await store.close();
    compareRows(name, storeFile, runtimeFile);
    await compareReading(`${name}, the store's file`, program, storeFile, generation);
    await compareReading(`${name}, the runtime's file`, program, runtimeFile, generation);

    const [checked] = runtime(program, 'run', runtimeFile, `${JSON.stringify({ op: 'validate_token', token })}\n`);
    expectEqual(`${name}: the store's token in the runtime`, checked?.get('ok'), 'ci');
    // Each continues in the other's file.
    const more = new Script(seed + 1000, generation).operations;
    runtime(program, 'run', storeFile, more.map((operation) => `${canonicalOperation(operation)}\n`).join(''));
    const again = await SqliteBackend.open(runtimeFile);
    for (const operation of more) await perform(again, operation);
    await again.close();
    compareRows(`${name}, after each continued the other's file`, storeFile, runtimeFile);
    await compareReading(`${name}, the store's file, continued by the runtime`, program, storeFile, generation);
    await compareReading(`${name}, the runtime's file, continued by the store`, program, runtimeFile, generation);
  }
  const copy = join(folder, 'golden.db');
  copyFileSync(join(ROOT, 'test', 'golden', `${golden}.db`), copy);
  const store = await SqliteBackend.open(copy);
  for (const { executionId } of await store.listExecutions({ limit: 1e9 })) {
    const kind = { type: 'node_completed', node_id: 'added', output: 1, state_patch: { added: { here: true } }, duration_ms: 1 } as const;
    await store.appendEvent({ id: crypto.randomUUID(), executionId, kind, createdAt: new Date().toISOString() });
  }
  await store.close();
  await compareReading(`${version}, golden`, program, copy, generation);
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

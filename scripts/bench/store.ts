import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { readEvent } from '../../core/jamjet/event.ts';
import type { EventKind } from '../../core/jamjet/event-kind.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { applyEvent, origin } from '../../core/replay/fold.ts';
import { materialize } from '../../core/store/materialize.ts';
import type { NewEvent, StateBackend } from '../../core/store/port.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { PostgresServer } from '../../test/support/postgres-server.ts';
import { runtimeProgram } from '../runtime.ts';
import { fail } from '../say.ts';
import { type Group, quantile, type Row, row, timed } from './measure.ts';

/**
 * Compares the store with the raw driver, which runs the same statements on another database in the same run. Each round
 * measures both; the result is the median of the rounds' ratios.
 */
const ROUNDS = 7;
const SINGLE = 400;
const BATCH = 10_000;
const ITEMS = 300;
const SNAPSHOTS = 400;
const NOW = '2026-06-01T12:00:00+00:00';
const NEXT = `INSERT INTO events (id, execution_id, sequence, kind_json, created_at, tenant_id)
  SELECT ?, execution_id, 1 + (SELECT coalesce(max(sequence), 0) FROM events WHERE execution_id = held.execution_id), ?, ?, 'default'
  FROM (SELECT execution_id FROM workflow_executions WHERE execution_id = ?) AS held RETURNING sequence`;

export const store: Group = {
  goals: ['store', 'G15'],
  onlyFull: true,
  plainNode: true,
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-bench-'));
    try {
      return [...(await measureSqlite(folder)), ...(await measurePostgres()), ...compareWithRuntime(folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function createExecution(store: StateBackend): Promise<string> {
  const executionId = randomUUID();
  const row = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;
  await store.createExecution({ executionId, ...row });
  return executionId;
}

function events(executionId: string, count: number): NewEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const kind: EventKind = {
      type: 'node_completed',
      node_id: `n${i % 50}`,
      output: { text: 'x'.repeat(300) },
      state_patch: { [`n${i % 50}`]: { v: 1.5, i } },
      duration_ms: 5,
    };
    return { id: randomUUID(), executionId, kind, createdAt: NOW };
  });
}

async function measureSqlite(folder: string): Promise<Row[]> {
  const path = join(folder, 'raw.db');
  await (await SqliteBackend.open(path, { generation: 11 })).close();
  const raw = new Database(path);
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  const store = await SqliteBackend.open(join(folder, 'ours.db'), { generation: 11 });
  // The execution must exist in both files.
  const id = await createExecution(store);
  raw.prepare(`INSERT INTO workflow_executions VALUES (?, 'w', '1', 'running', '{}', '{}', ?, ?, NULL, 'default', NULL, 0)`).run(id, NOW, NOW);
  // The driver's `get` leaves the statement unfinished, which makes its commit half as slow again as with `all`.
  const append = raw.prepare(NEXT);
  const appendRaw = ({ id: event, kind, createdAt }: NewEvent): unknown => append.all(event, JSON.stringify(kind), createdAt, id);

  const single = await ratio(
    () => each(events(id, SINGLE), appendRaw),
    () => each(events(id, SINGLE), (event) => store.appendEvent(event)),
  );
  const batched = await ratio(
    () => raw.transaction((batch: NewEvent[]) => void batch.forEach(appendRaw))(events(id, BATCH)),
    () => store.transaction((inside) => each(events(id, BATCH), (event) => inside.appendEvent(event))),
  );

  const state = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key ${i}`, { v: i, text: 'y'.repeat(40) }]));
  const insert = raw.prepare(
    `INSERT INTO snapshots (id, execution_id, at_sequence, state_json, created_at, tenant_id, status, completed_nodes_json, active_nodes_json, last_sequence)
     VALUES (?, ?, ?, ?, ?, 'default', 'running', '{}', '[]', 0) ON CONFLICT (execution_id, at_sequence) DO UPDATE SET state_json = excluded.state_json`,
  );
  let at = 0;
  let ownAt = 0;
  const snapshot = await ratio(
    () => each(Array(SNAPSHOTS).fill(0), () => insert.run(randomUUID(), id, ++at, JSON.stringify(state), NOW)),
    () => each(Array(SNAPSHOTS).fill(0), () => store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: ++ownAt, state, createdAt: NOW })),
  );

  const claims = await ratio(
    () => claimRaw(raw, id),
    async () => {
      await store.transaction((inside) => each(Array(ITEMS).fill(0), () => inside.enqueueWorkItem(item(id))));
      for (let n = 0; n < ITEMS; n++) {
        const claimed = await store.claimWorkItem('w', ['tool']);
        if (claimed === undefined || !(await store.completeWorkItemFenced(claimed.id, claimed.fence))) fail('An item was not claimed.');
      }
    },
  );
  raw.close();
  const materialized = await materialise(folder, store);
  await store.close();
  return [
    row('store', 'SQLite: append one by one / raw driver', single.ratio, 'x', 1.3),
    row('store', 'SQLite: append one by one', (SINGLE / single.milliseconds) * 1000, 'per second'),
    row('store', `SQLite: append ${BATCH} in one transaction / raw driver`, batched.ratio, 'x', 1.3),
    row('store', 'SQLite: append in one transaction', (BATCH / batched.milliseconds) * 1000, 'per second'),
    row('store', 'SQLite: claim and complete / raw driver', claims.ratio, 'x'),
    row('store', 'SQLite: claim and complete', (ITEMS / claims.milliseconds) * 1000, 'per second'),
    row('store', 'SQLite: write a snapshot of 15 KB / raw driver', snapshot.ratio, 'x'),
    ...materialized,
  ];
}

/** Compares `materialize` of 10,000 events with reading their rows and the reference fold. */
async function materialise(folder: string, store: SqliteBackend): Promise<Row[]> {
  const id = await createExecution(store);
  await store.transaction((inside) => each(events(id, BATCH), (event) => inside.appendEvent(event)));
  const raw = new Database(join(folder, 'ours.db'), { readonly: true });
  const scan = raw.prepare('SELECT sequence, kind_json FROM events WHERE execution_id = ? ORDER BY sequence').raw();
  const fold = (): string => {
    let state = origin(parseJson('{}'));
    for (const [sequence, kind] of scan.iterate(id) as Iterable<[number, string]>) {
      const reading = readEvent(kind);
      state = applyEvent(state, sequence, reading.ok ? reading.event : undefined);
    }
    return canonicalJson(state.currentState);
  };
  if (fold() !== canonicalJson((await materialize(store, id)).currentState)) fail('The materialised state is wrong; nothing was measured.');
  const { ratio: value, milliseconds } = await ratio(fold, () => materialize(store, id));
  raw.close();
  return [
    row('store', `materialise ${BATCH} events / scan and reference fold`, value, 'x', 1.3),
    row('store', `materialise ${BATCH} events`, milliseconds, 'ms'),
  ];
}

function item(executionId: string) {
  return { id: randomUUID(), executionId, nodeId: 'n', queueType: 'tool', payload: { n: 1 }, createdAt: NOW };
}

function claimRaw(raw: Database.Database, id: string): void {
  const insert = raw.prepare(
    `INSERT INTO work_items (id, execution_id, node_id, queue_type, payload_json, attempt, max_attempts, status, created_at, tenant_id) VALUES (?, ?, 'n', 'tool', '{"n":1}', 0, 3, 'pending', ?, 'default')`,
  );
  raw.transaction(() => {
    for (let n = 0; n < ITEMS; n++) insert.run(randomUUID(), id, NOW);
  })();
  const free = raw.prepare(
    `UPDATE work_items SET attempt = attempt + 1, lease_epoch = lease_epoch + 1, lease_fence = 0, status = 'pending', claimed_at = NULL, worker_id = NULL, lease_expires_at = NULL
     WHERE id IN (SELECT id FROM work_items WHERE status = 'claimed' AND lease_expires_at < ? AND attempt + 1 < max_attempts)`,
  );
  const claim = raw.prepare(
    `UPDATE work_items SET lease_epoch = lease_epoch + 1, lease_fence = (SELECT term FROM store_identity WHERE id = 1) * 4294967296 + lease_epoch + 1, status = 'claimed', worker_id = ?, claimed_at = ?, lease_expires_at = ?
     WHERE id = (SELECT id FROM work_items WHERE status = 'pending' AND queue_type IN (?) AND (retry_after IS NULL OR retry_after <= ?) ORDER BY created_at, rowid LIMIT 1) RETURNING *`,
  );
  const complete = raw.prepare(
    `UPDATE work_items SET status = 'completed', completed_at = ?, lease_expires_at = NULL WHERE id = ? AND lease_fence = ? AND status = 'claimed'`,
  );
  const both = raw.transaction(() => {
    const now = new Date().toISOString();
    free.run(now);
    return claim.get('w', now, now, 'tool', now) as { id: string; lease_fence: number };
  });
  for (let n = 0; n < ITEMS; n++) {
    const claimed = both.immediate();
    complete.run(NOW, claimed.id, claimed.lease_fence);
  }
}

async function measurePostgres(): Promise<Row[]> {
  const server = await PostgresServer.start();
  try {
    const store = await PostgresBackend.open(server.url());
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    const [own, other] = [await createExecution(store), await createExecution(store)];
    let parameters = 0;
    const text = NEXT.replace(') AS held', ' FOR NO KEY UPDATE) AS held').replace(/\?/g, () => `$${++parameters}`);
    const { ratio: value, milliseconds } = await ratio(
      () => each(events(other, SINGLE), ({ id, kind, createdAt }) => client.query(text, [id, JSON.stringify(kind), createdAt, other])),
      () => each(events(own, SINGLE), (event) => store.appendEvent(event)),
    );
    await client.end();
    await store.close();
    return [
      row('store', 'Postgres: append one by one / raw driver', value, 'x', 1.3),
      row('store', 'Postgres: append one by one', (SINGLE / milliseconds) * 1000, 'per second'),
    ];
  } finally {
    await server.stop();
  }
}

/** G15: the published runtime appends the same events in the same run. */
function compareWithRuntime(folder: string): Row[] {
  const program = runtimeProgram('0.5.0');
  if (program === undefined) return [];
  const rate = (command: string, ...args: readonly string[]): number => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) fail(`The appends could not be measured: ${stderr}`);
    return Number(stdout.trim());
  };
  const appendProgram = join(import.meta.dirname, 'append.ts');
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const upstream = rate(program, 'append', join(folder, 'upstream.db'), '2000');
    const own = rate(process.execPath, appendProgram, join(folder, 'mine.db'), '2000');
    ratios.push(own / upstream);
    rates.push(upstream);
  }
  return [
    row('G15', 'append / append of the runtime 0.5.0, synchronous=FULL', quantile(ratios, 0.5), 'x', 1.5, 'least'),
    row('G15', 'append of the runtime 0.5.0', quantile(rates, 0.5), 'per second'),
  ];
}

/** The medians of the rounds' ratios and of the store's times in milliseconds. */
async function ratio(raw: () => unknown, work: () => unknown): Promise<{ readonly ratio: number; readonly milliseconds: number }> {
  await raw();
  await work();
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const base = await timed(raw);
    const own = await timed(work);
    ratios.push(own / base);
    times.push(own);
  }
  return { ratio: quantile(ratios, 0.5), milliseconds: quantile(times, 0.5) };
}

async function each<T>(list: readonly T[], work: (item: T) => unknown): Promise<void> {
  for (const item of list) await work(item);
}

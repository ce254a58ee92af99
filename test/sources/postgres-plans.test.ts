import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Source } from '../../core/source/port.ts';
import { PostgresSource } from '../../core/source/postgres/source.ts';
import { manyRuns, runId } from '../../scripts/bench/postgres-databases.ts';
import { connect } from '../support/copy-tables.ts';
import { emptySchema, serverUrl } from '../support/postgres.ts';
import { openPostgres } from '../support/postgres-copy.ts';
import { front, passOn } from '../support/tls-server.ts';

/** How the server answers what the source asks for, in a database of 50,000 events in 5,000 executions. */

const RUNS = 5000;
const schema = `plans_${randomUUID().slice(0, 8)}`;
const id = runId(2500);
let url: string;
let client: pg.Client;

beforeAll(async () => {
  url = await manyRuns(serverUrl(), schema, RUNS, 10);
  client = await connect(url);
  await client.query(`INSERT INTO snapshots (id, execution_id, at_sequence, state_json, created_at)
    SELECT gen_random_uuid(), execution_id, 5, '{}', now() FROM workflow_executions; ANALYZE snapshots`);
}, 60_000);

afterAll(async () => {
  await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await client.end();
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** The scans and sorts of each statement that the source sends: `Index Scan events`. */
async function plansOf(work: (source: Source) => Promise<unknown>, at = url): Promise<string[][]> {
  const heard: Buffer[] = [];
  const address = new URL(at);
  address.port = String(
    await front((socket) => {
      socket.on('data', (data) => heard.push(data));
      passOn(socket);
    }),
  );
  const source = await PostgresSource.open(address.href);
  onTestFinished(() => source.close());
  heard.length = 0;
  await work(source);
  const plans: string[][] = [];
  for (const { sql, values } of statementsIn(Buffer.concat(heard))) {
    if (!sql.startsWith('SELECT')) continue;
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`, values);
    plans.push([...nodesOf(rows[0]['QUERY PLAN'][0].Plan)]);
  }
  return plans;
}

/** The statements with their values in what a client of the extended protocol says. */
function* statementsIn(said: Buffer): Generator<{ readonly sql: string; readonly values: string[] }> {
  let sql = '';
  for (let at = 0; at < said.length; at += 1 + said.readInt32BE(at + 1)) {
    const [kind, body] = [String.fromCharCode(said[at] as number), said.subarray(at + 5, at + 1 + said.readInt32BE(at + 1))];
    // Parse: a name, the statement, types. Bind: two names, formats, and values with their lengths.
    if (kind === 'P') sql = body.toString('utf8', 1, body.indexOf(0, 1));
    if (kind !== 'B') continue;
    const formats = body.readInt16BE(2);
    let value = 4 + 2 * formats;
    const values = Array.from({ length: body.readInt16BE(value) }, (_, i) => {
      value += i === 0 ? 2 : 0;
      const length = body.readInt32BE(value);
      value += 4 + length;
      return body.toString('utf8', value - length, value);
    });
    yield { sql, values };
  }
}

function* nodesOf({ 'Node Type': type, 'Relation Name': relation, Plans = [] }: Plan): Generator<string> {
  if (relation !== undefined || type.includes('Sort')) yield [type, relation].filter(Boolean).join(' ');
  for (const plan of Plans) yield* nodesOf(plan);
}

async function readAll(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}

const list = { sort: 'started', descending: true, offset: 0, limit: 100 } as const;

describe('the server finds by an index', () => {
  const cases: readonly (readonly [what: string, work: (source: Source) => Promise<unknown>])[] = [
    ['the execution', (source) => source.execution(id)],
    ['an execution by the beginning of its id', (source) => source.resolve(id.slice(0, 6), 3)],
    ['the end of its log', (source) => source.head(id)],
    ['the rows that have no place in it', (source) => source.outOfOrder(id)],
    ['its first page', (source) => source.page(id, 0, 5)],
    ['a page in the middle', (source) => source.page(id, 4, 5)],
    ['a scan', (source) => readAll(source.scan(id, 0))],
    ['one event', (source) => source.payload(id, 7)],
    [
      'the snapshots of a moment',
      (source) => Promise.all([source.snapshot(id, 7), source.snapshotsAround(id, 7), source.snapshotCount(id), source.snapshots(id)]),
    ],
  ];
  it.for(cases)('%s', async ([, work]) => {
    const plans = await plansOf(work);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(plan.length).toBeGreaterThan(0);
      for (const node of plan) expect(node).toMatch(/^(Index Scan|Index Only Scan|Bitmap Heap Scan|Bitmap Index Scan|Sort)/);
    }
  });
});

it('has to read all executions to count, to sort and to search them, but of their events only what it shows', async () => {
  const wanted: readonly ((source: Source) => Promise<unknown>)[] = [
    (source) => source.executions(list),
    (source) => source.executions({ ...list, text: 'w3' }),
    (source) => source.executions({ ...list, text: id }),
  ];
  for (const work of wanted) {
    const [counted, page] = await plansOf(work);
    expect(counted).toEqual([expect.stringMatching(/^(Seq|Index Only) Scan workflow_executions$/)]);
    expect(page).toContain('Seq Scan workflow_executions');
    expect(page?.filter((node) => /events|snapshots/.test(node))).toEqual(page?.filter((node) => /^Index.* (events|snapshots)$/.test(node)));
  }
  expect((await plansOf((source) => source.facets({}))).flat()).toContain('Seq Scan workflow_executions');
});

it('is said to lack an index, with the statement that makes it, and uses it when the user has made it', { timeout: 60_000 }, async () => {
  const bare = await emptySchema();
  const own = await connect(bare);
  onTestFinished(() => own.end());
  const tables = ['workflow_executions', 'events', 'snapshots'];
  for (const table of tables) await own.query(`CREATE TABLE ${table} AS SELECT * FROM ${schema}.${table}`);
  await own.query(`INSERT INTO workflow_executions SELECT gen_random_uuid(), workflow_id, workflow_version, status, initial_input, current_state,
    started_at + n * interval '1 second', updated_at, completed_at FROM workflow_executions, generate_series(1, 20) AS n`);
  for (const table of tables) await own.query(`ANALYZE ${table}`);
  const advice = async () => ((await (await openPostgres(bare)).describe()).remarks ?? []).filter(({ text }) => text.includes('no index'));
  const page = (source: Source) => source.page(id, 0, 5);
  const listed = async () => (await plansOf((source) => source.executions(list), bare))[1]?.filter((node) => !node.includes('snapshots'));

  const remarks = await advice();
  const name = `"${new URL(bare).searchParams.get('schema')}"`;
  expect(remarks).toEqual([
    {
      text: expect.stringMatching(/events has no index by execution_id and sequence/),
      sql: `CREATE INDEX CONCURRENTLY ON ${name}."events" ("execution_id", sequence);`,
    },
    {
      text: expect.stringMatching(/about 105,000 executions/),
      sql: `CREATE INDEX CONCURRENTLY ON ${name}."workflow_executions" ("started_at" DESC NULLS LAST);`,
    },
  ]);
  expect((await plansOf(page, bare)).flat()).toContain('Seq Scan events');
  expect(await listed()).toContain('Seq Scan workflow_executions');
  for (const { sql } of remarks) await own.query(String(sql));
  expect((await plansOf(page, bare)).flat().join()).not.toContain('Seq Scan');
  expect(await listed()).toEqual(expect.arrayContaining(['Incremental Sort', 'Index Scan workflow_executions']));
  expect((await listed())?.join()).not.toContain('Seq Scan');
  expect(await advice()).toEqual([]);
});

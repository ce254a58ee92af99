import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseAddress } from '../../core/postgres/address.ts';
import { PostgresConnection } from '../../core/source/postgres/connection.ts';
import { inlined } from '../../core/source/postgres/inlined.ts';
import { goldenDatabase } from '../support/golden.ts';
import { Pooler } from '../support/pooler.ts';
import { serverUrl } from '../support/postgres.ts';
import { connected, copyToPostgres, openPostgres } from '../support/postgres-copy.ts';
import { PostgresReplica } from '../support/postgres-replica.ts';
import { sourceContract } from './source-contract.ts';

/** The same suite behind a pooler, on a streaming replica, and behind a pooler on a replica. */

const GOLDEN = 'runtime-0.5.0';
const stops: (() => Promise<void>)[] = [];
/** The URL of each, or why there is none. */
const servers = new Map<string, string | Error>();
/** The schemas that all tests read, as parameters of a URL. */
const copies = new Map<string, Promise<string>>();

beforeAll(async () => {
  const replica = await PostgresReplica.start(serverUrl());
  stops.push(() => replica.stop());
  servers.set('on a replica', replica.url);
  for (const mode of ['transaction', 'statement'] as const) {
    for (const [name, url] of [
      [`behind a pooler of ${mode}s`, serverUrl()],
      [`behind a pooler of ${mode}s on a replica`, replica.url],
    ] as const) {
      const pooler = await Pooler.start(url, mode).catch((error: Error) => error);
      servers.set(name, pooler instanceof Error ? pooler : pooler.url);
      if (!(pooler instanceof Error)) stops.push(() => pooler.stop());
    }
  }
}, 120_000);

afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

for (const layout of ['store', 'jsonb'] as const) {
  for (const place of [
    'on a replica',
    'behind a pooler of transactions',
    'behind a pooler of statements',
    'behind a pooler of transactions on a replica',
    'behind a pooler of statements on a replica',
  ]) {
    sourceContract(`Postgres (${layout}) ${place}`, GOLDEN, async () => {
      const copy = copies.get(layout) ?? copyToPostgres(goldenDatabase(GOLDEN), layout, (remove) => stops.unshift(remove));
      copies.set(layout, copy);
      const server = servers.get(place);
      if (typeof server !== 'string') throw server;
      return openPostgres(`${server}${new URL(await copy).search}`);
    });
  }
}

/** A replica that does not wait for its queries. */
async function replicaOf(): Promise<PostgresReplica> {
  const replica = await PostgresReplica.start(serverUrl(), ['max_standby_streaming_delay=0']);
  onTestFinished(() => replica.stop());
  return replica;
}

/** Texts that Postgres can store. */
const text = fc.string({ unit: 'binary' }).map((all) => all.replaceAll('\0', '').toWellFormed());

describe('a replica', () => {
  it('says by how much it is behind, and shows what was written when it has replayed it', async () => {
    const url = await copyToPostgres(goldenDatabase(GOLDEN), 'store');
    const [primary, replica] = [await connected(url), await replicaOf()];
    const [{ execution_id: id }] = (await primary.query('SELECT execution_id FROM workflow_executions LIMIT 1')).rows as [{ execution_id: string }];
    const source = await openPostgres(replica.url + new URL(url).search);
    const before = await source.version();
    expect(before.behind).toBe(0);
    await primary.query(`UPDATE workflow_executions SET status = 'paused' WHERE execution_id = $1`, [id]);
    while ((await source.status(id)) !== 'paused') await new Promise((resolve) => setImmediate(resolve));
    expect((await source.version()).list).not.toBe(before.list);
    await replica.replay('pause');
    await primary.query(`UPDATE workflow_executions SET status = 'running' WHERE execution_id = $1`, [id]);
    let { behind = 0 } = await source.version();
    while (behind === 0) ({ behind = 0 } = await source.version());
    expect(await source.status(id)).toBe('paused');
    await replica.replay('resume');
    while ((await source.status(id)) !== 'running') await new Promise((resolve) => setImmediate(resolve));
  });

  it('is asked once more when it cancelled a query for what it replays', async () => {
    const url = await copyToPostgres(goldenDatabase(GOLDEN), 'store');
    const [primary, replica] = [await connected(url), await replicaOf()];
    const connection = new PostgresConnection(parseAddress(replica.url), 'the replica');
    onTestFinished(() => connection.close());
    const table = `${(await primary.query('SELECT current_schema()')).rows[0].current_schema}`;
    let tries = 0;
    const answer = await connection.read(async (query) => {
      tries++;
      const [row] = await query(`SELECT count(*) FROM "${table}".workflow_executions`);
      if (tries > 1) return row;
      // Rows that this transaction may still see are removed, and the removal is replayed.
      await primary.query('UPDATE workflow_executions SET updated_at = updated_at');
      await primary.query('VACUUM workflow_executions');
      for (;;) await query(`SELECT count(*) FROM "${table}".workflow_executions`);
    });
    expect([tries, Number(answer?.[0]) > 0]).toEqual([2, true]);
  });
});

it('leaves what looks like a parameter in a name or a literal as it is', () => {
  const sql = `SELECT '$1', "a""$2" FROM "tenant$1"."t" WHERE id = $1 AND n = $2`;
  expect(inlined(sql, ['x"; COMMIT; --', 7])).toBe(`SELECT '$1', "a""$2" FROM "tenant$1"."t" WHERE id = 'x"; COMMIT; --' AND n = '7'`);
});

it('puts values into a text of several statements as parameters mean them', async () => {
  const client = await connected(serverUrl());
  await fc.assert(
    fc.asyncProperty(text, fc.array(text, { maxLength: 4 }), fc.integer(), async (one, list, number) => {
      const sql = `SELECT $1, $2::text[], $3::bigint, $1 || '' AS again, length($1)`;
      const { rows } = await client
        .query({ text: `BEGIN; ${inlined(sql, [one, list, number])}; COMMIT`, rowMode: 'array' })
        .then((all) => (all as unknown as { rows: unknown[][] }[])[1] ?? { rows: [] });
      expect(rows[0]?.slice(0, 4)).toEqual([one, list, String(number), one]);
    }),
    {
      numRuns: 300,
      examples: [
        ["'; DROP TABLE x; --", ['"}', '\\', "'"], 0],
        ['\\', ['NULL', ''], 1],
        ['$1 $2', ['$3'], -1],
      ],
    },
  );
});

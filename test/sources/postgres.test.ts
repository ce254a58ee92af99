import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FaultError } from '../../core/fault.ts';
import type { EventChunk } from '../../core/jamjet/chunk.ts';
import type { Source } from '../../core/source/port.ts';
import { PostgresSource } from '../../core/source/postgres/source.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { copyTables } from '../support/copy-tables.ts';
import { goldenDatabase } from '../support/golden.ts';
import { emptySchema, serverUrl } from '../support/postgres.ts';
import { connected, copyToPostgres, openPostgres, readerOf } from '../support/postgres-copy.ts';
import { PostgresServer } from '../support/postgres-server.ts';

const NOW = '2026-06-01T12:00:00+00:00';
const ID = '00000000-0000-4000-8000-000000000001';
const ROW = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;

/** Tables as a user may have made them, with one execution. @param kind the type of `kind_json`. */
async function plainTables(url: string, { kind = 'text', sequence = 'bigint', id = 'text', key = '' } = {}) {
  const client = await connected(url);
  await client.query(`
    CREATE TABLE workflow_executions (execution_id ${id}, workflow_id text, workflow_version text, status text, initial_input text, current_state text,
      started_at text, updated_at text, completed_at text);
    CREATE TABLE events (execution_id ${id}, sequence ${sequence}, kind_json ${kind}, created_at text ${key});
    CREATE TABLE snapshots (execution_id ${id}, at_sequence bigint, state_json text, created_at text);
    INSERT INTO workflow_executions VALUES ('${ID}', 'w', '1', 'running', '{}', '{}', '${NOW}', '${NOW}', NULL)`);
  return client;
}

/** Tables of the layout in the document, with one workflow. @param json the type of JSON. */
async function documentedTables(url: string, { json = 'jsonb', sequence = 'bigint' } = {}) {
  const client = await connected(url);
  await client.query(`
    CREATE TABLE workflows (id uuid PRIMARY KEY, status text NOT NULL, definition ${json}, created_at timestamptz, updated_at timestamptz);
    CREATE TABLE events (workflow_id uuid, sequence ${sequence}, event_type text, payload ${json}, created_at timestamptz, UNIQUE (workflow_id, sequence));
    CREATE TABLE snapshots (workflow_id uuid, at_sequence bigint, state ${json}, created_at timestamptz);
    INSERT INTO workflows VALUES ('${ID}', 'running', '{"workflow_id": "loan", "version": "2"}', '${NOW}', '${NOW}')`);
  return client;
}

async function chunksOf(source: Source, id = ID): Promise<EventChunk[]> {
  const chunks: EventChunk[] = [];
  for await (const chunk of source.scan(id, 0)) chunks.push(chunk);
  return chunks;
}

/** The sequences of all events that a scan returns, in the order of the chunks. */
async function scanned(source: Source, id = ID): Promise<number[][]> {
  return (await chunksOf(source, id)).map(({ sequences }) => [...sequences]);
}

async function faultOf(url: string): Promise<FaultError['fault'] & { message: string }> {
  const error: unknown = await PostgresSource.open(url).then(
    (source) => source.close(),
    (caught: unknown) => caught,
  );
  if (!(error instanceof FaultError)) throw error ?? new Error(`${url} was opened`);
  return { ...error.fault, message: error.message };
}

describe('a Postgres database is recognised', () => {
  it('by its columns in the schema of the URL, with what the user should know about it', async () => {
    const url = await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'jsonb');
    const summary = await (await openPostgres(url)).describe();
    expect(summary).toMatchObject({ kind: 'Postgres', generation: 11, access: 'live' });
    expect(summary.size).toBeGreaterThan(100_000);
    expect(summary.location).not.toContain(new URL(url).password);
    expect(summary.location).toContain('schema=');
    expect(summary.remarks?.map(({ text }) => text)).toEqual([expect.stringContaining('events.kind_json'), expect.stringContaining('may write')]);
    expect(summary.remarks?.[1]?.sql).toMatch(/CREATE ROLE[\s\S]+GRANT SELECT/);
  });

  it('in the search path first, and among several schemas only by the name of one', async () => {
    const [one, two] = [await emptySchema(), await emptySchema()];
    await plainTables(one);
    await plainTables(two);
    const names = [one, two].map((url) => new URL(url).searchParams.get('schema'));
    const several = await faultOf(serverUrl());
    expect(several.kind).toBe('several-schemas');
    for (const name of names) expect(several.message).toContain(String(name));
    expect(several.message).toContain('?schema=NAME');
    const address = await readerOf(one);
    const summary = await (await openPostgres(address.href)).describe();
    expect(summary.name).toBe(`postgres.${names[0]}`);
    // A role that can only read is no reason for a warning; a table without an index is.
    expect(summary.remarks?.map(({ text }) => text)).toEqual([expect.stringContaining('no index')]);
    const closed = new URL(address);
    closed.searchParams.set('schema', String(names[1]));
    expect(await faultOf(closed.href)).toMatchObject({ kind: 'permission-denied', message: expect.stringContaining('Table events') });
  });

  it('and anything else is refused, with what is missing and what is there', async () => {
    const url = await emptySchema();
    expect((await faultOf(url)).message).toMatch(/missing workflow_executions, events, snapshots; schema .+ has no tables/);
    const client = await connected(url);
    await client.query('CREATE TABLE events (id int, sequence bigint); CREATE TABLE invoices (id int)');
    expect(await faultOf(url)).toMatchObject({ kind: 'no-jamjet-tables', detail: expect.stringMatching(/events\.execution_id.+invoices/) });
    expect((await faultOf(`${serverUrl()}?schema=nowhere`)).message).toContain('there is no schema nowhere');
  });

  it('when its events are partitioned, or its tables are views', async () => {
    const url = await emptySchema();
    const client = await connected(url);
    const copy = await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'text');
    const from = `"${new URL(copy).searchParams.get('schema')}"`;
    await client.query(`CREATE TABLE events (LIKE ${from}.events, UNIQUE (execution_id, sequence)) PARTITION BY HASH (execution_id);
      CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE events_1 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO events SELECT * FROM ${from}.events;
      CREATE VIEW workflow_executions AS SELECT * FROM ${from}.workflow_executions; CREATE VIEW snapshots AS SELECT * FROM ${from}.snapshots`);
    const [source, plain] = [await openPostgres(url), await openPostgres(copy)];
    const { rows } = await plain.executions({ sort: 'events', descending: true, offset: 0, limit: 100 });
    expect((await source.executions({ sort: 'events', descending: true, offset: 0, limit: 100 })).rows).toEqual(rows);
    const [longest] = rows;
    expect(await scanned(source, longest?.id)).toEqual(await scanned(plain, longest?.id));
    expect(await source.snapshots(String(longest?.id))).toEqual(await plain.snapshots(String(longest?.id)));
  });

  it('when it has the tables of the layout in the document, whose events have their type beside them', async () => {
    const url = await emptySchema();
    const client = await connected(url);
    await client.query(`
      CREATE TABLE workflows (id uuid PRIMARY KEY, status text NOT NULL, definition jsonb, created_at timestamptz, updated_at timestamptz);
      CREATE TABLE events (id bigserial PRIMARY KEY, workflow_id uuid, sequence bigint, event_type text, payload jsonb, created_at timestamptz, UNIQUE (workflow_id, sequence));
      CREATE TABLE snapshots (id bigserial PRIMARY KEY, workflow_id uuid, at_sequence bigint, state jsonb, created_at timestamptz);
      INSERT INTO workflows VALUES ('${ID}', 'running', '{"workflow_id": "loan", "version": "2"}', '${NOW}', '${NOW}');
      INSERT INTO events (workflow_id, sequence, event_type, payload, created_at) VALUES
        ('${ID}', 1, 'WorkflowStarted', '{"initial_input": {"n": 9007199254740993}}', '${NOW}'), ('${ID}', 2, 'node_skipped', '{}', '${NOW}'),
        ('${ID}', 3, 'x', '{"type": "node_failed", "node_id": "a"}', '${NOW}'), ('${ID}', 4, 'NodeStarted', '[1]', '${NOW}');
      INSERT INTO snapshots (workflow_id, at_sequence, state, created_at) VALUES ('${ID}', 2, '{"n": 1}', '${NOW}')`);
    const source = await openPostgres(url);
    expect(await source.execution(ID)).toMatchObject({ workflowId: 'loan', workflowVersion: '2', startedAt: NOW, initialInputJson: '{"n": 9007199254740993}' });
    expect((await source.page(ID, 0, 10)).map(({ text }) => text)).toEqual([
      '{"type":"workflow_started","initial_input": {"n": 9007199254740993}}',
      '{"type":"node_skipped"}',
      '{"type": "node_failed", "node_id": "a"}',
      '[1]',
    ]);
    expect(await scanned(source)).toEqual([[1, 2, 3, 4]]);
    expect(await source.snapshot(ID, 3)).toMatchObject({ atSequence: 2, stateJson: '{"n": 1}', materialized: undefined });
    expect((await source.describe()).remarks?.[0]?.text).toContain('no inputs');
  });
});

describe('what is read of a Postgres database', () => {
  it('keeps every digit and the spelling of JSON, and times to the microsecond', async () => {
    const url = await emptySchema();
    const store = await PostgresBackend.open(url);
    onTestFinished(() => store.close());
    await store.createExecution({ executionId: ID, ...ROW, initialInput: { n: 9007199254740993n } });
    const kind = { type: 'node_completed', node_id: 'n', output: 18446744073709551615n, state_patch: {}, duration_ms: 1 } as const;
    await store.appendEvent({ id: randomUUID(), executionId: ID, kind, createdAt: '2026-06-01T14:00:00.5000017+02:00' });
    await (await connected(url)).query(`INSERT INTO events (id, execution_id, sequence, kind_json, created_at) VALUES
      ('${randomUUID()}', '${ID}', 9007199254740991, '{"type":"x", "b":1.0,"a":1e400,"a":-0}', '2026-06-01 12:00:00.25+00'), ('${randomUUID()}', '${ID}', 9007199254740992, '{}', now())`);
    const source = await openPostgres(url);
    expect((await source.execution(ID))?.initialInputJson).toBe('{"n":9007199254740993}');
    const page = await source.page(ID, 0, 10);
    expect(page.map(({ sequence, createdAt, text }) => [sequence, createdAt, text])).toEqual([
      [1, '2026-06-01T12:00:00.500002+00:00', expect.stringContaining('"output":18446744073709551615,')],
      [9007199254740991, '2026-06-01T12:00:00.250+00:00', '{"type":"x", "b":1.0,"a":1e400,"a":-0}'],
    ]);
    const [chunk] = await chunksOf(source);
    expect(Buffer.from(chunk?.timeBytes ?? []).toString()).toBe(page.map(({ createdAt }) => createdAt).join('\n'));
    expect(Buffer.from(chunk?.bytes ?? []).toString()).toBe(page.map(({ text }) => text).join(''));
    expect([await source.head(ID), await source.outOfOrder(ID)]).toEqual([9007199254740991, 1]);
  });

  it('with sequences that occur twice, are fractions, or are missing, is placed or counted', async () => {
    const url = await emptySchema();
    const client = await plainTables(url, { sequence: 'numeric' });
    await client.query(`INSERT INTO events SELECT '${ID}', n, '{"type":"x","n":' || i || '}', '${NOW}' FROM generate_series(1, 400) AS n, generate_series(1, 2) AS i;
      INSERT INTO events VALUES ('${ID}', 1.5, '{}', '${NOW}'), ('${ID}', NULL, '{}', '${NOW}'), ('${ID}', 0, '{}', '${NOW}'), ('${ID}', 'NaN', '{}', '${NOW}')`);
    const source = await openPostgres(url);
    expect((await scanned(source)).flat()).toEqual(Array.from({ length: 800 }, (_, i) => 1 + Math.floor(i / 2)));
    expect(await source.outOfOrder(ID)).toBe(4);
    expect((await source.page(ID, 0, 3)).map(({ sequence }) => sequence)).toEqual([1, 1, 2, 2]);
    expect((await source.payload(ID, 7))?.text).toMatch(/"n":[12]/);
  });

  it('keeps the rows of one sequence together where a unique index does not cover them: those of a child table, or sequences that are texts', async () => {
    const inherited = await emptySchema();
    await (await plainTables(inherited, { key: ', UNIQUE (execution_id, sequence)' })).query(`CREATE TABLE events_old () INHERITS (events);
      INSERT INTO events SELECT '${ID}', n, '{"type":"x"}', '${NOW}' FROM generate_series(1, 400) AS n; INSERT INTO events_old VALUES ('${ID}', 256, '{"type":"y"}', '${NOW}')`);
    const spelled = await emptySchema();
    await (await plainTables(spelled, { sequence: 'text', key: ', UNIQUE (execution_id, sequence)' })).query(`
      INSERT INTO events SELECT '${ID}', n::text, '{"type":"x"}', '${NOW}' FROM generate_series(1, 400) AS n;
      INSERT INTO events VALUES ('${ID}', '0256', '{"type":"y"}', '${NOW}'), ('${ID}', '00256', '{"type":"z"}', '${NOW}')`);
    for (const [url, times] of [
      [inherited, 2],
      [spelled, 3],
    ] as const) {
      const source = await openPostgres(url);
      const expected = Array.from({ length: 400 }, (_, i) => i + 1).flatMap((n) => Array.from({ length: n === 256 ? times : 1 }, () => n));
      expect((await scanned(source)).flat()).toEqual(expected);
      expect((await source.page(ID, 0, 256)).map(({ sequence }) => sequence)).toEqual(expected.slice(0, 255 + times));
      let events = 0;
      for await (const counted of source.count()) events = counted.events;
      expect(events).toBe(399 + times);
    }
  });

  it('counts each row once, in short steps, where an index has the rows of one sequence beside each other', async () => {
    const url = await emptySchema();
    await (await plainTables(url)).query(`CREATE INDEX ON events (execution_id, sequence);
      INSERT INTO events SELECT '${ID}', n, '{}', '${NOW}' FROM generate_series(1, 100001) AS n;
      INSERT INTO events SELECT '${ID}', 100000, '{}', '${NOW}' FROM generate_series(1, 3);
      INSERT INTO events VALUES ('${ID}', NULL, '{}', '${NOW}')`);
    const steps: number[] = [];
    for await (const { events } of (await openPostgres(url)).count()) steps.push(events);
    expect([...new Set(steps)]).toEqual([100_003, 100_004, 100_005]);
  });

  it('in the layout of the document has its place when the sequences are texts', async () => {
    const url = await emptySchema();
    const client = await documentedTables(url, { sequence: 'text' });
    await client.query(`INSERT INTO events SELECT '${ID}', n::text, 'NodeStarted', '{}', '${NOW}' FROM generate_series(1, 300) AS n;
      INSERT INTO events VALUES ('${ID}', '0256', 'NodeFailed', '{}', '${NOW}')`);
    const found = (await scanned(await openPostgres(url))).flat();
    expect(found).toEqual(Array.from({ length: 301 }, (_, i) => (i < 256 ? i + 1 : i)));
  });

  it('in the layout of the document is read when one payload or definition is no JSON, or has the escape of a NUL, in columns of every type', async () => {
    const nul = '{"output": "a\\u0000b"}';
    for (const json of ['json', 'text', 'jsonb']) {
      const url = await emptySchema();
      const client = await documentedTables(url, { json });
      const bad = json === 'text' ? '{oops' : json === 'json' ? nul : '"x"';
      const other = '00000000-0000-4000-8000-000000000002';
      await client.query(`INSERT INTO workflows VALUES ('${other}', 'failed', $1, '${NOW}', '${NOW}')`, [bad]);
      await client.query(
        `INSERT INTO events VALUES ('${other}', 1, 'WorkflowStarted', $1, '${NOW}'), ('${ID}', 1, 'WorkflowStarted', '{"initial_input": [1.50]}', '${NOW}'),
        ('${ID}', 2, 'NodeCompleted', '{"typ\\u0065": "own"}', '${NOW}'), ('${ID}', 3, 'NodeCompleted', $1, '${NOW}'), ('${ID}', 4, NULL, '{}', '${NOW}')`,
        [bad],
      );
      const source = await openPostgres(url);
      const chunks = await chunksOf(source);
      const texts = chunks.flatMap(({ bytes, offsets, count }) =>
        Array.from({ length: count }, (_, i) => Buffer.from(bytes).toString('utf8', offsets[i], offsets[i + 1])),
      );
      expect(texts).toEqual((await source.page(ID, 0, 10)).map(({ text }) => text));
      expect(texts[0]).toBe('{"type":"workflow_started","initial_input": [1.50]}');
      expect(texts[1]).toMatch(/^\{"typ(e|\\u0065)": "own"\}$/);
      // JSON with such an escape is an event as any other; a text that is no JSON is reported as it is.
      expect(texts[2]).toBe(json === 'json' ? '{"type":"node_completed","output": "a\\u0000b"}' : bad);
      expect(texts[3]).toBe('{}');
      expect((await source.execution(ID))?.initialInputJson).toBe('[1.50]');
      expect((await source.execution(other))?.initialInputJson).toBe(json === 'text' ? bad : '{}');
      const { rows } = await source.executions({ sort: 'workflow', descending: false, offset: 0, limit: 10 });
      expect(rows.map(({ id, workflowId }) => [id, workflowId])).toEqual([
        [ID, 'loan'],
        [other, 'workflow'],
      ]);
    }
  });

  it('holds all rows of a sequence in one chunk, and few long events', async () => {
    const url = await emptySchema();
    const client = await plainTables(url, { key: ', UNIQUE (execution_id, sequence)' });
    await client.query(`INSERT INTO events SELECT '${ID}', n, '{"type":"x","text":"' || repeat(md5(n::text), CASE WHEN n % 50 = 0 THEN 20000 ELSE 3 END) || '"}', '${NOW}' FROM generate_series(1, 1000) AS n;
      INSERT INTO events VALUES ('${ID}', 1001, NULL, '${NOW}')`);
    const source = await openPostgres(url);
    const chunks = await chunksOf(source);
    expect(chunks.flatMap(({ sequences }) => [...sequences])).toEqual(Array.from({ length: 1001 }, (_, i) => i + 1));
    // Each has at most one of 640 KB.
    for (const { bytes } of chunks) expect(bytes.length).toBeLessThan(900_000);
    expect(chunks.at(-1)?.unreadable).toEqual(new Map([[(chunks.at(-1)?.count ?? 0) - 1, 'the column is NULL']]));
    expect((await source.page(ID, 49, 1))[0]).toMatchObject({ text: undefined, unreadable: undefined, bytes: 640_022 });
    expect((await source.payload(ID, 50))?.text).toHaveLength(640_022);
    expect(await source.payload(ID, 1001)).toMatchObject({ text: undefined, unreadable: 'the column is NULL' });
  });

  it('in a column that is not text is listed as unreadable', async () => {
    const url = await emptySchema();
    const client = await plainTables(url, { kind: 'bytea' });
    await client.query(`INSERT INTO events VALUES ('${ID}', 1, '{"type":"x"}', '${NOW}')`);
    const source = await openPostgres(url);
    const [chunk] = await chunksOf(source);
    expect(chunk?.unreadable).toEqual(new Map([[0, 'the column holds binary data instead of text']]));
    expect(await source.payload(ID, 1)).toMatchObject({ text: undefined, unreadable: 'the column holds binary data instead of text' });
  });

  it('with times that are none is listed, sorts them as unknown, and has them in no range', async () => {
    const none = [
      '2026-02-30T00:00:00Z',
      '2023-02-29T00:00:00Z',
      '1900-02-29T00:00:00Z',
      '2026-04-31 00:00:00',
      '0000-01-01T00:00:00Z',
      '2026-06-01T00:00:00+19:59',
      'infinity',
    ];
    const leap = ['2024-02-29T00:00:00Z', '2000-02-29T00:00:00+14:00', '0001-01-01T00:00:00+14:00', '9999-12-31 23:59:59.999999-12:00'];
    const url = await emptySchema();
    const client = await plainTables(url);
    for (const [i, time] of [...none, ...leap].entries())
      await client.query(`INSERT INTO workflow_executions VALUES ($1, 'w', '1', 'running', '{}', '{}', $2, '${NOW}', NULL)`, [`run-${i}`, time]);
    const source = await openPostgres(url);
    const list = { sort: 'duration', descending: true, offset: 0, limit: 100 } as const;
    const found = async (filter: object): Promise<string[]> => (await source.executions({ ...list, ...filter })).rows.map(({ startedAt }) => startedAt);
    expect(await found({})).toEqual([leap[2], leap[1], leap[0], NOW, leap[3], ...none]);
    expect(await found({ startedFrom: '0001-01-01T00:00:00Z' })).toEqual([leap[1], leap[0], NOW, leap[3]]);
    expect(await found({ startedTo: '9999-12-31T00:00:00Z' })).toEqual([leap[2], leap[1], leap[0], NOW]);
    for (const time of [...none, '9999-12-31T23:59:59-10:00']) expect(await found({ startedFrom: time })).toEqual(expect.any(Array));
    expect(await source.facets({})).toMatchObject({ total: 12, newest: leap[3] });
    expect((await source.facets({ startedFrom: '2020-01-01T00:00:00Z' })).matching).toBe(3);
  });

  it('with times of the server that have no end is listed, and they last for an unknown time', async () => {
    const url = await emptySchema();
    const client = await documentedTables(url);
    await client.query(`INSERT INTO workflows SELECT gen_random_uuid(), 'running', '{}', t, t FROM unnest(ARRAY['infinity', '-infinity']::timestamptz[]) AS t`);
    const { rows } = await (await openPostgres(url)).executions({ sort: 'duration', descending: true, offset: 0, limit: 10 });
    expect(rows.map(({ startedAt }) => startedAt)).toEqual([NOW, expect.stringMatching(/infinity/), expect.stringMatching(/infinity/)]);
  });

  it('cannot be asked with a NUL character, which Postgres cannot have', async () => {
    const source = await openPostgres(await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'store'));
    const list = { sort: 'started', descending: true, offset: 0, limit: 10 } as const;
    expect(await source.resolve('a\0b', 3)).toEqual([]);
    expect(await source.execution('a\0b')).toBeUndefined();
    for (const filter of [{ text: 'a\0b' }, { status: 'a\0b' }, { ids: ['a\0b'] }, { startedFrom: 'a\0b' }])
      expect((await source.executions({ ...list, ...filter })).total).toBe(0);
  });
});

describe('a connection to Postgres', () => {
  it('F38: can write nothing, even where a view calls a function that writes', async () => {
    const url = await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'store');
    const client = await connected(url);
    await client.query(`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      ALTER TABLE snapshots RENAME TO kept; CREATE FUNCTION written() RETURNS text LANGUAGE sql AS $$ INSERT INTO "${new URL(url).searchParams.get('schema')}".tenants (id, name) VALUES ('spoiled', 'x') RETURNING id $$;
      CREATE VIEW snapshots AS SELECT id, execution_id, at_sequence, written() AS state_json, created_at, tenant_id FROM kept`);
    const source = await openPostgres(url);
    const { rows } = await client.query('SELECT execution_id::text AS id FROM kept LIMIT 1');
    await expect(source.snapshot(rows[0].id, 1e9)).rejects.toThrow(/read-only transaction/);
    expect((await client.query(`SELECT 1 FROM tenants WHERE id = 'spoiled'`)).rowCount).toBe(0);
  });

  it('through a pooler, which refuses defaults of the session, reads as without one', async () => {
    const url = await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'store');
    const { port } = new URL(url);
    let refused = 0;
    const pooler = createServer((client) => {
      client.once('data', (startup) => {
        if (startup.includes('options\0')) {
          refused++;
          const fields = Buffer.from('SFATAL\0C08P01\0Munsupported startup parameter: options\0\0');
          const head = Buffer.from('E....');
          head.writeInt32BE(fields.length + 4, 1);
          client.end(Buffer.concat([head, fields]));
          return;
        }
        const server = connect(Number(port), '127.0.0.1', () => {
          server.write(startup);
          client.pipe(server).pipe(client);
        });
        for (const socket of [client, server]) socket.on('error', () => socket.destroy());
      });
    });
    await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void pooler.close());
    const through = new URL(url);
    through.port = String((pooler.address() as AddressInfo).port);
    const list = { sort: 'started', descending: true, offset: 0, limit: 100 } as const;
    expect(await (await openPostgres(through.href)).executions(list)).toEqual(await (await openPostgres(url)).executions(list));
    expect(refused).toBe(1);
  });

  it('F33: that is lost is opened again, and the scan goes on', async () => {
    const address = await readerOf(await copyToPostgres(goldenDatabase('server-0.5.0-killed'), 'store'));
    const source = await openPostgres(address.href);
    const client = await connected(serverUrl());
    const { rows } = await source.executions({ sort: 'events', descending: true, offset: 0, limit: 1 });
    const id = String(rows[0]?.id);
    const expected = (await scanned(source, id)).flat();
    const found: number[] = [];
    for (let after = 0; ; after = found.at(-1) ?? after) {
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${address.username}'`);
      const page = await source.page(id, after, 100);
      found.push(...page.map(({ sequence }) => sequence));
      if (page.length < 100) break;
    }
    expect(found).toEqual(expected);
  });

  it('F34: to a server that has frozen can be given up at once, and one that never answers is not waited for', async () => {
    const url = await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'store');
    let isFrozen = false;
    const between = createServer((client) => {
      const server = connect(Number(new URL(url).port), '127.0.0.1');
      for (const socket of [client, server]) socket.on('error', () => socket.destroy());
      client.on('data', (data) => isFrozen || server.write(data));
      server.pipe(client);
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void between.close());
    const address = new URL(url);
    address.port = String((between.address() as AddressInfo).port);
    const source = await openPostgres(address.href);
    isFrozen = true;
    const stop = new AbortController();
    const facets = source.facets({}, stop.signal);
    stop.abort(new FaultError('cancelled'));
    await expect(facets).rejects.toMatchObject({ fault: { kind: 'cancelled' } });
    const begun = performance.now();
    await expect(PostgresSource.open(address.href)).rejects.toMatchObject({ fault: { kind: 'cannot-connect', detail: 'the server did not answer in time' } });
    expect(performance.now() - begun).toBeLessThan(15_000);
    isFrozen = false;
    expect((await source.facets({})).total).toBeGreaterThan(5);
  });

  it('F32: is made again after the server has crashed in the middle of a scan, of which no event is lost or repeated', async () => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.stop());
    const file = goldenDatabase('server-0.5.0-killed');
    await copyTables(file, server.url(), 'store');
    const source = await openPostgres(server.url());
    const { rows } = await source.executions({ sort: 'events', descending: true, offset: 0, limit: 1 });
    const id = String(rows[0]?.id);
    const client = await connected(server.url());
    await client.query(`INSERT INTO events (id, execution_id, sequence, kind_json, created_at)
      SELECT gen_random_uuid(), execution_id, 100000 + n, json_build_object('type', 'x', 'text', repeat('x', 2000)), now() FROM events, generate_series(1, 3000) AS n
      WHERE execution_id = '${id}' AND sequence = 1`);
    const expected = (await scanned(source, id)).flat();
    const found: number[] = [];
    let crashed = false;
    for await (const { sequences } of source.scan(id, 0)) {
      found.push(...sequences);
      if (!crashed) await server.crash();
      crashed = true;
    }
    expect(found).toEqual(expected);
  });

  it('F37: is free again at once after a query was cancelled, on the server, too', async () => {
    const url = await emptySchema();
    const client = await plainTables(url);
    await client.query(`ALTER TABLE events RENAME TO kept; CREATE VIEW events AS SELECT execution_id, sequence, kind_json, created_at || pg_sleep(60)::text AS created_at FROM kept;
      INSERT INTO kept VALUES ('${ID}', 1, '{}', '${NOW}')`);
    const source = await openPostgres(url);
    const stop = new AbortController();
    const page = source.page(ID, 0, 10, stop.signal);
    const sleeping = async (): Promise<number> =>
      (
        await client.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND application_name = 'hindsight' AND query LIKE '%${new URL(url).searchParams.get('schema')}%'`,
        )
      ).rowCount ?? 0;
    await expect.poll(sleeping).toBe(1);
    const begun = performance.now();
    stop.abort(new FaultError('cancelled'));
    await expect(page).rejects.toMatchObject({ fault: { kind: 'cancelled' } });
    expect(await source.execution(ID)).toMatchObject({ id: ID });
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(await sleeping()).toBe(0);
    const left = source.page(ID, 0, 10);
    await expect.poll(sleeping).toBe(1);
    source.close();
    await expect(left).rejects.toMatchObject({ fault: { kind: expect.stringMatching(/no-source|timed-out|connection-lost/) } });
    await expect.poll(sleeping).toBe(0);
    await expect(source.head(ID)).rejects.toMatchObject({ fault: { kind: 'no-source' } });
  });

  it('F36: that cannot be made is reported in one sentence, without the password', async () => {
    const secret = 'pa55-w0rd-of-nobody';
    const url = (change: (changed: URL) => void): string => {
      const changed = new URL(serverUrl());
      change(changed);
      return changed.href;
    };
    const closed = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => resolve(port));
      });
    });
    const refused: readonly (readonly [url: string, kind: string, words: RegExp])[] = [
      [url((changed) => (changed.password = secret)), 'login-refused', /check the user and the password/],
      [url((changed) => (changed.password = '')), 'login-refused', /password/],
      [url((changed) => (changed.pathname = '/nowhere')), 'cannot-connect', /no such database/],
      [url((changed) => (changed.port = String(closed))), 'cannot-connect', /no Postgres server answers/],
      [url((changed) => changed.searchParams.set('sslmode', 'require')), 'cannot-connect', /does not speak TLS/],
      [url((changed) => changed.searchParams.set('sslmode', 'sometimes')), 'bad-address', /sslmode=sometimes/],
      [url((changed) => changed.searchParams.set('host', '/nowhere')), 'cannot-connect', /no Postgres socket/],
      [`postgres://kim:${secret}@[::x]/db`, 'bad-address', /cannot be read/],
      [`mysql://kim:${secret}@localhost/db`, 'bad-address', /begins with postgres/],
    ];
    for (const [address, kind, words] of refused) {
      const fault = await faultOf(address);
      expect(fault).toMatchObject({ kind, message: expect.stringMatching(words) });
      expect(fault.message).toMatch(/^[^\n]+\.$/);
      for (const password of [secret, new URL(serverUrl()).password]) expect(inspect(fault, { depth: 9 })).not.toContain(password);
    }
  });
});

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAddress } from '../../core/postgres/address.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { emptySchema, serverUrl } from '../support/postgres.ts';

const NOW = '2026-06-01T12:00:00+00:00';
const ROW = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;

async function opened(url: string): Promise<PostgresBackend> {
  const store = await PostgresBackend.open(url);
  onTestFinished(() => store.close());
  return store;
}

/** A connection of the test itself, to inspect what the store wrote. */
async function client(url: string): Promise<pg.Client> {
  const connection = new pg.Client({ connectionString: url.split('?')[0] });
  connection.on('error', () => {});
  await connection.connect();
  onTestFinished(() => connection.end());
  await connection.query(`SET search_path TO "${new URL(url).searchParams.get('schema')}"`);
  return connection;
}

describe('a Postgres database', () => {
  it('has native types, and JSON with its original spelling', async () => {
    const url = await emptySchema();
    const store = await opened(url);
    const id = randomUUID();
    await store.createExecution({ executionId: id, ...ROW, initialInput: { b: 1, a: 9007199254740993n } });
    const kind = { type: 'node_completed', node_id: 'n', output: [1, 2.5], state_patch: {}, duration_ms: 1 } as const;
    await store.appendEvent({ id: randomUUID(), executionId: id, kind, createdAt: '2026-06-01T12:00:00.123456789+02:00' });
    const observer = await client(url);
    const types = await observer.query(
      `SELECT table_name || '.' || column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema = current_schema AND (table_name, column_name) IN (('events','id'),('events','sequence'),('events','kind_json'),('events','created_at'),('timers','fired'),('artifacts','bytes')) ORDER BY 1`,
    );
    expect(types.rows.map(({ name, type }) => [name, type])).toEqual([
      ['artifacts.bytes', 'bytea'],
      ['events.created_at', 'timestamp with time zone'],
      ['events.id', 'uuid'],
      ['events.kind_json', 'json'],
      ['events.sequence', 'bigint'],
      ['timers.fired', 'boolean'],
    ]);
    const { rows } = await observer.query('SELECT initial_input::text AS input FROM workflow_executions');
    expect(rows[0].input).toBe('{"a":9007199254740993,"b":1}');
    // The type keeps microseconds.
    expect((await store.getEvents(id))[0]?.createdAt).toBe('2026-06-01T10:00:00.123457+00:00');
  });

  it('is created once by many stores that open it at the same time', async () => {
    const url = await emptySchema();
    await Promise.all(Array.from({ length: 6 }, () => opened(url)));
    const observer = await client(url);
    const { rows } = await observer.query('SELECT version::int FROM hindsight_migrations ORDER BY 1');
    expect(rows.map(({ version }) => version)).toEqual([3, 4, 5, 6, 7, 9, 10, 11]);
    expect((await observer.query('SELECT count(*)::int AS n FROM tenants')).rows[0].n).toBe(1);
  });

  it('is upgraded from its version, and a migration that fails leaves it at that version', async () => {
    const url = await emptySchema();
    await (await PostgresBackend.open(url)).close();
    const observer = await client(url);
    await observer.query('DROP TABLE tool_reservations; DELETE FROM hindsight_migrations WHERE version = 11; CREATE TABLE tool_reservations (x int)');
    await expect(PostgresBackend.open(url)).rejects.toMatchObject({ kind: 'Database' });
    expect((await observer.query('SELECT max(version)::int AS version FROM hindsight_migrations')).rows[0].version).toBe(10);
    await observer.query('DROP TABLE tool_reservations');
    await opened(url);
    expect((await observer.query('SELECT max(version)::int AS version FROM hindsight_migrations')).rows[0].version).toBe(11);
  });

  it('of a newer Hindsight, or with tables of another program, is refused and stays unchanged', async () => {
    const url = await emptySchema();
    await (await PostgresBackend.open(url)).close();
    const observer = await client(url);
    await observer.query(`INSERT INTO hindsight_migrations (version, description) VALUES (12, 'later')`);
    await expect(PostgresBackend.open(url)).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('newer Hindsight (migration 12)') });
    const other = await emptySchema();
    const otherClient = await client(other);
    await otherClient.query('CREATE TABLE events (id int)');
    await expect(PostgresBackend.open(other)).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('did not create') });
    expect((await otherClient.query(`SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = current_schema`)).rows[0].n).toBe(1);
  });

  it('survives the loss of its connections, idle or in use', async () => {
    const url = await emptySchema();
    const store = await opened(url);
    const id = randomUUID();
    await store.createExecution({ executionId: id, ...ROW });
    const observer = await client(url);
    const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hindsight store' AND pid <> pg_backend_pid()
      AND query LIKE '%workflow_executions%'`;
    await observer.query(others);
    const append = (within: Pick<PostgresBackend, 'appendEvent'>) =>
      within.appendEvent({ id: randomUUID(), executionId: id, kind: { type: 'node_cancelled', node_id: 'x' }, createdAt: NOW });
    // The pool notices when it uses the connection, at the latest: at most one error, and it is one of the port.
    await append(store).catch((error: unknown) => expect(error).toMatchObject({ kind: 'Database' }));
    const before = await store.latestSequence(id);
    await expect(
      store.transaction(async (inside) => {
        await append(inside);
        await observer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND application_name = 'hindsight store' AND query LIKE '%INSERT INTO events%'`,
        );
        await append(inside);
      }),
    ).rejects.toMatchObject({ kind: 'Database' });
    expect(await store.latestSequence(id)).toBe(before);
    expect(await append(store)).toBe(before + 1);
  });

  it('with a program that appends without locking neither loses an event nor leaves a gap', async () => {
    const url = await emptySchema();
    const store = await opened(url);
    const id = randomUUID();
    await store.createExecution({ executionId: id, ...ROW });
    const observer = await client(url);
    await observer.query('BEGIN');
    await observer.query(`INSERT INTO events (id, execution_id, sequence, kind_json, created_at) VALUES ($1, $2, 1, '{"type":"other"}', now())`, [
      randomUUID(),
      id,
    ]);
    const waiting = store.appendEvent({ id: randomUUID(), executionId: id, kind: { type: 'node_cancelled', node_id: 'appended' }, createdAt: NOW });
    await observer.query('COMMIT');
    expect(await waiting).toBe(2);
    expect((await store.getEvents(id)).map(({ kind }) => kind.get('type'))).toEqual(['other', 'node_cancelled']);
  });

  it('that cannot be reached or refuses the connection is reported in one sentence, without the password', async () => {
    const server = new URL(serverUrl());
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
    const refused: readonly (readonly [url: string, words: RegExp])[] = [
      [url((changed) => (changed.password = secret)), /refused the login/],
      [url((changed) => (changed.password = '')), /asks for a password|refused the login/],
      [url((changed) => (changed.pathname = '/nowhere')), /no such database/],
      [url((changed) => (changed.port = String(closed))), /No Postgres server answers/],
      [url((changed) => changed.searchParams.set('sslmode', 'require')), /does not speak TLS/],
      [url((changed) => changed.searchParams.set('sslmode', 'sometimes')), /sslmode=sometimes/],
      [url((changed) => changed.searchParams.set('options', '-c x=y')), /parameter "options"/],
      [url((changed) => changed.searchParams.set('host', '/nowhere')), /no Postgres socket/],
      [url((changed) => changed.searchParams.set('schema', 'not there')), /schema|refused/],
      [`postgres://kim:${secret}@[::x]/db`, /cannot be read/],
      [`mysql://kim:${secret}@localhost/db`, /begins with postgres/],
      [`postgres://kim:%zz${secret}@localhost/db`, /%25/],
    ];
    for (const [address, words] of refused) {
      const error: unknown = await PostgresBackend.open(address).catch((caught: unknown) => caught);
      expect(error, String(words)).toMatchObject({ kind: 'Database', message: expect.stringMatching(words) });
      expect((error as Error).message).toMatch(/^[^\n]+\.$/);
      const all = inspect(error, { depth: 9 });
      for (const password of [secret, server.password]) expect(all).not.toContain(password);
    }
  });

  it('reports text that Postgres cannot store, and stores its escaped form in JSON', async () => {
    const store = await opened(await emptySchema());
    await expect(store.createTenant({ id: 'a\0b', name: 'x' })).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('NUL') });
    const id = randomUUID();
    await store.createExecution({ executionId: id, ...ROW, initialInput: { 'a\0b': '\0' } });
    expect((await store.getExecution(id))?.initialInput).toEqual(new Map([['a\0b', '\0']]));
  });
});

describe('the address of a Postgres database', () => {
  it('determines the protection: verified for other machines, plain text only for the local one or on request', () => {
    const ssl = (url: string, tls?: 'verified' | 'unverified' | 'off') => parseAddress(url, tls === undefined ? {} : { tls }).ssl;
    expect(ssl('postgres://localhost/x')).toBe(false);
    expect(ssl('postgres://127.0.0.1/x')).toBe(false);
    expect(ssl('postgres:///x?host=/run/postgresql')).toBe(false);
    for (const mode of ['', '?sslmode=prefer', '?sslmode=require', '?sslmode=verify-ca', '?sslmode=verify-full'])
      expect(ssl(`postgres://db.example.com/x${mode}`)).toEqual({ rejectUnauthorized: true, servername: 'db.example.com' });
    expect(ssl('postgres://localhost/x?sslmode=require')).toMatchObject({ rejectUnauthorized: true });
    expect(ssl('postgres://db.example.com/x?sslmode=disable')).toBe(false);
    expect(ssl('postgres://db.example.com/x?sslmode=no-verify')).toMatchObject({ rejectUnauthorized: false });
    expect(ssl('postgres://db.example.com/x?sslmode=disable', 'verified')).toMatchObject({ rejectUnauthorized: true });
    expect(ssl('postgres://10.0.0.7/x')).toEqual({ rejectUnauthorized: true, host: '10.0.0.7' });
  });

  it('is parsed completely, with defaults for what is missing, and nothing from the environment', () => {
    expect(parseAddress('postgresql://k%40m:p%2Fw@[::1]:6000/d%20b?schema=a%22b')).toEqual({
      ...{ host: '::1', port: 6000, user: 'k@m', password: 'p/w', database: 'd b', ssl: false, schema: 'a"b' },
    });
    expect(parseAddress('postgres://')).toMatchObject({ host: 'localhost', port: 5432, user: 'postgres', database: 'postgres', password: undefined });
  });
});

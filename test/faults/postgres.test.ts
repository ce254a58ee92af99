import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import type pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { sourceSpec } from '../../core/source/spec.ts';
import { Random } from '../../scripts/sample/random.ts';
import { copyTables } from '../support/copy-tables.ts';
import { value } from '../support/engine.ts';
import { askAll } from '../support/every-request.ts';
import { goldenDatabase } from '../support/golden.ts';
import { type HostEngine, startHost } from '../support/host-engine.ts';
import { SEED } from '../support/hostile.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { naiveText } from '../support/naive.ts';
import { serverUrl } from '../support/postgres.ts';
import { connected, copyToPostgres, readerOf } from '../support/postgres-copy.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { temporaryFolder } from '../support/temp.ts';
import { behindTls, front, passOn } from '../support/tls-server.ts';
import { amount, tries } from '../support/tries.ts';

const MINUTES = 60_000;
const EVENTS = Array.from({ length: 1500 }, (_, i) => sets(i + 1, `k${i % 7}`, `${'x'.repeat(1000)} ${i}`));
const LAST = EVENTS.length;

function madeFile(): string {
  const path = join(temporaryFolder(), 'made.db');
  makeFile(path, { events: EVENTS });
  return path;
}

/** Opens the address, indexes the run and reads pages and states of it, while something happens. Everything read must be right. */
async function readWhole(host: HostEngine, address: string, meanwhile: (step: number) => Promise<void>): Promise<void> {
  const { source } = await value(host.open(sourceSpec(address)));
  const run = { source, execution: 'run' };
  await meanwhile(0);
  const opened = host.ask('executions.open', run);
  await meanwhile(1);
  expect(await value(opened)).toMatchObject({ lastSequence: LAST });
  const sequences: number[] = [];
  for (let from = 0; from < LAST; from += 500) {
    const asked = host.ask('events.page', { ...run, from, count: 500, filter: '' });
    await meanwhile(2);
    sequences.push(...(await value(asked)).rows.map(({ sequence }) => sequence));
  }
  // While the log is not indexed, a page may have fewer rows, but never other ones.
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  for (const sequence of [LAST, 1, 777]) {
    const asked = host.ask('values.text', { ...run, sequence, reading: 'replay', pointer: '' });
    await meanwhile(3);
    expect((await value(asked)).text).toBe(naiveText(EVENTS, sequence));
  }
  const { rows } = await value(host.ask('events.page', { ...run, from: LAST - 500, count: 500, filter: '' }));
  expect(rows.map(({ sequence }) => sequence)).toEqual(EVENTS.slice(-500).map(({ sequence }) => sequence));
  await host.sources.close(source);
}

it(
  'F32: a server that crashes between and during pages and during replay is connected to again, and no event is lost or doubled',
  async ({ task }) => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.stop());
    await copyTables(madeFile(), server.url(), 'text');
    const host = startHost();
    const [engine] = host.pids();
    await tries(task, 4 * amount(1, 3), async (number) => {
      await readWhole(host, server.url(), async (step) => {
        if (step === number % 4) await server.crash();
      });
      expect(host.pids()).toEqual([engine]);
    });
  },
  5 * MINUTES,
);

it(
  'F33: a connection that is terminated while it is idle or used is made again, and the engine goes on',
  async ({ task }) => {
    const random = new Random(SEED);
    const address = await readerOf(await copyToPostgres(madeFile(), 'text'));
    const client = await connected(serverUrl());
    const host = startHost();
    const [engine] = host.pids();
    await tries(task, amount(3, 20), async () => {
      await readWhole(host, address.href, async () => {
        for (let turn = random.between(0, 30); turn > 0; turn--) await setImmediate();
        await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${address.username}'`);
      });
      expect(host.pids()).toEqual([engine]);
    });
  },
  5 * MINUTES,
);

it(
  'F34: a connection that is cut after any number of bytes is made again, or the Fault says so',
  async ({ task }) => {
    const address = new URL(await copyToPostgres(madeFile(), 'text'));
    const host = startHost();
    const sizes = [0, 1, 2, 5, 6, 9, 13, 30, 60, 100, 300, 600, 1200, 3000, 8000, 20_000, 100_000, 400_000, 1_000_000];
    await tries(task, amount(6, 19, 19), async (number) => {
      const cut = sizes[amount(1, 0) === 1 ? (number - 1) * 3 : number - 1] ?? 0;
      address.port = String(await front((client, connection) => passOn(client, connection === 1 ? cut : undefined)));
      const opened = await host.open(sourceSpec(address.href));
      if (opened.ok) {
        await host.sources.close(opened.value.source);
        return readWhole(host, address.href, async () => {});
      }
      expect(opened.fault.kind).toBeOneOf(['connection-lost', 'cannot-connect']);
      return undefined;
    });
  },
  5 * MINUTES,
);

it(
  'F34: a server whose process is stopped can be given up at once, and goes on when it goes on',
  async ({ task }) => {
    const address = await readerOf(await copyToPostgres(madeFile(), 'text'));
    const client = await connected(serverUrl());
    const host = startHost();
    await tries(task, amount(1, 5), async () => {
      const { source } = await value(host.open(sourceSpec(address.href)));
      const { rows } = await client.query(`SELECT pid FROM pg_stat_activity WHERE usename = '${address.username}'`);
      expect(rows).toHaveLength(1);
      process.kill(rows[0].pid, 'SIGSTOP');
      try {
        const stop = new AbortController();
        const facets = host.ask('executions.facets', { source }, stop.signal);
        stop.abort();
        expect(await facets).toMatchObject({ ok: false, fault: { kind: 'cancelled' } });
        // Another database can be read meanwhile.
        const other = await value(host.open({ kind: 'sqlite', path: madeFile() }));
        expect(await host.ask('executions.facets', { source: other.source })).toMatchObject({ ok: true, value: { total: 1 } });
      } finally {
        process.kill(rows[0].pid, 'SIGCONT');
      }
      expect(await host.ask('executions.facets', { source })).toMatchObject({ ok: true, value: { total: 1 } });
      await host.sources.close(source);
    });
  },
  3 * MINUTES,
);

it(
  'F35: a server that cannot be trusted, or does not encrypt, is refused before anything is said to it',
  async ({ task }) => {
    const url = new URL(await copyToPostgres(madeFile(), 'text'));
    const heard: string[] = [];
    const plain = await front((client) => {
      client.on('data', (data) => {
        heard.push(data.toString('latin1'));
        // "There is no TLS here", or whatever else a proxy may claim.
        client.write('N');
      });
    });
    const expired = await behindTls('localhost', [-20, -10]);
    const early = await behindTls('localhost', [10, 20]);
    const foreign = await behindTls('elsewhere');
    const unknown = await behindTls('localhost');
    const cases: readonly (readonly [port: number, authority: string | undefined, words: RegExp, seen: () => string])[] = [
      [expired.port, expired.authority, /has expired/, expired.seen],
      [early.port, early.authority, /not valid yet/, early.seen],
      [foreign.port, foreign.authority, /for another name/, foreign.seen],
      [unknown.port, undefined, /unknown authority/, unknown.seen],
      // 8 bytes ask for TLS, and are all that is sent.
      [plain, undefined, /does not speak TLS/, () => heard.join('').replaceAll('\0\0\0\b\x04\xd2\x16/', '')],
    ];
    const host = startHost();
    await tries(task, cases.length * amount(1, 3), async (number) => {
      const [port, authority, words, seen] = cases[number % cases.length] as (typeof cases)[number];
      const address = new URL(url);
      [address.hostname, address.port] = ['localhost', String(port)];
      address.searchParams.set('sslmode', 'verify-full');
      if (authority !== undefined) address.searchParams.set('sslrootcert', authority);
      const opened = await host.open(sourceSpec(address.href));
      expect(opened).toMatchObject({ ok: false, fault: { kind: 'cannot-connect', detail: expect.stringMatching(words) } });
      expect(seen()).toBe('');
    });
    expect(heard.length).toBeGreaterThan(0);
  },
  2 * MINUTES,
);

const CLI = join(import.meta.dirname, '..', '..', 'core', 'cli', 'main.ts');

it(
  'F36: a login, a database, a table or one connection too many that is refused is said in one sentence, and the password nowhere',
  async ({ task }) => {
    const url = await copyToPostgres(madeFile(), 'text');
    const [right, tableless, full] = [await readerOf(url), await readerOf(url), await readerOf(url)];
    const client = await connected(url);
    await client.query(`REVOKE SELECT ON events FROM ${tableless.username}; ALTER ROLE ${full.username} CONNECTION LIMIT 0`);
    const wrong = new URL(right);
    wrong.password = 'not-the-right-one';
    const nowhere = new URL(right);
    nowhere.pathname = '/nowhere';
    const cases = [
      [wrong, 'login-refused'],
      [nowhere, 'cannot-connect'],
      [tableless, 'permission-denied'],
      [full, 'cannot-connect'],
    ] as const;
    const host = startHost();
    await tries(task, cases.length * amount(1, 2), async (number) => {
      const [address, kind] = cases[number % cases.length] as (typeof cases)[number];
      const opened = await host.open(sourceSpec(address.href));
      expect(opened).toMatchObject({ ok: false, fault: { kind } });
      const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, 'executions', address.href], { encoding: 'utf8' });
      expect([status, stdout, stderr.trim().split('\n').length]).toEqual([3, '', 1]);
      // The password of the readers is a word that sentences may have.
      if (address === wrong) for (const text of [inspect(opened, { depth: 9 }), stderr]) expect(text).not.toContain('not-the-right-one');
    });
  },
  3 * MINUTES,
);

// Half a minute; sources/postgres.test.ts cancels a statement in every run.
it.skipIf(amount(0, 1) === 0)(
  'F37: a statement that waits for a lock of another one is given up as busy, and one that takes too long as timed out',
  async ({ task }) => {
    const url = await copyToPostgres(madeFile(), 'text');
    const client = await connected(url);
    const host = startHost();
    const { source } = await value(host.open(sourceSpec(url)));
    const run = { source, execution: 'run' };
    await tries(task, 1, async () => {
      await client.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      expect(await host.ask('executions.open', run)).toMatchObject({ ok: false, fault: { kind: 'busy' } });
      await client.query('COMMIT');
      expect(await host.ask('executions.open', run)).toMatchObject({ ok: true, value: { lastSequence: LAST } });
    });
    await tries(task, 2, async () => {
      await client.query(`ALTER TABLE events RENAME TO kept;
      CREATE VIEW events AS SELECT execution_id, sequence, kind_json, created_at || pg_sleep(60)::text AS created_at FROM kept`);
      expect(await host.ask('events.detail', { ...run, sequence: 7 })).toMatchObject({ ok: false, fault: { kind: 'timed-out' } });
      await client.query('DROP VIEW events; ALTER TABLE kept RENAME TO events');
      expect(await host.ask('events.detail', { ...run, sequence: 7 })).toMatchObject({ ok: true });
    });
  },
  3 * MINUTES,
);

/** What the server counts as written to each table, and the content of each. */
async function contentOf(client: pg.Client, schema: string): Promise<unknown> {
  const { rows } = await client.query(`SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables WHERE schemaname = $1 ORDER BY relname`, [
    schema,
  ]);
  const contents: unknown[] = [];
  for (const { relname } of rows) {
    const { rows: all } = await client.query(`SELECT t::text FROM "${schema}"."${relname}" AS t ORDER BY 1`);
    contents.push([relname, all.length, createHash('sha256').update(JSON.stringify(all)).digest('hex')]);
  }
  return [rows, contents];
}

const ESCAPES = [
  `'; DELETE FROM events; --`,
  `'); COMMIT; DELETE FROM events; SELECT ('`,
  'select 1; commit; delete from events',
  `$$; SET default_transaction_read_only = off; DELETE FROM events; $$`,
  `\\'; DELETE FROM events; --`,
  `%' OR pg_terminate_backend(1) OR '`,
];

it(
  'F38: with a role that may write, no request and no text of a user writes anything',
  async ({ task }) => {
    const url = await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'store');
    const client = await connected(url);
    const schema = String(new URL(url).searchParams.get('schema'));
    const host = startHost();
    const { source } = await value(host.open(sourceSpec(url)));
    const list = { source, sort: 'started', descending: true } as const;
    const { rows } = await value(host.ask('executions.page', { ...list, offset: 0, limit: 100 }));
    const before = await contentOf(client, schema);
    for (const { id } of rows) await askAll(host, source, id);
    await tries(task, ESCAPES.length, async (number) => {
      const text = ESCAPES[number - 1] as string;
      const run = { source, execution: String(rows[0]?.id) };
      const asked = await Promise.all([
        host.ask('executions.page', { ...list, text, status: text, workflow: text, tenant: text, startedFrom: text.slice(0, 50), offset: 0, limit: 10 }),
        host.ask('executions.facets', { source, text }),
        host.ask('executions.found', { ...list, text, from: 0, count: 10 }),
        host.ask('executions.open', { source, execution: text }),
        host.ask('events.page', { ...run, from: 0, count: 10, filter: text }),
        host.ask('search.page', { ...run, from: 0, count: 10, query: { text, regex: false, matchCase: false, wholeWord: false, artifacts: true } }),
      ]);
      for (const answer of asked) if (!answer.ok) expect(['no-such-execution', 'bad-filter', 'bad-request', 'bad-search']).toContain(answer.fault.kind);
      await client.query('SELECT pg_stat_clear_snapshot()');
      expect(await contentOf(client, schema)).toEqual(before);
    });
  },
  3 * MINUTES,
);

it(
  'F41: an export to a disk that is full, during which the connection is terminated, is a Fault, and the next one is written',
  async ({ task }) => {
    const address = await readerOf(await copyToPostgres(madeFile(), 'text'));
    const client = await connected(serverUrl());
    const host = startHost();
    const folder = temporaryFolder();
    await tries(task, amount(2, 10), async () => {
      const { source } = await value(host.open(sourceSpec(address.href)));
      const choice = { source, execution: 'run', sequence: LAST, reading: 'replay', kind: 'events', form: 'jsonl', from: 1 } as const;
      const writing = host.ask('export.write', { ...choice, path: '/dev/full' });
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${address.username}'`);
      expect(await writing).toMatchObject({ ok: false, fault: { kind: expect.toBeOneOf(['disk-full', 'connection-lost']) } });
      const path = join(folder, 'events.jsonl');
      await value(host.ask('export.write', { ...choice, path }));
      expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(LAST);
      expect(readdirSync(folder)).toEqual(['events.jsonl']);
      await host.sources.close(source);
    });
  },
  2 * MINUTES,
);

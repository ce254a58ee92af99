import { randomInt } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { FaultError } from '../../core/fault.ts';
import { parseAddress } from '../../core/postgres/address.ts';
import { PostgresConnection } from '../../core/source/postgres/connection.ts';
import { firstFrame } from '../../scripts/bench/subject.ts';
import { Random } from '../../scripts/sample/random.ts';
import { goldenDatabase } from '../support/golden.ts';
import { SEED } from '../support/hostile.ts';
import { emptySchema, serverUrl } from '../support/postgres.ts';
import { connected, copyToPostgres, openPostgres, readerOf } from '../support/postgres-copy.ts';
import { front, passOn } from '../support/tls-server.ts';

/** Readings that are asked for at the same time, and so share a transaction. */

/** The time at which its transaction began names it. */
const TRANSACTION = 'SELECT now()';

function connection(address = serverUrl()): PostgresConnection {
  const made = new PostgresConnection(parseAddress(address), 'the database');
  onTestFinished(() => made.close());
  return made;
}

/** A connection whose role nobody else has, and how it is found on the server. */
async function ownConnection() {
  const { href, username } = await readerOf(await emptySchema());
  return { own: connection(href), isOwn: `usename = '${username}'` };
}

/** A statement that waits until it is let go. */
async function barrier() {
  const [client, key] = [await connected(serverUrl()), randomInt(2 ** 31)];
  await client.query('SELECT pg_advisory_lock($1)', [key]);
  return {
    client,
    statement: `SELECT pg_advisory_xact_lock_shared(${key})`,
    letGo: () => client.query('SELECT pg_advisory_unlock($1)', [key]),
    /** Until so many wait. */
    until: (waiting: number) =>
      expect
        .poll(async () => (await client.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${key} AND NOT granted`)).rowCount)
        .toBe(waiting),
  };
}

/** How often it was done, and what came of it. */
function counted(made: PostgresConnection, sql: string, signal?: AbortSignal) {
  const reading = { tries: 0 };
  const rows = made.read((query) => {
    reading.tries++;
    return query(sql);
  }, signal);
  rows.catch(() => {});
  return Object.assign(reading, { rows });
}

it('share one transaction, and the next ones have another', async () => {
  const made = connection();
  const ask = () => Promise.all([1, 2, 3].map(() => made.read((query) => query(TRANSACTION))));
  const [first, second] = [(await ask()).flat(2), (await ask()).flat(2)];
  expect([new Set(first).size, new Set(second).size, first[0] === second[0]]).toEqual([1, 1, false]);
});

it('are answered in the order in which they were asked for, and each before the next one is done', async () => {
  const [made, held, answered] = [connection(), await barrier(), [] as number[]];
  const readings = [1, 2, 3, 4].map((n) => made.read((query) => query(n === 3 ? held.statement : `SELECT ${n}`)).then(() => answered.push(n)));
  await held.until(1);
  await Promise.all(readings.slice(0, 2));
  expect(answered).toEqual([1, 2]);
  await held.letGo();
  await Promise.all(readings);
  expect(answered).toEqual([1, 2, 3, 4]);
});

it('are so few that a database is described and listed, and an execution shown, after few transactions', async () => {
  const address = new URL(await copyToPostgres(goldenDatabase('agents-0.5.0'), 'store'));
  let transactions = 0;
  const port = await front((client) => {
    client.on('data', (data) => {
      transactions += data.toString('latin1').split('BEGIN ISOLATION LEVEL').length - 1;
    });
    passOn(client);
  });
  address.port = String(port);
  const after = async <T>(work: Promise<T>): Promise<readonly [T, number]> => {
    transactions = 0;
    return [await work, transactions];
  };
  const list = { sort: 'events', descending: true, offset: 0, limit: 100 } as const;
  const [source, opening] = await after(openPostgres(address.href));
  // The window asks for the list when it knows what was opened.
  const [, describing] = await after(source.describe());
  const [[{ rows }], listing] = await after(Promise.all([source.executions(list), source.facets({})]));
  const [execution, reading] = await after(OpenExecution.open(source, String(rows[0]?.id)));
  const [frame, showing] = await after(firstFrame(execution, execution.lastSequence));
  expect(frame.basis).toBe('snapshot');
  expect([opening, describing, listing, reading, showing]).toEqual([1, 0, 1, 1, 3]);
});

it('are only so many at once', async () => {
  const made = connection();
  const transactions = await Promise.all(Array.from({ length: 100 }, () => made.read((query) => query(TRANSACTION))));
  expect(new Set(transactions.flat(2)).size).toBeGreaterThan(5);
});

it('are answered when one of them fails, and only those are done again that were not answered before', async () => {
  const made = connection();
  const readings = ['SELECT 1', 'SELECT 1 / 0', 'SELECT 2', 'CREATE TABLE spoiled ()', 'SELECT 3'].map((sql) => counted(made, sql));
  const [one, zero, two, written, three] = await Promise.allSettled(readings.map(({ rows }) => rows));
  expect([one, two, three].map((settled) => settled?.status === 'fulfilled' && settled.value)).toEqual([[['1']], [['2']], [['3']]]);
  for (const [failed, words] of [
    [zero, /division by zero/],
    [written, /read-only transaction/],
  ] as const)
    expect(failed).toMatchObject({ reason: { fault: { kind: 'server-error', detail: expect.stringMatching(words) } } });
  expect(readings.map(({ tries }) => tries)).toEqual([1, 1, 2, 2, 2]);
});

it('are not disturbed by one that fails without the server', async () => {
  const made = connection();
  const wrong = made.read(async (query) => {
    await query('SELECT 0');
    throw new FaultError('too-large');
  });
  const right = counted(made, 'SELECT 1');
  await expect(wrong).rejects.toMatchObject({ fault: { kind: 'too-large' } });
  expect([await right.rows, right.tries]).toEqual([[['1']], 1]);
});

it('are answered when one of them is given up, which ends on the server, too', async () => {
  const { own, isOwn } = await ownConnection();
  const client = await connected(serverUrl());
  const stop = new AbortController();
  const before = counted(own, 'SELECT 1');
  const sleeps = counted(own, 'SELECT pg_sleep(60)', stop.signal);
  const after = counted(own, 'SELECT 2');
  const sleeping = async () => (await client.query(`SELECT 1 FROM pg_stat_activity WHERE ${isOwn} AND wait_event = 'PgSleep'`)).rowCount;
  await expect.poll(sleeping).toBe(1);
  stop.abort(new FaultError('cancelled'));
  await expect(sleeps.rows).rejects.toMatchObject({ fault: { kind: 'cancelled' } });
  expect([await before.rows, await after.rows]).toEqual([[['1']], [['2']]]);
  expect([before.tries, sleeps.tries, after.tries]).toEqual([1, 1, 2]);
  expect(await sleeping()).toBe(0);
});

it('go on when one is given up that another one is done before', async () => {
  const [made, held, stop] = [connection(), await barrier(), new AbortController()];
  const first = counted(made, held.statement);
  const given = counted(made, 'SELECT 1', stop.signal);
  const last = counted(made, 'SELECT 2');
  await held.until(1);
  stop.abort(new FaultError('cancelled'));
  await expect(given.rows).rejects.toMatchObject({ fault: { kind: 'cancelled' } });
  await held.letGo();
  expect([(await first.rows).length, await last.rows]).toEqual([1, [['2']]]);
  expect([first.tries, given.tries, last.tries]).toEqual([1, 1, 1]);
});

it('F33: are done again, but for those that are answered, when the connection is lost among them', async () => {
  const [{ own, isOwn }, held] = [await ownConnection(), await barrier()];
  const readings = ['SELECT 1', held.statement, 'SELECT 2'].map((sql) => counted(own, sql));
  await held.until(1);
  expect(await readings[0]?.rows).toEqual([['1']]);
  await held.client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${isOwn}`);
  await held.letGo();
  const [, , last] = await Promise.all(readings.map(({ rows }) => rows));
  expect([last, ...readings.map(({ tries }) => tries)]).toEqual([[['2']], 1, 2, 2]);
});

it('F33: are each answered rightly, whatever fails, is given up, or is cut off around them', { timeout: 60_000 }, async () => {
  const { own, isOwn } = await ownConnection();
  const [client, random] = [await connected(serverUrl()), new Random(SEED)];
  for (let round = 0; round < 25; round++) {
    const stop = new AbortController();
    const readings = Array.from({ length: 30 }, (_, n) => {
      const kind = random.between(0, 5);
      const work = kind === 0 ? `SELECT ${n} / 0` : `SELECT ${n}, length(repeat('x', ${random.between(1, 100_000)})) > 0`;
      const rows = own.read(async (query) => [await query(work), await query(`SELECT ${n}`)], kind === 1 ? stop.signal : undefined);
      return rows.then(
        (found) => [kind === 0 ? 'not failed' : '', ...found.flat().map(([number]) => number !== String(n) && number)].filter(Boolean),
        (error) => [kind === 0 ? 'server-error' : kind === 1 ? 'cancelled' : '', error instanceof FaultError ? error.fault.kind : error],
      );
    });
    const answers = Promise.all(readings);
    for (let turns = random.between(0, 3); turns > 0; turns--) await client.query('SELECT 1');
    if (random.between(0, 1) === 0) stop.abort(new FaultError('cancelled'));
    if (random.between(0, 3) === 0) await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${isOwn}`);
    for (const [expected, ...found] of await answers) expect(found).toEqual(expected === undefined ? [] : [expected]);
  }
});

it('have one answer when there is no connection, for which none of them waits alone', async () => {
  let connections = 0;
  const port = await front((client) => {
    connections++;
    passOn(client);
  });
  const address = new URL(serverUrl());
  address.port = String(port);
  address.password = 'not the password';
  const made = connection(address.href);
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map((each) => counted(made, `SELECT ${each}`).rows));
  expect(answers.map((answer) => answer.status === 'rejected' && (answer.reason as FaultError).fault.kind)).toEqual(Array(5).fill('login-refused'));
  expect(connections).toBe(1);
});

import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { FaultError } from '../../fault.ts';
import type { Address } from '../../postgres/address.ts';
import { isAway, isConflict, isLost, postgresFault } from './faults.ts';
import { inlined, type Value } from './inlined.ts';

/** The columns of a row as the server spells them. */
export type Row = readonly (string | null)[];
/** Executes one statement with values for `$1`, `$2`, …. */
export type Query = (sql: string, values?: readonly Value[]) => Promise<Row[]>;
/** What is done within one transaction. It may be done twice. */
type Work<T> = (query: Query, searchPath: readonly string[]) => Promise<T>;

/** All in milliseconds. A host takes an engine that is silent for longer than a statement may take to be stuck. */
const CONNECT_TIMEOUT = 10_000;
const STATEMENT_TIMEOUT = 20_000;
const LOCK_TIMEOUT = 5000;
const IDLE_TIMEOUT = 60_000;
/** A server that does not end a statement by itself has frozen. */
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT + 5000;
/** To begin and to end a transaction takes a server no time, but a connection may have been dropped by the network without a word. */
const TURN_TIMEOUT = 8000;
const CANCEL_TIMEOUT = 2000;
/** How long a lost connection is made again, as long as a server takes to start again, and the time between two tries. */
const RECONNECT_FOR = 8000;
const RECONNECT_PAUSE = 100;

/**
 * Begins a transaction that cannot write, with everything that reading depends on. All of it ends with the transaction, since
 * a pooler may use the connection for others in between. The first SELECT says by what the transaction is found again, and what
 * the user's search path is.
 */
const READ_ONLY_TRANSACTION = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT};
SET LOCAL lock_timeout = ${LOCK_TIMEOUT};
SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT}`;
const FOUND_BY = 'SELECT pg_catalog.pg_backend_pid(), pg_catalog.now(), pg_catalog.array_to_json(pg_catalog.current_schemas(false))';
const SETTINGS = `SET LOCAL search_path = pg_catalog;
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO';
SET LOCAL bytea_output = 'hex';
SET LOCAL standard_conforming_strings = on;
SET LOCAL extra_float_digits = 1`;
const BEGIN = `${READ_ONLY_TRANSACTION};\n${FOUND_BY};\n${SETTINGS}`;

/** What a pooler says that gives each statement another connection. */
const POOLS_STATEMENTS = /statement pooling/i;

/** The transaction is named by its start, too: behind a pooler the process may meanwhile work for somebody else. */
const CANCEL = 'SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND xact_start = $2';

/** A default of the session that also refuses writes. Poolers refuse it, so it is only tried. */
const READ_ONLY = '-c default_transaction_read_only=on';

/** Parses nothing: the driver would round numbers in JSON. */
const RAW: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text } as pg.CustomTypesConfig;

/** One connection of the driver, and how its transaction is found on the server. */
class Session {
  readonly client: pg.Client;
  transaction: readonly [pid: string, start: string] | undefined;
  /** Until then the transaction is not known. */
  begun: Promise<void> = Promise.resolve();
  searchPath: string | undefined;
  isOver = false;

  constructor(client: pg.Client) {
    this.client = client;
    // Without a listener, an error of an idle connection would end the process.
    client.on('error', () => this.destroy());
    client.on('end', () => {
      this.isOver = true;
    });
  }

  destroy(): void {
    this.isOver = true;
    void this.client.end().catch(() => {});
  }
}

/** Reads from one server over one connection, one transaction after another. A second connection exists only while a query is being cancelled. */
export class PostgresConnection {
  readonly #address: Address;
  /** What Faults call the database. */
  readonly #name: string;
  #session: Session | undefined;
  #turn: Promise<void> = Promise.resolve();
  #options: string | undefined = READ_ONLY;
  /** Whether a pooler of statements is between: then each statement is a transaction of its own. */
  #isPooledByStatement = false;
  /** When the server was lost that has not answered since: all who wait give up together. */
  #lostAt: number | undefined;
  #isClosed = false;

  /** Connects when something is read. */
  constructor(address: Address, name: string) {
    this.#address = address;
    this.#name = name;
  }

  /**
   * Runs statements in one transaction that cannot write, after those that were asked for before. When the connection is lost,
   * all of it is repeated on a new one.
   *
   * @throws FaultError, or the signal's reason.
   */
  async read<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      this.#turn = this.#turn.then(async () => {
        if (!signal?.aborted) await this.#repeating(work, signal, resolve).catch((error) => reject(postgresFault(error, this.#name)));
        signal?.removeEventListener('abort', abort);
      });
    });
  }

  close(): void {
    this.#isClosed = true;
    const session = this.#session;
    if (session === undefined) return;
    // What a query still does on the server would be in vain.
    if (session.transaction !== undefined) void this.#cancel(session).finally(() => session.destroy());
    else session.destroy();
  }

  async #repeating<T>(work: Work<T>, signal: AbortSignal | undefined, answer: (value: T) => void) {
    let hasConflicted = false;
    for (;;) {
      try {
        await this.#transaction(work, signal, answer);
        this.#lostAt = undefined;
        return;
      } catch (error) {
        if (this.#isClosed) throw new FaultError('no-source', { subject: this.#name });
        // What a replica replays may be in the way of a query, but hardly ever twice.
        if (isConflict(error) && !hasConflicted && !signal?.aborted) {
          hasConflicted = true;
          continue;
        }
        // A server that was there a moment ago is starting again, also when the connection was lost while nobody used it.
        const wasThere = this.#lostAt !== undefined || this.#session !== undefined;
        if (!isLost(error) && !(wasThere && isAway(error))) throw error;
        this.#lostAt ??= performance.now();
        if (signal?.aborted || performance.now() > this.#lostAt + RECONNECT_FOR) throw error;
        await setTimeout(RECONNECT_PAUSE);
      }
    }
  }

  /** @param answer called before the transaction is ended, which nobody has to wait for. */
  async #transaction<T>(work: Work<T>, signal: AbortSignal | undefined, answer: (value: T) => void): Promise<void> {
    const session = await this.#connected();
    if (this.#isPooledByStatement) return this.#apart(session, work, signal, answer);
    const cancel = (): void => void this.#cancel(session);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      let isBegun = true;
      const begun = this.#begin(session).catch((error: unknown) => {
        isBegun = false;
        throw error;
      });
      // A server that has begun one before will again, so the first statement need not wait for it.
      if (session.searchPath === undefined) await begun;
      signal?.throwIfAborted();
      const query: Query = async (sql, values = []) => (isBegun ? ask(session, sql, values) : begun.then(() => []));
      const answered = work(query, JSON.parse(session.searchPath ?? '[]'));
      answered.catch(() => {});
      // Nothing is answered from outside of a transaction that cannot write.
      await begun;
      answer(await answered);
      signal?.removeEventListener('abort', cancel);
      session.transaction = undefined;
      await ask(session, 'COMMIT', [], TURN_TIMEOUT).catch(() => session.destroy());
    } catch (error) {
      signal?.removeEventListener('abort', cancel);
      session.transaction = undefined;
      if (POOLS_STATEMENTS.test((error as Error).message)) {
        session.destroy();
        this.#isPooledByStatement = true;
        return this.#transaction(work, signal, answer);
      }
      // A connection that cannot roll back is of no more use.
      if (!session.isOver) await ask(session, 'ROLLBACK', [], TURN_TIMEOUT).catch(() => session.destroy());
      throw error;
    }
  }

  /** Each statement of the work in a transaction of its own, so that it may see what was written after the one before. */
  async #apart<T>(session: Session, work: Work<T>, signal: AbortSignal | undefined, answer: (value: T) => void) {
    // The pooler ends what was asked for by a connection that is closed.
    const cancel = (): void => session.destroy();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      if (session.searchPath === undefined) session.searchPath = (await askApart(session, FOUND_BY, [], ''))[0]?.[2] ?? '[]';
      answer(await work((sql, values = []) => askApart(session, sql, values, SETTINGS), JSON.parse(session.searchPath)));
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #begin(session: Session): Promise<void> {
    session.begun = this.#beginning(session);
    return session.begun;
  }

  async #beginning(session: Session): Promise<void> {
    const answers = (await timed(session, session.client.query({ text: BEGIN, rowMode: 'array', types: RAW }), TURN_TIMEOUT).catch((error: Error) => {
      throw error.message === SILENCE ? new Error('Connection terminated') : error;
    })) as unknown as readonly pg.QueryArrayResult[];
    const [pid = '', start = '', path = '[]'] = answers.flatMap(({ rows }) => rows as string[][])[0] ?? [];
    session.transaction = [pid, start];
    session.searchPath = path;
  }

  async #connected(): Promise<Session> {
    if (this.#isClosed) throw new FaultError('no-source', { subject: this.#name });
    if (this.#session?.isOver === false) return this.#session;
    const session = await this.#connect();
    this.#session = session;
    if (this.#isClosed) session.destroy();
    return session;
  }

  async #connect(): Promise<Session> {
    try {
      return await connect(this.#address, this.#options);
    } catch (error) {
      if (this.#options === undefined || !/startup parameter|options/i.test((error as Error).message)) throw error;
      this.#options = undefined;
      return connect(this.#address, undefined);
    }
  }

  /** Ends what the session does on the server, or the session if the server does not end it in time. */
  async #cancel(session: Session): Promise<void> {
    await session.begun.catch(() => {});
    const { transaction } = session;
    if (transaction === undefined) return session.destroy();
    void setTimeout(CANCEL_TIMEOUT, undefined, { ref: false }).then(() => {
      if (session.transaction === transaction) session.destroy();
    });
    try {
      const second = await connect(this.#address, undefined);
      await ask(second, CANCEL, transaction).catch(() => {});
      second.destroy();
    } catch {
      session.destroy();
    }
  }
}

async function connect({ schema: _, ...address }: Address, options: string | undefined): Promise<Session> {
  const session = new Session(
    new pg.Client({
      ...address,
      // Given no password, the driver would look for one in the environment and in the user's password file.
      password: address.password ?? (() => ''),
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      pipeline: true,
      application_name: 'hindsight',
      ...(options !== undefined && { options }),
    }),
  );
  try {
    await session.client.connect();
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** The message of an error: the server did not answer in time. */
const SILENCE = 'read timeout';

/** The extended protocol takes one statement at a time: no text can end the transaction and write. */
async function ask(session: Session, text: string, values: readonly Value[], limit = ANSWER_TIMEOUT): Promise<Row[]> {
  const query = {
    text,
    values: values.map((value) => (typeof value === 'number' ? String(value) : value)),
    rowMode: 'array',
    types: RAW,
    queryMode: 'extended',
  };
  return (await timed(session, session.client.query(query as unknown as pg.QueryArrayConfig), limit)).rows;
}

/** One statement as a whole transaction in one text, as a pooler of statements takes it. */
async function askApart(session: Session, sql: string, values: readonly Value[], settings: string): Promise<Row[]> {
  const text = `${READ_ONLY_TRANSACTION};\n${settings};\n${inlined(sql, values)};\nCOMMIT`;
  const answers = (await timed(
    session,
    session.client.query({ text, rowMode: 'array', types: RAW }),
    ANSWER_TIMEOUT,
  )) as unknown as readonly pg.QueryArrayResult[];
  return (answers.at(-2)?.rows ?? []) as Row[];
}

async function timed<T>(session: Session, answer: Promise<T>, limit: number): Promise<T> {
  const done = new AbortController();
  const silence = setTimeout(limit, undefined, { signal: done.signal }).then(() => {
    session.destroy();
    throw new Error(SILENCE);
  });
  // An answer in time is the end of this.
  silence.catch(() => {});
  try {
    return await Promise.race([answer, silence]);
  } finally {
    done.abort();
  }
}

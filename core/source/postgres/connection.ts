import { setImmediate, setTimeout } from 'node:timers/promises';
import { FaultError } from '../../fault.ts';
import type { Address } from '../../postgres/address.ts';
import { isAway, isCancelled, isConflict, isInFailed, isLost, postgresFault } from './faults.ts';
import { inlined, type Value } from './inlined.ts';
import { Reading, type Work } from './reading.ts';
import { type Row, Session, SILENCE } from './session.ts';

/** All in milliseconds. A host takes an engine that is silent for longer than a statement may take to be stuck. */
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
/** How many readings are done in one transaction: each keeps it open for the others. */
const MOST_TOGETHER = 16;

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

/**
 * Reads from one server over one connection, one transaction after another. What waits for a transaction shares the next one,
 * whose statements are all sent at once. A second connection exists only while a query is being cancelled.
 */
export class PostgresConnection {
  readonly #address: Address;
  /** What Faults call the database. */
  readonly #name: string;
  #session: Session | undefined;
  readonly #waiting: Reading[] = [];
  #isReading = false;
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
   * Runs statements in a transaction that cannot write, after those that were asked for before. When the connection is lost, or
   * another reading of the transaction fails, all of it is repeated.
   *
   * @throws FaultError, or the signal's reason.
   */
  async read<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      const answering: Work<() => void> = async (query, searchPath) => {
        const answer = await work(query, searchPath);
        return () => resolve(answer);
      };
      this.#waiting.push(new Reading(answering, reject, signal, () => this.#cancelVain()));
      if (!this.#isReading) void this.#readAll();
    });
  }

  close(): void {
    this.#isClosed = true;
    const session = this.#session;
    if (session === undefined) return;
    // What a query still does on the server would be in vain.
    if (session.transaction !== undefined && session.head !== undefined) void this.#cancel(session).finally(() => session.destroy());
    else session.destroy();
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    for (;;) {
      // What is asked for at the same time is read together, and what is asked for in return is sent with the end of the transaction.
      await setImmediate();
      this.#end();
      const readings = this.#waiting.splice(0, this.#isPooledByStatement ? 1 : MOST_TOGETHER).filter(({ isWanted }) => isWanted);
      if (readings.length > 1) await this.#together(readings);
      for (const reading of readings) await this.#alone(reading);
      if (readings.length === 0 && this.#waiting.length === 0) break;
    }
    this.#isReading = false;
  }

  /** Answers what can be answered. What failed because of another one is left. */
  async #together(readings: readonly Reading[]): Promise<void> {
    const { failures, isBegun } = await this.#transaction(readings);
    for (const [reading, error] of failures) {
      if (isLost(error)) this.#lostAt ??= performance.now();
      // Where there is no connection, the reason is the same for all.
      else if (isBegun ? !isInFailed(error) && !isConflict(error) && !this.#mayBeOfAnother(error) : !isAway(error)) this.#fail(reading, error);
    }
  }

  /** Answers the reading, in a transaction of its own. */
  async #alone(reading: Reading): Promise<void> {
    let isRepeated = false;
    while (reading.isWanted) {
      const { failures } = await this.#transaction([reading]);
      const error = failures.get(reading);
      if (error === undefined) return;
      if (this.#isClosed) return this.#fail(reading, error);
      // What a replica replays may be in the way of a query, but hardly ever twice.
      if ((isConflict(error) || this.#mayBeOfAnother(error)) && !isRepeated) {
        isRepeated = true;
        continue;
      }
      // A server that was there a moment ago is starting again, also when the connection was lost while nobody used it.
      const wasThere = this.#lostAt !== undefined || this.#session !== undefined;
      if (!isLost(error) && !(wasThere && isAway(error))) return this.#fail(reading, error);
      this.#lostAt ??= performance.now();
      if (performance.now() > this.#lostAt + RECONNECT_FOR) return this.#fail(reading, error);
      await setTimeout(RECONNECT_PAUSE);
    }
  }

  #fail(reading: Reading, error: unknown): void {
    reading.fail(this.#isClosed ? new FaultError('no-source', { subject: this.#name }) : postgresFault(error, this.#name));
  }

  /** Whether a statement was cancelled in the place of one that was answered just before it could be. */
  #mayBeOfAnother(error: unknown): boolean {
    return isCancelled(error) && this.#session?.hasCancelled === true;
  }

  /**
   * Answers each reading as soon as its own statements are answered. The transaction is left to {@link #end}.
   *
   * @returns why the others are not answered, and whether the transaction was begun.
   */
  async #transaction(readings: readonly Reading[]): Promise<{ readonly failures: ReadonlyMap<Reading, unknown>; readonly isBegun: boolean }> {
    const failures = new Map<Reading, unknown>();
    let refusal: unknown;
    try {
      const session = await this.#connected();
      const begun = this.#isPooledByStatement ? Promise.resolve() : this.#begin(session);
      begun.catch((error: unknown) => {
        refusal = error;
      });
      // A pooler that has begun one before will again, and a session that can write nothing may be asked at once, too.
      if (session.searchPath === undefined && this.#options === undefined) await begun;
      const searchPath = async (): Promise<readonly string[]> =>
        JSON.parse(await (this.#isPooledByStatement ? pathApart(session) : begun.then(() => session.searchPath ?? '[]')));
      await Promise.all(
        readings.map(async (reading) => {
          const { signal } = reading;
          const query = async (sql: string, values: readonly Value[] = []): Promise<Row[]> => {
            signal?.throwIfAborted();
            if (refusal !== undefined) throw refusal;
            const answer = this.#isPooledByStatement ? askApart(session, sql, values, SETTINGS, signal) : session.ask(sql, values, ANSWER_TIMEOUT, signal);
            return answer.finally(() => this.#cancelVain());
          };
          try {
            await reading.perform(query, searchPath, begun);
            this.#lostAt = undefined;
          } catch (error) {
            failures.set(reading, error);
          }
        }),
      );
    } catch (error) {
      refusal = error;
      for (const reading of readings) failures.set(reading, error);
    }
    if (!this.#isPooledByStatement && refusal instanceof Error && POOLS_STATEMENTS.test(refusal.message)) {
      this.#session?.destroy();
      this.#isPooledByStatement = true;
      return this.#transaction(readings);
    }
    return { failures, isBegun: refusal === undefined };
  }

  async #begin(session: Session): Promise<void> {
    this.#end();
    session.isInTransaction = true;
    const answers = await session.askAll(BEGIN, TURN_TIMEOUT).catch((error: Error) => {
      throw error.message === SILENCE ? new Error('Connection terminated') : error;
    });
    const [pid = '', start = '', path = '[]'] = (answers.flat()[0] ?? []) as readonly string[];
    session.transaction = [pid, start];
    session.searchPath = path;
    this.#cancelVain();
  }

  /** Ends the transaction, which nobody has to wait for. If something in it has failed, it is rolled back by this, too. */
  #end(): void {
    const session = this.#session;
    if (session === undefined || session.isOver || !session.isInTransaction) return;
    session.isInTransaction = false;
    session.transaction = undefined;
    // A connection that cannot end one is of no more use.
    session.ask('COMMIT', [], TURN_TIMEOUT).catch(() => session.destroy());
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
      return await Session.connect(this.#address, this.#options);
    } catch (error) {
      if (this.#options === undefined || !/startup parameter|options/i.test((error as Error).message)) throw error;
      this.#options = undefined;
      return Session.connect(this.#address, undefined);
    }
  }

  /** Cancels what the server does when nobody waits for it any more. What is not yet done is waited for: it may take no time. */
  #cancelVain(): void {
    const session = this.#session;
    if (session?.head?.signal?.aborted !== true || session.cancelled === session.head) return;
    // The pooler ends what was asked for by a connection that is closed.
    if (this.#isPooledByStatement) session.destroy();
    else void this.#cancel(session);
  }

  /** Ends what the session does on the server, or the session if the server does not end it in time. */
  async #cancel(session: Session): Promise<void> {
    const { head, transaction } = session;
    const isDone = (): boolean => session.head !== head;
    session.cancelled = head;
    void setTimeout(CANCEL_TIMEOUT, undefined, { ref: false }).then(() => {
      if (!isDone()) session.destroy();
    });
    try {
      const second = await Session.connect(this.#address, undefined);
      if (!isDone()) {
        session.hasCancelled = true;
        await second.ask(CANCEL, transaction ?? [], CANCEL_TIMEOUT).catch(() => {});
      }
      second.destroy();
    } catch {
      if (!isDone()) session.destroy();
    }
  }
}

/** One statement as a whole transaction in one text, as a pooler of statements takes it; it may see what was written after the one before. */
async function askApart(session: Session, sql: string, values: readonly Value[], settings: string, signal?: AbortSignal): Promise<Row[]> {
  const text = `${READ_ONLY_TRANSACTION};\n${settings};\n${inlined(sql, values)};\nCOMMIT`;
  return (await session.askAll(text, ANSWER_TIMEOUT, signal)).at(-2) ?? [];
}

async function pathApart(session: Session): Promise<string> {
  session.searchPath ??= (await askApart(session, FOUND_BY, [], ''))[0]?.[2] ?? '[]';
  return session.searchPath;
}

import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Address } from '../../postgres/address.ts';
import type { Value } from './inlined.ts';

/** The columns of a row as the server spells them. */
export type Row = readonly (string | null)[];

/** In milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** The message of an error: the server did not answer in time. */
export const SILENCE = 'read timeout';

/** Parses nothing: the driver would round numbers in JSON. */
const RAW: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text } as pg.CustomTypesConfig;

/** A statement that the server has not answered. */
interface Sent {
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal | undefined;
}

/** One connection of the driver. What is sent is answered in the same order, and need not wait for the answers before. */
export class Session {
  /** How its transaction is found on the server; undefined while that is not known. */
  transaction: readonly [pid: string, start: string] | undefined;
  searchPath: string | undefined;
  /** Whether a transaction has been begun and not been ended. */
  isInTransaction = false;
  /** Whether the server was asked to cancel a statement, which may have been another one. */
  hasCancelled = false;
  /** The one that is being cancelled. */
  cancelled: Sent | undefined;
  isOver = false;
  readonly #client: pg.Client;
  readonly #unanswered: Sent[] = [];
  #answeredAt = 0;

  private constructor(client: pg.Client) {
    this.#client = client;
    // Without a listener, an error of an idle connection would end the process.
    client.on('error', () => this.destroy());
    client.on('end', () => {
      this.isOver = true;
    });
  }

  static async connect({ schema: _, ...address }: Address, options: string | undefined): Promise<Session> {
    const client = new pg.Client({
      ...address,
      // Given no password, the driver would look for one in the environment and in the user's password file.
      password: address.password ?? (() => ''),
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      pipeline: true,
      application_name: 'hindsight',
      ...(options !== undefined && { options }),
    });
    const session = new Session(client);
    try {
      await client.connect();
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  /** The statement that the server executes, if any: the oldest that it has not answered. */
  get head(): Sent | undefined {
    return this.#unanswered[0];
  }

  /** The extended protocol takes one statement at a time: no text can end the transaction and write. */
  async ask(text: string, values: readonly Value[], limit: number, signal?: AbortSignal): Promise<Row[]> {
    const query = {
      text,
      values: values.map((value) => (typeof value === 'number' ? String(value) : value)),
      rowMode: 'array',
      types: RAW,
      queryMode: 'extended',
    };
    return (await this.#answered(() => this.#client.query(query as unknown as pg.QueryArrayConfig), limit, signal)).rows;
  }

  /** A text of several statements without values. @returns the rows of each. */
  async askAll(text: string, limit: number, signal?: AbortSignal): Promise<Row[][]> {
    const answers = await this.#answered(() => this.#client.query({ text, rowMode: 'array', types: RAW }), limit, signal);
    return (answers as unknown as readonly pg.QueryArrayResult[]).map(({ rows }) => rows);
  }

  /** Statements that are not answered end with an error that says that the connection is lost. */
  destroy(): void {
    this.isOver = true;
    // The driver would wait for what the server may never answer.
    if (this.#unanswered.length > 0) this.#client.connection.stream.destroy();
    void this.#client.end().catch(() => {});
  }

  async #answered<T>(send: () => Promise<T>, limit: number, signal: AbortSignal | undefined): Promise<T> {
    const sent: Sent = { signal };
    const done = new AbortController();
    this.#unanswered.push(sent);
    try {
      return await Promise.race([send(), this.#silence(limit, done.signal)]);
    } catch (error) {
      // The server ends the connection with it, and says so a little later.
      if ((error as { readonly severity?: string }).severity === 'FATAL') this.destroy();
      throw error;
    } finally {
      done.abort();
      this.#unanswered.splice(this.#unanswered.indexOf(sent), 1);
      this.#answeredAt = performance.now();
    }
  }

  /** The time of a statement begins when the one before it has been answered. */
  async #silence(limit: number, signal: AbortSignal): Promise<never> {
    const sentAt = performance.now();
    for (;;) {
      const left = Math.max(sentAt, this.#answeredAt) + limit - performance.now();
      if (left <= 0) break;
      await setTimeout(left, undefined, { signal });
    }
    this.destroy();
    throw new Error(SILENCE);
  }
}

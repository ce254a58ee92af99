import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canonicalJson } from '../../core/json/print.ts';
import type { Json } from '../../core/json/value.ts';
import { readByRuntime } from '../../core/replay/recovery.ts';
import { materialize } from '../../core/store/materialize.ts';
import { MemoryBackend } from '../../core/store/memory.ts';
import { PostgresBackend } from '../../core/store/postgres.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { goldenDatabase, goldenStates } from '../support/golden.ts';
import { emptySchema } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temp.ts';
import { storeBehaviour } from './behaviour.ts';

for (const generation of [3, 11] as const) {
  storeBehaviour(`SQLite of generation ${generation}`, generation, async (options) => {
    const store = await SqliteBackend.open(join(temporaryFolder(), 'store.db'), { ...options, generation });
    onTestFinished(() => store.close());
    return store;
  });
}
storeBehaviour('memory', 11, async (options) => new MemoryBackend(options));
storeBehaviour('Postgres', 11, async (options) => {
  const store = await PostgresBackend.open(await emptySchema(), options);
  onTestFinished(() => store.close());
  return store;
});

/** The two spellings of an exponent are one number. */
function spelled(value: Json): string {
  return canonicalJson(value).replace(/(\d)e(\d)/g, '$1e+$2');
}

describe('SQLite files', () => {
  it.each(['runtime-0.3.2', 'runtime-0.5.0'] as const)('of the runtime %s open here, and are materialised as the runtime does', async (name) => {
    const store = await SqliteBackend.open(goldenDatabase(name));
    onTestFinished(() => store.close());
    const answers = new Map(
      goldenStates(name)
        .filter((answer) => answer.get('reading') === 'recovery')
        .map((answer) => [String(answer.get('execution_id')), answer]),
    );
    for (const [id, last] of answers) {
      const { currentState, completedNodes, activeNodes, status, lastSequence } = await materialize(store, id);
      // Our numbers are exact; the runtime's answer holds them as its reader takes them.
      expect([spelled(readByRuntime(currentState)), spelled(readByRuntime(completedNodes)), [...activeNodes].sort(), status, lastSequence]).toEqual([
        spelled(last.get('current_state') ?? null),
        spelled(last.get('completed_nodes') ?? null),
        last.get('active_nodes'),
        last.get('status'),
        last.get('last_sequence'),
      ]);
    }
  });

  it('are opened by path or URL, and again', async () => {
    const path = join(temporaryFolder(), 'with space.db');
    const first = await SqliteBackend.open(`sqlite://${path}`, { generation: 11 });
    await first.createTenant({ id: 'kept', name: 'Kept' });
    await first.close();
    const second = await SqliteBackend.open(path);
    expect((await second.getTenant('kept'))?.name).toBe('Kept');
    await second.close();
  });

  it('that are none, or of another program, or of a newer runtime, are refused with one sentence', async () => {
    const folder = temporaryFolder();
    const textFile = join(folder, 'text.db');
    writeFileSync(textFile, 'not a database\n'.repeat(100));
    const other = join(folder, 'other.db');
    new Database(other).exec('CREATE TABLE things (id)').close();
    const newer = join(folder, 'newer.db');
    await (await SqliteBackend.open(newer, { generation: 11 })).close();
    new Database(newer).exec("INSERT INTO _sqlx_migrations VALUES (12, 'later', '2030-01-01', 1, x'00', 0)").close();
    for (const path of [textFile, other, newer, folder]) {
      await expect(SqliteBackend.open(path)).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/^.+\.$/) });
    }
  });

  it('with a row that is not JSON say which', async () => {
    const path = join(temporaryFolder(), 'broken.db');
    const store = await SqliteBackend.open(path);
    onTestFinished(() => store.close());
    await store.storeWorkflow({ workflowId: 'w', version: '1', ir: {}, createdAt: '2026-06-01T12:00:00+00:00' });
    new Database(path).exec("UPDATE workflow_definitions SET ir_json = '{'").close();
    await expect(store.getWorkflow('w', '1')).rejects.toMatchObject({ kind: 'Serialization', message: expect.stringContaining('workflow w') });
  });
});

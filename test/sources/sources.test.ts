import { afterAll } from 'vitest';
import { type MemoryExecution, MemorySource } from '../../core/source/memory.ts';
import type { Source } from '../../core/source/port.ts';
import { goldenDatabase } from '../support/golden.ts';
import { copyToPostgres, openPostgres } from '../support/postgres-copy.ts';
import { openSqlite } from '../support/sources.ts';
import { sourceContract } from './source-contract.ts';

/** Copies that all tests read. */
const copies = new Map<string, Promise<string>>();
const removals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const remove of removals) await remove();
});

for (const golden of ['runtime-0.3.2', 'runtime-0.5.0', 'server-0.5.0-killed']) {
  sourceContract('SQLite', golden, () => openSqlite(goldenDatabase(golden)));
  sourceContract('memory', golden, async () => inMemory(await openSqlite(goldenDatabase(golden))));
  for (const layout of ['store', 'text', 'jsonb'] as const) {
    sourceContract(`Postgres (${layout})`, golden, async () => {
      const copy = copies.get(`${golden} ${layout}`) ?? copyToPostgres(goldenDatabase(golden), layout, (remove) => removals.push(remove));
      copies.set(`${golden} ${layout}`, copy);
      return openPostgres(await copy);
    });
  }
}

/** A copy of another source in memory. */
async function inMemory(source: Source): Promise<MemorySource> {
  const { rows } = await source.executions({ sort: 'started', descending: true, offset: 0, limit: 500 });
  const executions = await Promise.all(
    rows.map(async ({ id }): Promise<MemoryExecution> => {
      const detail = await source.execution(id);
      if (detail === undefined) throw new Error(`${id} does not exist`);
      const events = await source.page(id, 0, 10_000);
      const headers = await source.snapshots(id);
      const snapshots = await Promise.all(headers.map(({ atSequence }) => source.snapshot(id, atSequence)));
      return {
        ...detail,
        eventRows: events.map(({ sequence, createdAt, text = '' }) => ({ sequence, createdAt, text })),
        snapshotRows: snapshots.flatMap((snapshot) => (snapshot === undefined ? [] : [snapshot])),
      };
    }),
  );
  return new MemorySource({ generation: (await source.describe()).generation, executions, definitions: [] });
}

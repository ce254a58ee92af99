import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { goldenDatabase } from '../support/golden.ts';
import { makeFile } from '../support/made-files.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const RUN = 'd55a8583-0762-45d0-97f3-62ba3766ce2b';

it('work items are read in the order of their creation, of one node or of all, and their payloads apart', async () => {
  const path = goldenDatabase('agents-0.5.0');
  const source = await openSqlite(path);
  const all = (await source.workItems(RUN)) ?? [];
  expect(all.map(({ nodeId }) => nodeId).slice(0, 3)).toEqual(['prepare', '__model_0__', '__tool_gate_0__']);
  const [model] = (await source.workItems(RUN, '__model_0__')) ?? [];
  expect(model).toMatchObject({ nodeId: '__model_0__', queueType: 'model', status: 'completed', attempt: 1, leaseExpiresAt: undefined });
  expect(JSON.parse((await source.workItemPayload(model?.id ?? '')) ?? '')).toMatchObject({ model: 'anthropic/claude-sonnet-4-6' });
  expect(await source.workItemPayload('nobody')).toBeUndefined();
  const database = new Database(path);
  database.prepare(`UPDATE work_items SET payload_json = x'00ff', status = 'claimed', worker_id = 'w', lease_expires_at = 'soon' WHERE id = ?`).run(model?.id);
  database.close();
  const changed = await openSqlite(path);
  expect(await changed.workItemPayload(model?.id ?? '')).toBeUndefined();
  expect((await changed.workItems(RUN, '__model_0__'))?.[0]).toMatchObject({ status: 'claimed', workerId: 'w', leaseExpiresAt: 'soon' });
});

it('an event is found by its id, and the audit log is read in pages in the order in which it was written', async () => {
  const path = goldenDatabase('agents-0.5.0');
  const database = new Database(path);
  database.exec(`INSERT INTO audit_log (id, event_id, execution_id, sequence, event_type, actor_id, actor_type, created_at, raw_event)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) SELECT 'made-' || i, 'e', 'x', i, 't', 'a', 'b', 'c', '{}' FROM n`);
  database.close();
  const source = await openSqlite(path);
  const pages: number[] = [];
  const sequences: (bigint | null)[] = [];
  for await (const page of source.auditLog() ?? []) {
    pages.push(page.length);
    sequences.push(...page.map(({ sequence }) => sequence));
  }
  expect(pages).toEqual([50, 500, 500, 160]);
  expect(sequences.slice(10)).toEqual(Array.from({ length: 1200 }, (_, i) => BigInt(i + 1)));
  expect(await source.eventById('nobody')).toBeUndefined();
});

it('a database without these tables and columns has none of them', async () => {
  const path = `${temporaryFolder()}/made.db`;
  makeFile(path, { events: [] });
  const source = await openSqlite(path);
  expect([await source.workItems('run'), await source.workItemPayload('x'), source.auditLog(), await source.eventById('x')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

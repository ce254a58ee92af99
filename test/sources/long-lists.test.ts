import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { Kept } from '../../core/source/sqlite/kept.ts';
import { makeManyRuns } from '../support/many-runs.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const RUNS = 6000;
const ORDERS = {
  started: 'started_at',
  workflow: `workflow_id || char(10) || workflow_version`,
  events: '(SELECT max(sequence) FROM events AS e WHERE e.execution_id = x.execution_id)',
} as const;

function manyRuns(): string {
  const file = join(temporaryFolder(), 'runtime.db');
  makeManyRuns(file, RUNS);
  return file;
}

describe('M5: a long list, which is read in many turns', () => {
  it('is in the order and has the counts that one statement over everything gives', async () => {
    const file = manyRuns();
    const plain = new Database(file, { readonly: true });
    const source = await openSqlite(file);
    for (const sort of ['started', 'workflow', 'events'] as const) {
      for (const [status, descending] of [
        [undefined, true],
        ['failed', false],
      ] as const) {
        const where = status === undefined ? '' : `WHERE status = '${status}'`;
        const expected = plain
          .prepare(`SELECT execution_id FROM workflow_executions AS x ${where} ORDER BY ${ORDERS[sort]} ${descending ? 'DESC' : 'ASC'}, execution_id`)
          .pluck()
          .all();
        const { rows, total } = await source.executions({ status, sort, descending, offset: 0, limit: RUNS });
        expect(total).toBe(expected.length);
        expect(rows.map(({ id }) => id)).toEqual(expected);
        const lacking = await source.lacking({ status, text: 'nowhere', sort, descending, offset: 0, limit: 0 });
        expect(lacking.map(({ id }) => id)).toEqual(expected);
      }
    }
    const facets = await source.facets({ status: 'failed', text: 'tenant-1' });
    const of = (where: string): unknown => plain.prepare(`SELECT count(*) FROM workflow_executions WHERE tenant_id = 'tenant-1' AND ${where}`).pluck().get();
    expect(facets.total).toBe(RUNS);
    expect(facets.matching).toBe(of(`status = 'failed'`));
    expect(facets.statuses.map(({ name, count }) => [name, count])).toEqual(facets.statuses.map(({ name }) => [name, of(`status = '${name}'`)]));
    expect(facets.newest).toBe(plain.prepare('SELECT max(started_at) FROM workflow_executions').pluck().get());
    plain.close();
  });

  it('is read again after somebody has written', async () => {
    const file = manyRuns();
    const source = await openSqlite(file);
    const list = { sort: 'started', descending: true, offset: 0, limit: 1 } as const;
    expect((await source.executions(list)).total).toBe(RUNS);
    const writer = new Database(file);
    writer.pragma('journal_mode = WAL');
    for (const [id, total] of [
      ['later-1', RUNS + 1],
      ['later-2', RUNS + 2],
    ] as const) {
      writer
        .prepare(`INSERT INTO workflow_executions SELECT ?, workflow_id, workflow_version, 'new', '{}', '{}', '2027', '2027', NULL, tenant_id
          FROM workflow_executions LIMIT 1`)
        .run(id);
      expect((await source.executions(list)).total).toBe(total);
      expect((await source.facets({ status: 'new' })).matching).toBe(total - RUNS);
    }
    writer.close();
  });
});

describe('an answer that is kept', () => {
  it('is made once for all who ask for it, until the database changes', async () => {
    const kept = new Kept<number>();
    let made = 0;
    const make = async (): Promise<number> => ++made;
    expect(await Promise.all([kept.get('1', 'a', make), kept.get('1', 'a', make)])).toEqual([1, 1]);
    expect(await kept.get('1', 'b', make)).toBe(2);
    expect(await kept.get('1', 'a', make)).toBe(1);
    expect(await kept.get('2', 'a', make)).toBe(3);
  });

  it('is stopped only when nobody waits for it any more, and made again when it is asked for again', async () => {
    const kept = new Kept<number>();
    const made: { signal: AbortSignal; resolve: (value: number) => void }[] = [];
    const make = (signal: AbortSignal): Promise<number> => new Promise((resolve) => made.push({ signal, resolve }));
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [kept.get('1', 'a', make, first.signal), kept.get('1', 'a', make, second.signal)];
    first.abort(new Error('first'));
    await expect(both[0]).rejects.toThrow('first');
    expect(made[0]?.signal.aborted).toBe(false);
    second.abort(new Error('second'));
    await expect(both[1]).rejects.toThrow('second');
    expect(made[0]?.signal.aborted).toBe(true);
    const again = kept.get('1', 'a', make);
    made[1]?.resolve(7);
    expect(await again).toBe(7);
  });
});

it('the snapshots of a long run are read in turns, also where several are at one sequence', async () => {
  const file = manyRuns();
  const writer = new Database(file);
  const id = writer.prepare('SELECT execution_id FROM workflow_executions LIMIT 1').pluck().get() as string;
  writer.exec('DROP TABLE snapshots; CREATE TABLE snapshots (execution_id TEXT, at_sequence INTEGER, state_json TEXT, created_at TEXT)');
  const insert = writer.prepare(`INSERT INTO snapshots (execution_id, at_sequence, state_json, created_at) VALUES (?, ?, '{}', '2026-06-01T12:00:00Z')`);
  const expected = Array.from({ length: 1203 }, (_, i) => (i >= 200 && i < 600 ? 200 : i));
  writer.transaction(() => expected.forEach((at) => insert.run(id, at)))();
  writer.close();
  const source = await openSqlite(file);
  expect((await source.snapshots(id)).map(({ atSequence }) => atSequence)).toEqual(expected);
});

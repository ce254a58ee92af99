import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type EngineRequestName, engineRequests, hostRequests, type Reply } from '../../core/contract.ts';
import { openDoor } from '../../core/debugger/door.ts';
import { engineHandlers } from '../../core/debugger/handlers.ts';
import { FaultError, type Result } from '../../core/fault.ts';
import { parseJson } from '../../core/json/read.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import type { Source } from '../../core/source/port.ts';
import { goldenDatabase } from '../support/golden.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

/** A database whose events are on many pages, one of which is overwritten. @returns how many pages the events fill. */
function brokenInTheMiddle(path: string): number {
  const database = new Database(path);
  database.exec(`CREATE TABLE workflow_executions (execution_id, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at, completed_at);
    CREATE TABLE events (execution_id TEXT, sequence INTEGER, kind_json TEXT, created_at TEXT, UNIQUE (execution_id, sequence));
    CREATE TABLE snapshots (execution_id, at_sequence, state_json, created_at);
    INSERT INTO workflow_executions VALUES ('run', 'w', '1', 'running', '{}', '{}', '2026-06-01T12:00:00+00:00', '2026-06-01T12:00:00+00:00', NULL)`);
  const insert = database.prepare(`INSERT INTO events VALUES ('run', ?, ?, '2026-06-01T12:00:00+00:00')`);
  database.transaction(() => {
    for (let n = 1; n <= 2000; n++)
      insert.run(n, `{"type":"node_completed","node_id":"a","output":null,"state_patch":{"n":${n}},"duration_ms":1,"pad":"${'x'.repeat(200)}"}`);
  })();
  const leaves = database.prepare(`SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY path`).pluck().all() as number[];
  database.close();
  const bytes = readFileSync(path);
  const page = leaves[Math.floor(leaves.length * 0.7)] as number;
  bytes.fill(0xff, (page - 1) * 4096, page * 4096);
  writeFileSync(path, bytes);
  return leaves.length;
}

type Ask = <N extends EngineRequestName>(name: N, params: unknown) => Promise<Result<Reply<N>>>;

const TREE = { from: 0, count: 100, reading: 'replay', opened: [], closed: [], reveal: true };
const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');

async function engineOn(path: string): Promise<{ ask: Ask; pushes: unknown[] }> {
  return engineWith(await openSqlite(path));
}

async function engineWith(source: Source): Promise<{ ask: Ask; pushes: unknown[] }> {
  const pushes: unknown[] = [];
  const answer = openDoor(
    engineHandlers({
      openSource: async () => source,
      push: (name, value) => pushes.push([name, value]),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    }),
  );
  const ask = ((name: string, params: unknown) => answer(name, params, new AbortController().signal)) as Ask;
  expect(await ask('source.open', {})).toMatchObject({ ok: true });
  return { ask, pushes };
}

/** So many events of a kilobyte each. */
function longRun(count: number): Source {
  const text = `{"type":"node_completed","node_id":"a","output":"${'x'.repeat(900)}","state_patch":{"a":1},"duration_ms":1}`;
  const eventRows = Array.from({ length: count }, (_, i) => ({ sequence: i + 1, createdAt: '2026-06-01T12:00:00+00:00', text }));
  const [example] = WORKED_EXAMPLE.executions;
  if (example === undefined) throw new Error('the example is empty');
  return new MemorySource({ ...WORKED_EXAMPLE, executions: [{ ...example, id: 'long', eventRows, snapshotRows: [] }] });
}

async function value<T>(result: Promise<Result<T>>): Promise<T> {
  const answered = await result;
  if (!answered.ok) throw new Error(JSON.stringify(answered.fault));
  return answered.value;
}

/** Asks until the execution is indexed. */
async function settled(ask: Ask, execution: string, sequence: number, tree: object = {}): Promise<Reply<'frame.at'>> {
  for (;;) {
    const frame = await value(ask('frame.at', { execution, sequence, tree: { ...TREE, ...tree } }));
    if (!frame.waiting && frame.fromSnapshot === null) return frame;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The log is indexed and its snapshots are checked. */
async function done(pushes: readonly unknown[]): Promise<void> {
  while (!JSON.stringify(pushes).includes('"phase":"done"')) await new Promise((resolve) => setImmediate(resolve));
}

describe('the door of the engine', () => {
  it('refuses unknown names, and parameters that do not fit, with a reason and nothing of ours', async () => {
    const { ask } = await engineOn(SAMPLE);
    const bad: readonly unknown[] = [
      undefined,
      null,
      1,
      'x',
      [],
      { extra: true },
      { execution: 1 },
      { execution: 'x', sequence: -1 },
      { execution: 'x', sequence: 1.5 },
      { execution: 'x'.repeat(300) },
      { offset: '0' },
      new Map(),
    ];
    for (const name of [...Object.keys(engineRequests), ...Object.keys(hostRequests)]) {
      for (const params of bad) {
        if (name === 'executions.facets' || name === 'source.shut' || name === 'source.open') continue;
        const result = await ask(name as 'frame.at', params);
        expect([name, result.ok ? undefined : result.fault.kind]).toEqual([name, 'bad-request']);
      }
    }
    for (const name of ['', '__proto__', 'constructor', 'toString', 'frame', 'app.start']) {
      expect(await ask(name as 'frame.at', {})).toMatchObject({ ok: false, fault: { kind: 'bad-request' } });
    }
  });

  it('says so when nothing is open, or when the execution is not there', async () => {
    const { ask } = await engineOn(SAMPLE);
    expect(await ask('execution.open', { execution: 'ffffffff' })).toMatchObject({ fault: { kind: 'no-such-execution' } });
    expect(await ask('execution.open', { execution: 'c' })).toMatchObject({ fault: { kind: 'ambiguous-execution' } });
    await ask('source.shut', {});
    expect(await ask('executions.facets', {})).toMatchObject({ fault: { kind: 'no-source' } });
  });

  it('keeps what was open when the next one cannot be opened, and closes that one', async () => {
    let closed = 0;
    const broken = Object.assign(new MemorySource(WORKED_EXAMPLE), {
      describe: () => Promise.reject(new FaultError('damaged')),
      close: () => {
        closed++;
      },
    });
    const sources: Source[] = [new MemorySource(WORKED_EXAMPLE), broken];
    const answer = openDoor(engineHandlers({ openSource: async () => sources.shift() as Source, push: () => {}, pause: async () => {} }));
    const ask = ((name: string, params: unknown) => answer(name, params, new AbortController().signal)) as Ask;
    expect(await ask('source.open', {})).toMatchObject({ ok: true });
    expect(await ask('source.open', {})).toMatchObject({ ok: false, fault: { kind: 'damaged' } });
    expect(await ask('executions.facets', {})).toMatchObject({ ok: true, value: { total: 1 } });
    expect(closed).toBe(1);
  });

  it('answers from the nearest snapshot before anything is indexed, and the same afterwards', async () => {
    const { ask } = await engineOn(SAMPLE);
    const view = await value(ask('execution.open', { execution: '9f31' }));
    expect(view).toMatchObject({ lastSequence: 409, snapshotCount: 123, workflowId: 'research-agent' });
    const early = await value(ask('frame.at', { execution: view.id, sequence: 402, tree: TREE }));
    const late = await settled(ask, view.id, 402);
    const shown = ({ tree, status, active, completed, changes, event }: Reply<'frame.at'>) => ({
      tree,
      status,
      active,
      completed,
      changes,
      event: event?.type,
    });
    expect(shown(early)).toEqual(shown(late));
    expect(late).toMatchObject({
      changes: { added: 3, changed: 1, removed: 1 },
      recovery: { base: 398, verdict: 'matches', replays: 4, differences: [] },
      previousSnapshot: 398,
      nextSnapshot: 404,
    });
  });

  it('shows in the tree what the event changed, with the old value, and what it removed where it stood', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('execution.open', { execution: '9f31' }));
    const { tree } = await settled(ask, id, 402);
    const changed = tree.rows.filter(({ change }) => change !== null).map(({ pointer, change, text, old }) => [pointer, change, text, old]);
    expect(changed).toEqual([
      ['/approved_by', 'added', '"kim"', null],
      ['/customer', 'inside', '', null],
      ['/customer/name', 'changed', '"Zoë Ångström"', '"Zoë Ångström 🚀"'],
      ['/draft', 'inside', '', null],
      ['/draft/previous', 'added', '', null],
      ['/draft/previous/words', 'added', '197', null],
      ['/limit_eur', 'added', '9007199254740993', null],
      ['/query', 'removed', '', null],
    ]);
  });

  it('pages the tree in any window, opened and closed as asked', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('execution.open', { execution: '9f31' }));
    const whole = (await settled(ask, id, 300, { count: 500 })).tree;
    expect(whole.rows).toHaveLength(whole.total);
    for (let from = 0; from < whole.total; from += 7) {
      expect((await settled(ask, id, 300, { from, count: 7 })).tree.rows).toEqual(whole.rows.slice(from, from + 7));
    }
    const closed = (await settled(ask, id, 300, { closed: ['/notes', '/critic'], reveal: false })).tree;
    expect(closed.rows.filter(({ pointer }) => pointer.startsWith('/critic/'))).toEqual([]);
    const opened = (await settled(ask, id, 300, { opened: ['/notes'], count: 500 })).tree;
    expect(opened.rows.filter(({ pointer }) => /^\/notes\/[^/]+$/.test(pointer)).length).toBeGreaterThan(20);
  });

  it('gives the exact text by lines, and the same value that the tree shows', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('execution.open', { execution: '9f31' }));
    const first = await value(ask('state.text', { execution: id, sequence: 205, reading: 'replay', from: 0, count: 3 }));
    const lines: string[] = [];
    for (let from = 0; from < first.total; from += 11)
      lines.push(...(await value(ask('state.text', { execution: id, sequence: 205, reading: 'replay', from, count: 11 }))).lines);
    const whole = await value(ask('value.text', { execution: id, sequence: 205, reading: 'replay', pointer: '' }));
    expect(lines.join('\n')).toBe(whole.text);
    expect(Buffer.byteLength(whole.text)).toBe(first.bytes);
    expect(() => parseJson(whole.text)).not.toThrow();
  });

  it('lists events in windows, filters them by kind and node, and marks gaps and snapshots', async () => {
    const { ask, pushes } = await engineOn(SAMPLE);
    const { id } = await value(ask('execution.open', { execution: '6a90' }));
    await done(pushes);
    const page = await value(ask('events.page', { execution: id, from: 0, count: 100, filter: '' }));
    expect(page.total).toBe(23);
    expect(page.rows.filter(({ gapBefore }) => gapBefore > 0).map(({ sequence, gapBefore }) => [sequence, gapBefore])).toEqual([[10, 1]]);
    expect(page.rows.filter(({ snapshot }) => snapshot !== null).map(({ snapshot }) => snapshot?.atSequence)).toEqual([4, 10, 13, 16, 20, 23]);
    const failed = await value(ask('events.page', { execution: id, from: 0, count: 100, filter: 'type:failed node:fetch' }));
    expect([failed.total, failed.all, failed.rows.map(({ type, node }) => [type, node])]).toEqual([1, 23, [['node_failed', 'fetch_history']]]);
    expect((await value(ask('events.page', { execution: id, from: 0, count: 100, filter: 'nothing-like-that' }))).total).toBe(0);
  });

  it('bins the timeline so that every event is counted once, at any width and zoom', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('execution.open', { execution: '9f31' }));
    await settled(ask, id, 409);
    for (const [from, to] of [
      [0, 409],
      [100, 200],
      [409, 409],
      [0, 0],
    ] as const) {
      for (const columns of [1, 7, 400, 4000]) {
        const view = await value(ask('timeline.view', { execution: id, from, to, columns }));
        expect(view.counts.reduce((sum, count) => sum + count, 0)).toBe(to - Math.max(from, 1) + 1);
        for (const { stretches } of view.lanes) for (const { from: start, to: end } of stretches) expect(start <= to && end >= from && start <= end).toBe(true);
      }
    }
  });

  it('tells which snapshots differ from replay', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('execution.open', { execution: '77b0' }));
    const frame = await settled(ask, id, 8);
    expect(frame.recovery).toMatchObject({ base: 6, verdict: 'differs', differences: ['the state differs in 2 paths'] });
    const recovery = await settled(ask, id, 8, { reading: 'recovery' });
    expect(
      recovery.tree.rows.filter(({ change }) => change === 'changed' || change === 'removed').map(({ pointer, text, old }) => [pointer, text, old]),
    ).toEqual([
      ['/currency', '"EUR"', null],
      ['/invoice/total', '1024.9', '1204.9'],
    ]);
  });

  it('walks failures and changes of the state in both directions, and stops at the ends', async () => {
    const { ask, pushes } = await engineOn(SAMPLE);
    const { id } = await value(ask('execution.open', { execution: '9f31' }));
    await done(pushes);
    const walk = async (what: string, direction: string, from: number): Promise<number[]> => {
      const places: number[] = [];
      for (let at: number | null = from; ; ) {
        at = await value(ask('event.near', { execution: id, sequence: at, what, direction }));
        if (at === null) return places;
        places.push(at);
      }
    };
    const rows = (await value(ask('events.page', { execution: id, from: 0, count: 500, filter: '' }))).rows;
    const failures = rows.filter(({ category }) => category === 'failure').map(({ sequence }) => sequence);
    expect(await walk('failure', 'next', 0)).toEqual(failures);
    expect(await walk('failure', 'previous', 409)).toEqual(failures.toReversed());
    const changes: number[] = [];
    for (const { sequence } of rows) {
      const { added, changed, removed } = (await settled(ask, id, sequence)).changes;
      if (added + changed + removed > 0) changes.push(sequence);
    }
    expect(await walk('change', 'next', 0)).toEqual(changes);
    expect(await walk('change', 'previous', 409)).toEqual(changes.toReversed().filter((sequence) => sequence < 409));
  });

  it('shows runs in miniature: failures and people stand out', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { rows } = await value(ask('executions.page', { sort: 'events', descending: true, offset: 0, limit: 100 }));
    const strips = await value(ask('executions.strips', { executions: rows.map(({ id }) => id) }));
    expect(strips).toHaveLength(rows.length);
    expect(strips[0]).toHaveLength(48);
    rows.forEach(({ status, events }, i) => {
      expect(strips[i]?.length).toBe(Math.min(48, events));
      if (status === 'failed') expect(strips[i]?.at(-1)).toBe('failure');
      if (status === 'paused') expect(strips[i]?.at(-1)).toBe('human');
    });
  });

  it('follows a continued run from segment to segment', async () => {
    const { ask } = await engineOn(SAMPLE);
    let view = await value(ask('execution.open', { execution: 'c0ffee00' }));
    const chain = [view.id];
    while (view.children[0] !== undefined) {
      view = await value(ask('execution.open', { execution: view.children[0] }));
      expect(view.parent).toBe(chain.at(-1));
      chain.push(view.id);
    }
    expect(chain).toHaveLength(3);
  });

  it('writes an export that reads back as what is shown, and leaves no partial file', async () => {
    const { ask } = await engineOn(SAMPLE);
    const folder = temporaryFolder();
    const { id } = await value(ask('execution.open', { execution: '9f31' }));
    for (const reading of ['replay', 'recovery'] as const) {
      for (const style of ['pretty', 'canonical'] as const) {
        const what = { execution: id, sequence: 402, what: 'current_state', reading, style } as const;
        const path = join(folder, `${reading}-${style}.json`);
        const { bytes } = await value(ask('export.write', { ...what, path }));
        const text = readFileSync(path, 'utf8');
        expect(Buffer.byteLength(text)).toBe(bytes);
        const shown = await value(ask('value.text', { execution: id, sequence: 402, reading, pointer: '' }));
        expect(parseJson(text)).toEqual(parseJson(shown.text));
        expect((await value(ask('export.text', what))).text).toBe(text);
      }
    }
    expect(readdirSync(folder).every((name) => name.endsWith('.json'))).toBe(true);
    expect(
      await ask('export.write', {
        execution: id,
        sequence: 1,
        what: 'events',
        reading: 'replay',
        style: 'pretty',
        path: join(folder, 'no', 'such', 'folder.jsonl'),
      }),
    ).toMatchObject({ fault: { kind: 'not-written' } });
  });

  it('cancels an export in the middle, and nothing half is left', async () => {
    const { ask, pushes } = await engineWith(longRun(20_000));
    const folder = temporaryFolder();
    const exported = ask('export.write', {
      execution: 'long',
      sequence: 20_000,
      what: 'events',
      reading: 'replay',
      style: 'pretty',
      path: join(folder, 'events.jsonl'),
    });
    const writing = (): { task: number } | undefined =>
      pushes.map((push) => (push as [string, { phase: string; task: number }])[1]).find(({ phase }) => phase === 'export');
    while (writing() === undefined) await new Promise((resolve) => setImmediate(resolve));
    await ask('task.cancel', { task: writing()?.task });
    expect(await exported).toMatchObject({ ok: false, fault: { kind: 'cancelled' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('answers with the damage where reading breaks off, and with the state before it', async () => {
    const path = join(temporaryFolder(), 'damaged.db');
    const pages = brokenInTheMiddle(path);
    expect(pages).toBeGreaterThan(10);
    const { ask, pushes } = await engineOn(path);
    const view = await value(ask('execution.open', { execution: 'run' }));
    while (!JSON.stringify(pushes).includes('"phase":"failed"')) await new Promise((resolve) => setImmediate(resolve));
    expect(pushes).toContainEqual(['fault', expect.objectContaining({ kind: 'damaged' })]);
    expect(await ask('frame.at', { execution: view.id, sequence: 1, tree: TREE })).toMatchObject({ ok: true, value: { waiting: false } });
    for (const name of ['diff.page', 'state.text'] as const) {
      expect(
        await ask(name, { execution: view.id, sequence: view.lastSequence, from: 0, count: 10, ...(name === 'state.text' ? { reading: 'replay' } : {}) }),
      ).toMatchObject({ fault: { kind: 'damaged' } });
    }
    expect(await ask('frame.at', { execution: view.id, sequence: view.lastSequence, tree: TREE })).toMatchObject({ fault: { kind: 'damaged' } });
  });

  it('pushes progress, and is done', async () => {
    const { ask, pushes } = await engineOn(goldenDatabase('server-0.5.0'));
    const [first] = (await value(ask('executions.page', { sort: 'events', descending: true, offset: 0, limit: 1 }))).rows;
    await ask('execution.open', { execution: first?.id });
    await done(pushes);
    expect(pushes.at(-1)).toMatchObject(['progress', { execution: first?.id, phase: 'done' }]);
  });
});

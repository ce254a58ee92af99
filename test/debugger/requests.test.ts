import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { engineRequests } from '../../core/contract/contract.ts';
import type { Frame, Want } from '../../core/contract/frame.ts';
import type { TextLines } from '../../core/contract/slices/text.ts';
import type { TreeRows, TreeWant } from '../../core/contract/slices/tree.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import { FaultError } from '../../core/fault.ts';
import { parseJson } from '../../core/json/read.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import type { Source } from '../../core/source/port.ts';
import type { Reading } from '../../core/vocabulary.ts';
import { brokenInTheMiddle } from '../support/damaged.ts';
import { type EngineClient, startEngine, until, value } from '../support/engine.ts';
import { goldenDatabase } from '../support/golden.ts';
import { longRun } from '../support/made-sources.ts';
import { gated, openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const SOURCE = 1;

interface Opened {
  readonly ask: EngineClient['ask'];
  readonly updates: readonly TaskUpdate[];
}

async function engineOn(path: string): Promise<Opened> {
  return engineWith(await openSqlite(path));
}

async function engineWith(source: Source): Promise<Opened> {
  const { client, updates } = startEngine({ open: async () => source });
  await value(client.ask('sources.open', { source: SOURCE, prepared: { kind: 'example' } }));
  return { ask: client.ask.bind(client), updates };
}

const TREE: TreeWant = { from: 0, count: 100, opened: [], closed: [], reveal: true };
const EVERYTHING: Want = { tree: TREE, changes: {}, event: {}, nodes: {}, recovery: {}, given: {} };

/** Requests the frame until the log is indexed up to it. */
async function indexedFrame(
  ask: Opened['ask'],
  execution: string,
  sequence: number,
  tree: Partial<TreeWant> = {},
  reading: Reading = 'replay',
): Promise<Frame> {
  for (;;) {
    const frame = await value(ask('frame.at', { source: SOURCE, execution, sequence, reading, want: { ...EVERYTHING, tree: { ...TREE, ...tree } } }));
    if (frame.basis === 'index') return frame;
    await setImmediate();
  }
}

/** Resolves when the log is indexed and its snapshots are checked. */
const done = (updates: readonly TaskUpdate[]): Promise<void> => until(() => updates.some(({ kind, state }) => kind === 'index' && state === 'done'));

function treeOf(frame: Frame): TreeRows {
  if (frame.slices.tree === undefined) throw new Error('the frame has no tree');
  return frame.slices.tree;
}

describe('the requests of the engine', () => {
  it('lead from an event of a node to the next and the previous one of this node, and to none at the ends', async () => {
    const { ask, updates } = await engineOn(SAMPLE);
    const execution = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
    await value(ask('executions.open', { source: SOURCE, execution }));
    await done(updates);
    const { rows } = await value(ask('events.page', { source: SOURCE, execution, from: 0, count: 500, filter: '' }));
    const node = 'search';
    const sequences = rows.filter((row) => row.node === node).map(({ sequence }) => sequence);
    expect(sequences.length).toBeGreaterThan(3);
    for (let at = 0; at <= 409; at += 7) {
      const nearest = (direction: 'next' | 'previous') =>
        value(ask('events.nearest', { source: SOURCE, execution, sequence: at, what: 'node', node, direction }));
      expect([await nearest('previous'), await nearest('next')]).toEqual([
        sequences.findLast((sequence) => sequence < at) ?? null,
        sequences.find((sequence) => sequence > at) ?? null,
      ]);
    }
  });

  it('say of each row of the state which keys of its path are indexes, also where its containers are not in the frame', async () => {
    const { ask, updates } = await engineOn(SAMPLE);
    const execution = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
    await value(ask('executions.open', { source: SOURCE, execution }));
    await done(updates);
    const { text } = await value(ask('values.text', { source: SOURCE, execution, sequence: 409, reading: 'replay', pointer: '' }));
    const isIndex = (pointer: string, depth: number): boolean =>
      Array.isArray(
        pointer
          .split('/')
          .slice(1, depth + 1)
          .reduce((at, key) => at[key.replaceAll('~1', '/').replaceAll('~0', '~')], JSON.parse(text)),
      );
    const tree = async (from: number, count: number) => treeOf(await indexedFrame(ask, execution, 409, { from, count, unfolded: 'all' })).rows;
    const all = await tree(0, 500);
    expect(all.some(({ indexDepths }) => indexDepths.length > 0)).toBe(true);
    for (const { pointer, depth, indexDepths } of all)
      expect([pointer, indexDepths]).toEqual([pointer, [...Array(depth + 1).keys()].filter((at) => isIndex(pointer, at))]);
    const last = all.findLastIndex(({ indexDepths }) => indexDepths.length > 0);
    expect((await tree(last, 1))[0]?.indexDepths).toEqual(all[last]?.indexDepths);
  });

  it('refuse unknown names and invalid parameters with a reason', async () => {
    const { ask } = await engineOn(SAMPLE);
    const askAnything = ask as unknown as (name: string, params: unknown) => ReturnType<typeof ask>;
    const bad: readonly unknown[] = [
      undefined,
      null,
      1,
      'x',
      [],
      { extra: true },
      { execution: 1 },
      { source: SOURCE, execution: 'x', sequence: -1 },
      { source: SOURCE, execution: 'x', sequence: 1.5 },
      { source: SOURCE, execution: 'x'.repeat(300) },
      { offset: '0' },
      new Map(),
    ];
    for (const name of Object.keys(engineRequests)) {
      for (const params of bad) {
        const result = await askAnything(name, params);
        expect([name, result.ok ? undefined : result.fault.kind]).toEqual([name, 'bad-request']);
      }
    }
    for (const name of ['', '__proto__', 'constructor', 'toString', 'frame', 'host.start']) {
      expect(await askAnything(name, {})).toMatchObject({ ok: false, fault: { kind: 'bad-request' } });
    }
  });

  it('report when no source is open, and when the execution does not exist', async () => {
    const { ask } = await engineOn(SAMPLE);
    expect(await ask('executions.open', { source: SOURCE, execution: 'ffffffff' })).toMatchObject({ fault: { kind: 'no-such-execution' } });
    expect(await ask('executions.open', { source: SOURCE, execution: 'c' })).toMatchObject({ fault: { kind: 'ambiguous-execution' } });
    await ask('sources.close', { source: SOURCE });
    expect(await ask('executions.facets', { source: SOURCE })).toMatchObject({ fault: { kind: 'no-source' } });
  });

  it('keep the open source when the next one cannot be opened, and close that one', async () => {
    let closed = 0;
    const broken = Object.assign(new MemorySource(WORKED_EXAMPLE), {
      describe: () => Promise.reject(new FaultError('damaged')),
      close: () => {
        closed++;
      },
    });
    const sources: Source[] = [new MemorySource(WORKED_EXAMPLE), broken];
    const { client } = startEngine({ open: async () => sources.shift() as Source });
    const open = (): ReturnType<typeof client.ask> => client.ask('sources.open', { source: SOURCE, prepared: { kind: 'example' } });
    expect(await open()).toMatchObject({ ok: true });
    expect(await open()).toMatchObject({ ok: false, fault: { kind: 'damaged' } });
    expect(await client.ask('executions.facets', { source: SOURCE })).toMatchObject({ ok: true, value: { total: 1 } });
    expect(closed).toBe(1);
  });

  it('answer from the nearest snapshot before anything is indexed, and the same afterwards', async () => {
    const { source, release } = gated(await openSqlite(SAMPLE));
    const { ask } = await engineWith(source);
    const view = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    expect(view).toMatchObject({ lastSequence: 409, snapshotCount: 123, workflowId: 'research-agent' });
    const early = await value(ask('frame.at', { source: SOURCE, execution: view.id, sequence: 402, reading: 'replay', want: EVERYTHING }));
    expect(early).toMatchObject({ basis: 'snapshot', fromSnapshot: 398, slices: { recovery: { verdict: 'unchecked', differences: null }, given: null } });
    release();
    const late = await indexedFrame(ask, view.id, 402);
    const shown = ({ status, statusBefore, slices: { tree, nodes, changes, event } }: Frame) => ({
      status,
      statusBefore,
      tree,
      nodes,
      changes,
      type: event?.type,
    });
    expect(shown(early)).toEqual(shown(late));
    expect(late).toMatchObject({
      slices: {
        changes: { added: 3, changed: 1, removed: 1 },
        recovery: { base: 398, verdict: 'matches', replays: 4, differences: [] },
      },
    });
  });

  it('show in the tree what the event changed, with old values, and removed members in their places', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    const tree = treeOf(await indexedFrame(ask, id, 402));
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

  it('return any window of the tree, with containers opened and closed as requested', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    const whole = treeOf(await indexedFrame(ask, id, 300, { count: 500 }));
    expect(whole.rows).toHaveLength(whole.total);
    for (let from = 0; from < whole.total; from += 7) {
      expect(treeOf(await indexedFrame(ask, id, 300, { from, count: 7 })).rows).toEqual(whole.rows.slice(from, from + 7));
    }
    const closed = treeOf(await indexedFrame(ask, id, 300, { closed: ['/notes', '/critic'], reveal: false }));
    expect(closed.rows.filter(({ pointer }) => pointer.startsWith('/critic/'))).toEqual([]);
    const opened = treeOf(await indexedFrame(ask, id, 300, { opened: ['/notes'], count: 500 }));
    expect(opened.rows.filter(({ pointer }) => /^\/notes\/[^/]+$/.test(pointer)).length).toBeGreaterThan(20);
  });

  it('return the exact text by lines', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    await indexedFrame(ask, id, 205);
    const linesFrom = async (from: number, count: number): Promise<TextLines> => {
      const frame = await value(ask('frame.at', { source: SOURCE, execution: id, sequence: 205, reading: 'replay', want: { text: { from, count } } }));
      return frame.slices.text as TextLines;
    };
    const first = await linesFrom(0, 3);
    const lines: string[] = [];
    for (let from = 0; from < first.total; from += 11) lines.push(...(await linesFrom(from, 11)).lines);
    const whole = await value(ask('values.text', { source: SOURCE, execution: id, sequence: 205, reading: 'replay', pointer: '' }));
    expect(lines.join('\n')).toBe(whole.text);
    expect(Buffer.byteLength(whole.text)).toBe(first.bytes);
    expect(() => parseJson(whole.text)).not.toThrow();
  });

  it('list events in windows, filter them by kind and node, and mark gaps and snapshots', async () => {
    const { ask, updates } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '6a90' }));
    await done(updates);
    const page = await value(ask('events.page', { source: SOURCE, execution: id, from: 0, count: 100, filter: '' }));
    expect(page.total).toBe(23);
    expect(page.rows.filter(({ gapBefore }) => gapBefore > 0).map(({ sequence, gapBefore }) => [sequence, gapBefore])).toEqual([[10, 1]]);
    expect(page.rows.filter(({ snapshot }) => snapshot !== null).map(({ snapshot }) => snapshot?.atSequence)).toEqual([4, 10, 13, 16, 20, 23]);
    const failed = await value(ask('events.page', { source: SOURCE, execution: id, from: 0, count: 100, filter: 'type:failed node:fetch' }));
    expect([failed.total, failed.all, failed.rows.map(({ type, node }) => [type, node])]).toEqual([1, 23, [['node_failed', 'fetch_history']]]);
    expect((await value(ask('events.page', { source: SOURCE, execution: id, from: 0, count: 100, filter: 'nothing-like-that' }))).total).toBe(0);
  });

  it('bin the timeline so that every event is counted once, at any width and zoom', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    await indexedFrame(ask, id, 409);
    for (const [from, to] of [
      [0, 409],
      [100, 200],
      [409, 409],
      [0, 0],
    ] as const) {
      for (const columns of [1, 7, 400, 4000]) {
        const view = await value(
          ask('timeline.view', { source: SOURCE, execution: id, from, to, columns, axis: 'sequence', foldLoops: false, lanes: { from: 0, count: 100 } }),
        );
        expect(view.counts.reduce((sum, count) => sum + count, 0)).toBe(to - Math.max(from, 1) + 1);
        for (const { stretches } of view.lanes) for (const { from: start, to: end } of stretches) expect(start <= to && end >= from && start <= end).toBe(true);
      }
    }
  });

  it('report which snapshots differ from replay', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '77b0' }));
    const frame = await indexedFrame(ask, id, 8);
    expect(frame.slices.recovery).toMatchObject({ base: 6, verdict: 'differs', differences: ['the state differs in 2 paths'] });
    const recovery = treeOf(await indexedFrame(ask, id, 8, {}, 'recovery'));
    expect(recovery.rows.filter(({ change }) => change === 'changed' || change === 'removed').map(({ pointer, text, old }) => [pointer, text, old])).toEqual([
      ['/currency', '"EUR"', null],
      ['/invoice/total', '1024.9', '1204.9'],
    ]);
  });

  it('find failures and changes of the state in both directions, and stop at the ends', async () => {
    const { ask, updates } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    await done(updates);
    const walk = async (what: 'failure' | 'change', direction: 'next' | 'previous', from: number): Promise<number[]> => {
      const sequences: number[] = [];
      for (let at: number | null = from; ; ) {
        at = await value(ask('events.nearest', { source: SOURCE, execution: id, sequence: at, what, direction }));
        if (at === null) return sequences;
        sequences.push(at);
      }
    };
    const rows = (await value(ask('events.page', { source: SOURCE, execution: id, from: 0, count: 500, filter: '' }))).rows;
    const failures = rows.filter(({ category, type }) => category === 'failure' && type !== 'retry_scheduled').map(({ sequence }) => sequence);
    expect(await walk('failure', 'next', 0)).toEqual(failures);
    expect(await walk('failure', 'previous', 409)).toEqual(failures.toReversed());
    const changes: number[] = [];
    for (const { sequence } of rows) {
      const { changes: counts } = (await indexedFrame(ask, id, sequence)).slices;
      if (counts != null && counts.added + counts.changed + counts.removed > 0) changes.push(sequence);
    }
    expect(await walk('change', 'next', 0)).toEqual(changes);
    expect(await walk('change', 'previous', 409)).toEqual(changes.toReversed().filter((sequence) => sequence < 409));
  });

  it('M6: list the numbers of events as they are stored, and the values at paths after each event as the state has them', async () => {
    const { ask, updates } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    await done(updates);
    const { rows } = await value(ask('events.page', { source: SOURCE, execution: id, from: 0, count: 500, filter: '' }));
    expect(rows[394]).toMatchObject({ sequence: 395, work: { attempt: null, duration: '293', inputTokens: null, cost: null } });
    const { text } = await value(ask('events.text', { source: SOURCE, execution: id, sequence: 395 }));
    expect(rows[394]?.bytes).toBe(Buffer.byteLength(text));
    const pointers = ['/critic/round', '/customer/name', '/notes', '/no/such'];
    const positions = rows.map(({ position }) => position).filter((position) => position % 7 === 0 || position > 395);
    for (let from = 0; from < positions.length; from += 25) {
      const asked = positions.slice(from, from + 25).toReversed();
      const answer = await value(ask('events.values', { source: SOURCE, execution: id, positions: asked, pointers }));
      expect(answer.incompleteFrom).toBeNull();
      for (const [i, position] of asked.entries()) {
        const sequence = rows[position]?.sequence ?? 0;
        const frame = await value(ask('frame.at', { source: SOURCE, execution: id, sequence, reading: 'replay', want: { watches: { pointers } } }));
        expect(answer.rows[i]).toEqual(frame.slices.watches?.map(({ type, text, change }) => ({ type, text, change })));
      }
    }
    const detail = await value(ask('events.detail', { source: SOURCE, execution: id, sequence: 402 }));
    expect(detail).toEqual((await indexedFrame(ask, id, 402)).slices.event);
    expect(await value(ask('events.detail', { source: SOURCE, execution: id, sequence: 0 }))).toBeNull();
  });

  it('M13: return the diff of two states as text, in windows of its lines', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    const cursor = { source: SOURCE, execution: id, sequence: 402 };
    for (const against of [null, 0, 402]) {
      const copied = await value(ask('values.patch', { ...cursor, reading: 'replay', against: against ?? 401, form: 'unified' }));
      const whole = copied.text.trimEnd().split('\n').slice(2);
      const lines: string[] = [];
      for (let total = 1; lines.length < total; ) {
        const want = { diffText: { from: lines.length, count: 100, against } };
        const { slices } = await value(ask('frame.at', { ...cursor, reading: 'replay', want }));
        total = slices.diffText?.total ?? 0;
        lines.push(...(slices.diffText?.lines ?? []).map(({ op, text }) => (op === '@' ? text : op + text)));
      }
      expect(lines).toEqual(whole);
      expect(lines.length === 0).toBe(against === 402);
    }
  });

  it('M5: return digests: a minimap of failures and people, tokens, and the last error', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { rows } = await value(ask('executions.page', { source: SOURCE, sort: 'events', descending: true, offset: 0, limit: 100 }));
    const digests = await Promise.all(
      rows.map(({ id, status, workflowId, workflowVersion }) =>
        value(ask('executions.digest', { source: SOURCE, execution: id, row: { status, workflowId, workflowVersion } })),
      ),
    );
    expect(digests[0]?.cells).toHaveLength(48);
    // As `costs` adds them up.
    expect(digests[0]).toMatchObject({ tokens: 276208 + 30573, costUsd: expect.closeTo(0.0034, 6) });
    rows.forEach(({ status, events }, i) => {
      expect(digests[i]?.cells.length).toBe(Math.min(48, events));
      if (status === 'failed' && digests[i]?.error !== null) expect(digests[i]?.cells.at(-1)).toBe('failure');
      if (status === 'paused') expect(digests[i]?.cells.at(-1)).toBe('human');
    });
    // One was set to failed by hand, so none of its events says why.
    expect(rows.filter(({ status }, i) => status === 'failed' && digests[i]?.error === null)).toHaveLength(1);
  });

  it('M5: return a digest of no events, and none of a log that is too long for a list', async () => {
    for (const [count, digest] of [
      [0, { cells: [], tokens: 0, costUsd: 0, unpriced: 0, retries: 0, error: null, reason: null }],
      [3001, null],
    ] as const) {
      const { ask } = await engineWith(longRun(count));
      const row = { status: 'completed', workflowId: 'w', workflowVersion: '1' };
      expect(await value(ask('executions.digest', { source: SOURCE, execution: 'long', row }))).toEqual(digest);
    }
  });

  it('follow a continued execution from segment to segment', async () => {
    const { ask } = await engineOn(SAMPLE);
    let view = await value(ask('executions.open', { source: SOURCE, execution: 'c0ffee00' }));
    const chain = [view.id];
    while (view.children[0] !== undefined) {
      view = await value(ask('executions.open', { source: SOURCE, execution: view.children[0] }));
      expect(view.parent).toBe(chain.at(-1));
      chain.push(view.id);
    }
    expect(chain).toHaveLength(3);
  });

  it('write an export that reads back as what is shown, and leave no partial file', async () => {
    const { ask } = await engineOn(SAMPLE);
    const folder = temporaryFolder();
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    for (const reading of ['replay', 'recovery'] as const) {
      for (const form of ['pretty', 'canonical'] as const) {
        const what = { source: SOURCE, execution: id, sequence: 402, kind: 'current_state', reading, form } as const;
        const path = join(folder, `${reading}-${form}.json`);
        const { bytes } = await value(ask('export.write', { ...what, path }));
        const text = readFileSync(path, 'utf8');
        expect(Buffer.byteLength(text)).toBe(bytes);
        const shown = await value(ask('values.text', { source: SOURCE, execution: id, sequence: 402, reading, pointer: '' }));
        expect(parseJson(text)).toEqual(parseJson(shown.text));
        expect((await value(ask('export.text', what))).text).toBe(text);
      }
    }
    expect(readdirSync(folder).every((name) => name.endsWith('.json'))).toBe(true);
    expect(
      await ask('export.write', {
        source: SOURCE,
        execution: id,
        sequence: 1,
        kind: 'events',
        reading: 'replay',
        form: 'jsonl',
        path: join(folder, 'no', 'such', 'folder.jsonl'),
      }),
    ).toMatchObject({ fault: { kind: 'not-written' } });
  });

  it('M9, R10: say of the preview of an export whether it is cut', async () => {
    const { ask } = await engineOn(SAMPLE);
    const { id } = await value(ask('executions.open', { source: SOURCE, execution: '9f31' }));
    const preview = async (sequence: number) =>
      value(ask('export.preview', { source: SOURCE, execution: id, sequence, kind: 'events', reading: 'replay', form: 'jsonl' }));
    expect(await preview(1)).toMatchObject({ cut: false });
    expect(await preview(409)).toMatchObject({ cut: true });
  });

  it('cancel an export in the middle and leave no partial file', async () => {
    const { ask, updates } = await engineWith(longRun(20_000));
    const folder = temporaryFolder();
    const exported = ask('export.write', {
      source: SOURCE,
      execution: 'long',
      sequence: 20_000,
      kind: 'events',
      reading: 'replay',
      form: 'jsonl',
      path: join(folder, 'events.jsonl'),
    });
    const writing = (): TaskUpdate | undefined => updates.find(({ kind }) => kind === 'export');
    await until(() => writing() !== undefined);
    await ask('tasks.cancel', { task: writing()?.task ?? 0 });
    expect(await exported).toMatchObject({ ok: false, fault: { kind: 'cancelled' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('report damage in the middle of the log, and show the state before it', async () => {
    const path = join(temporaryFolder(), 'damaged.db');
    const { pages } = brokenInTheMiddle(path);
    expect(pages).toBeGreaterThan(10);
    const { ask, updates } = await engineOn(path);
    const view = await value(ask('executions.open', { source: SOURCE, execution: 'run' }));
    await until(() => updates.some(({ state }) => state === 'failed'));
    expect(updates.at(-1)).toMatchObject({ kind: 'index', state: 'failed', fault: { kind: 'damaged' } });
    const at = { source: SOURCE, execution: view.id, reading: 'replay', want: EVERYTHING } as const;
    expect(await ask('frame.at', { ...at, sequence: 1 })).toMatchObject({ ok: true, value: { basis: 'index' } });
    const end = { ...at, sequence: view.lastSequence };
    expect(await ask('values.text', { source: SOURCE, execution: view.id, sequence: view.lastSequence, reading: 'replay', pointer: '' })).toMatchObject({
      fault: { kind: 'damaged' },
    });
    expect(await ask('frame.at', { ...end, want: { diff: { from: 0, count: 10, against: null } } })).toMatchObject({ fault: { kind: 'damaged' } });
    expect(await ask('frame.at', end)).toMatchObject({ fault: { kind: 'damaged' } });
  });

  it('report the progress and the end of indexing', async () => {
    const { ask, updates } = await engineOn(goldenDatabase('server-0.5.0'));
    const [first] = (await value(ask('executions.page', { source: SOURCE, sort: 'events', descending: true, offset: 0, limit: 1 }))).rows;
    await ask('executions.open', { source: SOURCE, execution: first?.id ?? '' });
    await done(updates);
    expect(updates.at(-1)).toMatchObject({ execution: first?.id, state: 'done' });
  });
});

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { momentAt } from '../../core/debugger/answers/moments.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

/** A database without keys, types or order (docs/format.md, What a reader must tolerate). */
function databaseOf(rows: readonly (readonly [sequence: unknown, kind: unknown])[]): string {
  const path = join(temporaryFolder(), 'strange.db');
  const database = new Database(path);
  database.exec(`CREATE TABLE workflow_executions (execution_id, workflow_id, workflow_version, status, initial_input, current_state, started_at, updated_at, completed_at);
    CREATE TABLE events (execution_id, sequence, kind_json, created_at);
    CREATE TABLE snapshots (execution_id, at_sequence, state_json, created_at);
    INSERT INTO workflow_executions VALUES ('e1', 'w', '1', 'running', '{}', '{}', '2026-06-01T12:00:00+00:00', '2026-06-01T12:00:00+00:00', NULL)`);
  const insert = database.prepare(`INSERT INTO events VALUES ('e1', ?, ?, '2026-06-01T12:00:00+00:00')`);
  database.transaction(() => {
    for (const [sequence, kind] of rows) insert.run(sequence, kind);
  })();
  database.close();
  return path;
}

function completed(patch: string): string {
  return `{"type":"node_completed","node_id":"a","output":null,"state_patch":${patch},"duration_ms":1}`;
}

async function open(rows: string | readonly (readonly [unknown, unknown])[]): Promise<OpenExecution> {
  const execution = await OpenExecution.open(await openSqlite(typeof rows === 'string' ? rows : databaseOf(rows)), 'e1');
  await execution.index();
  return execution;
}

describe('unusual rows', () => {
  it('F22: are ordered by sequence, whatever the order of insertion', async () => {
    const execution = await open([3, 1, 4, 2, 5].map((n) => [n, completed(`{"n":${n},"k${n}":true}`)]));
    expect(canonicalJson((await momentAt(execution, 3, 'replay')).currentState)).toBe('{"k1":true,"k2":true,"k3":true,"n":3}');
    expect(execution.history.incompleteFrom).toBeUndefined();
  });

  it('F21: with the same sequence are all applied, and reported', async () => {
    const execution = await open([
      [1, completed('{"a":1}')],
      [2, completed('{"b":1}')],
      [2, completed('{"c":1}')],
      [3, completed('{"d":1}')],
    ]);
    expect(execution.history.count).toBe(4);
    expect(execution.history.findings.map(({ kind, sequence }) => [kind, sequence])).toEqual([['duplicate-sequence', 2]]);
    expect(canonicalJson((await momentAt(execution, 2, 'replay')).currentState)).toBe('{"a":1,"b":1,"c":1}');
  });

  it('F21: without a usable sequence are counted and left out', async () => {
    const execution = await open([
      ['abc', completed('{"x":1}')],
      [null, completed('{"x":2}')],
      [1.5, completed('{"x":3}')],
      [-1, completed('{"x":4}')],
      [9223372036854775807n, completed('{"x":5}')],
      [1, completed('{"ok":1}')],
      [2, completed('{"ok":2}')],
    ]);
    expect([execution.badSequences, execution.history.count, execution.lastSequence]).toEqual([5, 2, 2]);
    expect(canonicalJson((await momentAt(execution, 2, 'replay')).currentState)).toBe('{"ok":2}');
  });

  it.each([
    ['NULL', null],
    ['binary data', Buffer.from([0xff, 0xfe, 0])],
    ['a number', 17],
    ['text that is not UTF-8', { utf8: false }],
    ['truncated text', '{"type":"node_completed"'],
    ['an array', '[]'],
    ['JSON5', "{type:'x'}"],
    ['a byte-order mark', '\uFEFF{"type":"x"}'],
    ['nothing', ''],
    ['NaN', 'NaN'],
    ['an object with NaN', '{"type":"x","v":NaN}'],
    ['an object with Infinity', '{"type":"x","v":-Infinity}'],
    ['a comma at the end', '{"type":"x",}'],
    ['text behind the object', '{"type":"x"} x'],
    ['two objects', '{"type":"x"}{"type":"y"}'],
    ['half a word', 'tru'],
    ['half a text', '{"type":"x'],
    ['a hexadecimal number', '{"type":"x","v":0x10}'],
    ['a number that ends with its point', '{"type":"x","v":1.}'],
    ['a number with a plus', '{"type":"x","v":+1}'],
    ['a number with a zero before it', '{"type":"x","v":01}'],
    ['an escape that is none', '{"type":"x","v":"\\x41"}'],
    ['half an escape', '{"type":"x","v":"\\u00"}'],
    ['a line break in a text', '{"type":"x","v":"a\nb"}'],
    ['a comment', '{"type":"x" /* why */}'],
    ['a kind that is no text', '{"type":1}'],
    ['null', 'null'],
  ])('F19: that hold %s are listed as unreadable, and the state is incomplete from there on', async (_, content) => {
    const path = databaseOf([
      [1, completed('{"a":1}')],
      [2, typeof content === 'object' && content !== null && 'utf8' in content ? '' : content],
      [3, completed('{"b":1}')],
    ]);
    if (typeof content === 'object' && content !== null && 'utf8' in content) {
      const database = new Database(path);
      database.exec(`UPDATE events SET kind_json = CAST(x'7b2274797065223a22ff227d' AS TEXT) WHERE sequence = 2`);
      database.close();
    }
    const execution = await OpenExecution.open(await openSqlite(path), 'e1');
    await execution.index();
    expect(execution.history.incompleteFrom).toBe(2);
    expect((await momentAt(execution, 1, 'replay')).incompleteFrom).toBeUndefined();
    const after = await momentAt(execution, 3, 'replay');
    expect([after.incompleteFrom, canonicalJson(after.currentState)]).toEqual([2, '{"a":1,"b":1}']);
  });

  it('are the same whether they are read in chunks or row by row', async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => completed(`{"n${i % 50}":"ü${'x'.repeat(i % 97)}","i":${i}}`));
    const path = databaseOf(texts.map((text, i) => [i + 1, text]));
    const slow = await OpenExecution.open(await openSqlite(path), 'e1');
    await slow.index();
    const database = new Database(path);
    database.exec('CREATE UNIQUE INDEX both ON events (execution_id, sequence)');
    database.close();
    const fast = await OpenExecution.open(await openSqlite(path), 'e1');
    await fast.index();
    expect(fast.history.count).toBe(3000);
    for (const row of [0, 1, 255, 256, 257, 1500, 2999]) {
      expect(canonicalJson(fast.history.stateAt(row))).toBe(canonicalJson(slow.history.stateAt(row)));
      expect([fast.history.sequenceOf(row), fast.history.timeOf(row), fast.history.sizeOf(row)]).toEqual([
        slow.history.sequenceOf(row),
        slow.history.timeOf(row),
        slow.history.sizeOf(row),
      ]);
    }
  });

  it.each([
    ['ascending', 'CREATE UNIQUE INDEX both ON events (execution_id, sequence)'],
    ['descending', 'CREATE UNIQUE INDEX both ON events (execution_id, sequence DESC)'],
    ['by sequence first', 'CREATE UNIQUE INDEX other ON events (sequence, execution_id); CREATE INDEX own ON events (execution_id, sequence)'],
  ])('F22: with gaps, stored out of order, are read in order by an index that is %s', async (_, index) => {
    const sequences = Array.from({ length: 2000 }, (_, i) => ((i * 7919) % 2000) * 3 + 1);
    const path = databaseOf(sequences.map((n) => [n, completed(`{"n":${n}}`)]));
    const database = new Database(path);
    database.exec(index);
    database.close();
    const { history } = await open(path);
    const found = Array.from({ length: history.count }, (_, position) => [history.sequenceOf(position), canonicalJson(history.stateAt(position))]);
    expect(found).toEqual(sequences.toSorted((a, b) => a - b).map((n) => [n, `{"n":${n}}`]));
  });

  it('with thousands of fractions as sequences are never read as one chunk', async () => {
    const path = databaseOf(Array.from({ length: 9000 }, (_, i) => [1 + (i + 1) / 10_000, completed('{"x":1}')]));
    const database = new Database(path);
    database.exec('CREATE UNIQUE INDEX both ON events (execution_id, sequence)');
    database.close();
    const sizes: number[] = [];
    for await (const { count, badSequences } of (await openSqlite(path)).scan('e1', 0)) sizes.push(count + badSequences);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(9000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
  });

  it.each([
    ['the first', [1]],
    ['the first three', [1, 2, 3]],
    ['one in the middle', [5]],
    ['several ranges', [2, 5, 6, 9]],
    ['all but the last', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('F20: without %s show each gap, and the state is incomplete from the first one on', async (_, missing) => {
    const present = Array.from({ length: 10 }, (__, i) => i + 1).filter((n) => !missing.includes(n));
    const { history } = await open(present.map((n) => [n, completed(`{"n":${n}}`)]));
    const gaps = history.findings
      .filter(({ kind }) => kind === 'gap')
      .flatMap(({ sequence, until = 0 }) => Array.from({ length: until - sequence + 1 }, (__, i) => sequence + i));
    expect(gaps).toEqual(missing);
    expect(history.incompleteFrom).toBe(missing[0]);
  });

  it.each([
    ['a list', '[1]', '[1]'],
    ['a text', '"x"', '"x"'],
    ['null', 'null', '{"a":1}'],
    ['an object that deletes what is not there', '{"b":null,"c":{"d":null}}', '{"a":1,"c":{}}'],
    ['an object within a number', '{"a":{"b":1}}', '{"a":{"b":1}}'],
    ['missing', undefined, '{"a":1}'],
  ])('F24: whose patch is %s are applied as the runtime does, or said to be refused by it', async (_, patch, expected) => {
    const second = patch === undefined ? '{"type":"node_completed","node_id":"a","output":null,"duration_ms":1}' : completed(patch);
    const execution = await open([
      [1, completed('{"a":1}')],
      [2, second],
    ]);
    expect(canonicalJson((await momentAt(execution, 2, 'replay')).currentState)).toBe(expected);
  });
});

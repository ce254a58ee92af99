import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ExecutionList, FoundPage } from '../../core/contract/executions.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { type MemoryExecution, MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import type { Source } from '../../core/source/port.ts';
import { brokenInTheMiddle } from '../support/damaged.ts';
import { type EngineClient, startEngine, until, value } from '../support/engine.ts';
import { MADE_AT, madeExecution } from '../support/made-sources.ts';
import { gated, openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const SOURCE = 1;
const LIST: ExecutionList = { source: SOURCE, sort: 'started', descending: true };

async function engineWith(source: Source) {
  const engine = startEngine({ open: async () => source });
  await value(engine.client.ask('sources.open', { source: SOURCE, prepared: { kind: 'example' } }));
  return { ask: engine.client.ask.bind(engine.client), updates: engine.updates };
}

/** Everything that a search finds in events. */
async function found(ask: EngineClient['ask'], list: Partial<ExecutionList>): Promise<FoundPage> {
  for (;;) {
    const page = await value(ask('executions.found', { ...LIST, ...list, from: 0, count: 500 }));
    if (page.complete) return page;
    await setImmediate();
  }
}

function execution(id: string, ...events: readonly object[]): MemoryExecution {
  const eventRows = events.map((event, i) => ({ sequence: i + 1, createdAt: MADE_AT, text: JSON.stringify(event) }));
  return { ...madeExecution(id, 0, []), status: 'completed', eventRows };
}

const failed = (node: string, error: string): object => ({ type: 'node_failed', node_id: node, error, attempt: 1, retryable: true });

describe('the search in the events of all executions', () => {
  it('M5: finds exactly the runs whose nodes or errors have a word that their rows lack, in the order of the list', async () => {
    const source = await openSqlite(SAMPLE);
    const { ask } = await engineWith(source);
    const { rows } = await source.executions({ ...LIST, offset: 0, limit: 500 });
    for (const word of ['fetch', 'SMTP 451', 'timeout', 'loan', 'nowhere at all']) {
      const expected: string[] = [];
      for (const row of rows) {
        const inRow = [row.id, row.workflowId, row.workflowVersion, row.status, row.tenantId].join('\n').toLowerCase();
        const missing = word
          .toLowerCase()
          .split(' ')
          .filter((part) => !inRow.includes(part));
        const texts = (await source.page(row.id, 0, 10_000)).map(({ text }) => {
          const reading = readEvent(text ?? '');
          return reading.ok ? `${reading.event.nodeId ?? ''}\n${String(reading.event.fields.get('error') ?? '')}`.toLowerCase() : '';
        });
        if (missing.length > 0 && missing.every((part) => texts.some((text) => text.includes(part)))) expected.push(row.id);
      }
      const page = await found(ask, { text: word });
      expect([word, page.rows.map(({ row }) => row.id)]).toEqual([word, expected]);
      expect([page.total, page.searched]).toEqual([expected.length, page.of]);
      const statuses = new Map<string, number>();
      for (const { row } of page.rows) statuses.set(row.status, (statuses.get(row.status) ?? 0) + 1);
      expect(new Map(page.facets?.statuses.map(({ name, count }) => [name, count]))).toEqual(statuses);
    }
  });

  it('M5: says which event has each word, also where the stored text has escapes', async () => {
    const source = new MemorySource({
      ...WORKED_EXAMPLE,
      executions: [execution('one', { type: 'node_started', node_id: 'fetch', worker_id: 'w', attempt: 1 }, failed('fetch', 'a "quoted" path\\to Zürich'))],
    });
    const { ask } = await engineWith(source);
    const page = await found(ask, { text: 'FETCH "QUOTED" path\\to zürich' });
    expect(page.rows[0]?.found).toEqual([
      { sequence: 1, word: 'FETCH', node: 'fetch', error: null },
      ...['QUOTED', 'path\\to', 'zürich'].map((word) => ({ sequence: 2, word, node: 'fetch', error: 'a "quoted" path\\to Zürich' })),
    ]);
    const quoted = await found(ask, { text: '"path\\to zürich" -failed' });
    expect(quoted.rows[0]?.found).toMatchObject([{ sequence: 2, word: 'path\\to zürich' }]);
    for (const text of ['"to path"', '"path\\to zürich" -completed']) expect((await found(ask, { text })).total).toBe(0);
  });

  it('M5: "has error" finds failures in runs that did not fail in the end', async () => {
    const completed = { type: 'node_completed', node_id: 'a', output: 'failed', state_patch: {}, duration_ms: 1 };
    const source = new MemorySource({
      ...WORKED_EXAMPLE,
      executions: [execution('retried', failed('a', 'timeout'), completed), execution('well', completed), { ...execution('ended'), status: 'failed' }],
    });
    const { ask } = await engineWith(source);
    expect((await value(ask('executions.page', { ...LIST, hasError: true, offset: 0, limit: 10 }))).rows.map(({ id }) => id)).toEqual(['ended']);
    const page = await found(ask, { hasError: true });
    expect(page.rows.map(({ row, found: events }) => [row.id, events])).toEqual([['retried', [{ sequence: 1, word: null, node: 'a', error: 'timeout' }]]]);
  });

  it('M5: an execution that cannot be read is counted, and does not hide what is found in the others', async () => {
    const path = join(temporaryFolder(), 'damaged.db');
    brokenInTheMiddle(path);
    const { ask } = await engineWith(await openSqlite(path));
    const page = await found(ask, { text: 'nowhere' });
    expect([page.total, page.searched, page.of]).toEqual([0, page.of, page.of]);
    expect(page.unreadable).toBeGreaterThan(0);
  });

  it('M5: a search in events ends when it is cancelled or another one begins, and the list is answered meanwhile', async () => {
    const { source, release } = gated(await openSqlite(SAMPLE));
    const { ask, updates } = await engineWith(source);
    await value(ask('executions.found', { ...LIST, text: 'nowhere', from: 0, count: 10 }));
    expect((await value(ask('executions.page', { ...LIST, text: 'nowhere', offset: 0, limit: 10 }))).total).toBe(0);
    await value(ask('executions.found', { ...LIST, text: 'elsewhere', from: 0, count: 10 }));
    await value(ask('executions.found.cancel', { ...LIST, text: 'nowhere' }));
    await value(ask('executions.found.cancel', { ...LIST, text: 'elsewhere' }));
    release();
    const ends = () => updates.filter(({ kind, state }) => kind === 'find' && state !== 'running');
    await until(() => ends().length === 2);
    expect(ends().map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  });

  it('M18: copies selected rows of both parts of the list, as ids and as tables', async () => {
    const comma = { ...execution('a,"b"', failed('x', 'timeout')), workflowId: 'one|two' };
    const source = new MemorySource({ ...WORKED_EXAMPLE, executions: [execution('timeout-row'), comma] });
    const { ask } = await engineWith(source);
    await found(ask, { text: 'timeout' });
    const list = { ...LIST, text: 'timeout', ranges: [[0, 1]] as [number, number][] };
    expect(await value(ask('executions.ids', { ...list, limit: 10 }))).toEqual(['timeout-row', 'a,"b"']);
    expect((await value(ask('executions.ids', { ...list, limit: 1 }))).length).toBe(1);
    const text = async (form: 'ids' | 'tsv' | 'csv' | 'json' | 'markdown'): Promise<string> => (await value(ask('executions.text', { ...list, form }))).text;
    expect(await text('ids')).toBe('timeout-row\na,"b"\n');
    expect((await text('csv')).split('\r\n')[2]).toMatch(/^"a,""b""",one\|two,/);
    expect((await text('tsv')).split('\n')[2]).toMatch(/^"a,""b"""\tone\|two\t/);
    expect((await text('markdown')).split('\n')[3]).toMatch(/^\| a,"b" \| one\\\|two \|/);
    expect((JSON.parse(await text('json')) as { execution_id: string }[]).map((row) => row.execution_id)).toEqual(['timeout-row', 'a,"b"']);
  });
});

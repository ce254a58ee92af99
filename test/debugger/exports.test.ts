import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import { expect, it } from 'vitest';
import type { ExportChoice } from '../../core/contract/export.ts';
import { parseJson } from '../../core/json/read.ts';
import { equalJson, type Json, type JsonObject } from '../../core/json/value.ts';
import { type EngineClient, preparedFile, startEngine, value } from '../support/engine.ts';
import { goldenDatabase } from '../support/golden.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SAMPLE = join(ROOT, 'samples', 'runtime.db');
const RUN = { source: 1, execution: '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a' };

async function exporter() {
  const source = await openSqlite(SAMPLE);
  const { client } = startEngine({ open: async () => source });
  await value(client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
  await value(client.ask('executions.open', RUN));
  const text = async (choice: Omit<ExportChoice, 'source' | 'execution' | 'reading'>): Promise<string> =>
    (await value(client.ask('export.text', { ...RUN, reading: 'replay', ...choice }))).text;
  return { client, text };
}

/** The cells of each line; quoted ones may have line breaks. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

it('M19: a range of the events that a filter matches is exported as JSON lines, as CSV with the stored text, and in Markdown', async () => {
  const { client, text } = await exporter();
  const choice = { sequence: 300, from: 100, kind: 'events', filter: 'category:failure OR changed:/query' } as const;
  const page = await value(client.ask('events.page', { ...RUN, from: 0, count: 500, filter: choice.filter }));
  const expected = page.rows.map(({ sequence }) => sequence).filter((sequence) => sequence >= 100 && sequence <= 300);
  expect(expected.length).toBeGreaterThan(5);
  const lines = (await text({ ...choice, form: 'jsonl' })).trimEnd().split('\n');
  expect(lines.map((line) => Number((parseJson(line) as JsonObject).get('sequence')))).toEqual(expected);
  const [head, ...rows] = readCsv(await text({ ...choice, form: 'csv' }));
  expect(head).toEqual(['sequence', 'created_at', 'type', 'node_id', 'what', 'kind']);
  expect(rows.map(([sequence]) => Number(sequence))).toEqual(expected);
  for (const [i, [, , type, , , kind]] of rows.entries()) {
    expect(lines[i]).toContain(`"kind":${kind}`);
    expect((parseJson(kind ?? '') as JsonObject).get('type')).toBe(type);
  }
  const table = (await text({ ...choice, form: 'markdown' })).trimEnd().split('\n');
  expect(table.slice(0, 2)).toEqual(['| sequence | created\\_at | type | node\\_id | what |', '| - | - | - | - | - |']);
  expect(table.slice(2).map((row) => Number(row.split('|')[1]))).toEqual(expected);
});

it('M13: an exported diff of any two moments, applied to the first, gives the second', async () => {
  const { client, text } = await exporter();
  const stateAt = async (sequence: number): Promise<Json> =>
    parseJson((await value(client.ask('values.text', { ...RUN, sequence, reading: 'replay', pointer: '' }))).text);
  for (const [against, sequence] of [
    [0, 402],
    [402, 100],
    [299, 300],
  ] as const) {
    const patch = parseJson(await text({ kind: 'diff', form: 'json-patch', sequence, against })) as JsonObject[];
    const merge = parseJson(await text({ kind: 'diff', form: 'merge-patch', sequence, against }));
    expect(equalJson(merged(await stateAt(against), merge), await stateAt(sequence))).toBe(true);
    const pretty = async (at: number): Promise<string> => text({ kind: 'current_state', form: 'pretty', sequence: at });
    const unified = await text({ kind: 'diff', form: 'unified', sequence, against });
    expect(unified.split('\n').slice(0, 2)).toEqual([`--- state at #${against}`, `+++ state at #${sequence}`]);
    expect(applyPatch(await pretty(against), unified)).toBe(await pretty(sequence));
    const copied = await value(client.ask('values.patch', { ...RUN, sequence, against, reading: 'replay', form: 'unified' }));
    expect(copied.text).toBe(unified);
    const table = (await text({ kind: 'diff', form: 'markdown', sequence, against })).trimEnd().split('\n');
    expect(table).toHaveLength(patch.length + 2);
  }
});

it('the exported story, whatever the moment, has the bytes that the command line prints', async () => {
  const database = goldenDatabase('agents-0.5.0');
  const { client } = startEngine();
  await value(client.ask('sources.open', { source: 1, prepared: await preparedFile(database) }));
  for (const execution of ['a379051c-3407-44af-bb2e-be254227b04b', await otherExecution(client)]) {
    for (const [form, option, extension] of [
      ['markdown', '--markdown', 'md'],
      ['jsonl', '--json', 'jsonl'],
    ] as const) {
      const { stdout } = spawnSync(process.execPath, [join(ROOT, 'core', 'cli', 'main.ts'), 'story', database, execution, option]);
      expect(stdout.length).toBeGreaterThan(200);
      const choice = { source: 1, execution, sequence: 1, kind: 'story', form, reading: 'replay' } as const;
      expect(Buffer.from((await value(client.ask('export.text', choice))).text).equals(stdout)).toBe(true);
      const preview = await value(client.ask('export.preview', choice));
      expect(preview).toMatchObject({ text: stdout.toString(), cut: false, bytes: stdout.length, fileName: expect.stringMatching(`-story\\.${extension}$`) });
      const path = join(temporaryFolder(), preview.fileName);
      await value(client.ask('export.write', { ...choice, path }));
      expect(readFileSync(path).equals(stdout)).toBe(true);
    }
  }
});

it('an export in a form that it does not have is refused at the door', async () => {
  const { client } = await exporter();
  const wrong = { ...RUN, sequence: 1, kind: 'state', form: 'csv', reading: 'replay' } as const;
  expect(await client.ask('export.preview', wrong)).toMatchObject({ ok: false, fault: { kind: 'bad-request' } });
});

async function otherExecution(client: EngineClient): Promise<string> {
  const { rows } = await value(client.ask('executions.page', { source: 1, sort: 'started', descending: true, offset: 0, limit: 1 }));
  return rows[0]?.id ?? '';
}

/** JSON Merge Patch as RFC 7396 writes it down. */
function merged(target: Json, patch: Json): Json {
  if (!(patch instanceof Map)) return patch;
  const result = new Map(target instanceof Map ? target : []) as Map<string, Json>;
  for (const [key, part] of patch as Map<string, Json>) {
    if (part === null) result.delete(key);
    else result.set(key, merged(result.get(key) ?? null, part));
  }
  return result as unknown as Json;
}

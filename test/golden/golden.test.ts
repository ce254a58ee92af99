import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import type { Reading } from '../../core/vocabulary.ts';
import { eachMoment, momentAt } from '../../core/debugger/answers/moments.ts';
import { momentJson } from '../../core/export/state.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import type { Json, JsonObject } from '../../core/json/value.ts';
import { readByRuntime } from '../../core/replay/recovery.ts';
import { GOLDEN_NAMES, goldenDatabase, goldenStates } from '../support/golden.ts';
import { copyToPostgres, openPostgres } from '../support/postgres-copy.ts';
import { countsOf, openSqlite } from '../support/sources.ts';
import { tries } from '../support/tries.ts';

/** The two spellings of an exponent are one number (docs/format.md, Numbers). */
function spelled(value: Json): string {
  return canonicalJson(value).replace(/(\d)e(\d)/g, '$1e+$2');
}

/** A state as comparable text, without `incomplete_from`, which the runtime does not have. */
function answerOf(state: JsonObject, reading: Reading): string {
  const fields = new Map([...state].filter(([key]) => key !== 'reading' && key !== 'incomplete_from'));
  return spelled(reading === 'replay' ? readByRuntime(fields) : fields);
}

const EXPECTED = { 'runtime-0.3.2': 354, 'runtime-0.5.0': 507, 'server-0.5.0': 361, 'server-0.5.0-killed': 961 } as const;

describe.each(GOLDEN_NAMES)('the database of %s', (name) => {
  it.each([
    ['SQLite', openSqlite],
    ['Postgres', async (file: string) => openPostgres(await copyToPostgres(file, 'text'))],
  ] as const)('M11: equals every answer of the runtime, in both readings, in %s', async (_, openFile) => {
    const source = await openFile(goldenDatabase(name));
    const answers = goldenStates(name);
    expect(answers).toHaveLength(EXPECTED[name]);
    const open = new Map<string, OpenExecution>();
    for (const answer of answers) {
      const id = String(answer.get('execution_id'));
      const reading = answer.get('reading') as Reading;
      let execution = open.get(id);
      if (execution === undefined) {
        execution = await OpenExecution.open(source, id);
        await execution.index();
        open.set(id, execution);
      }
      const moment = await momentAt(execution, Number(answer.get('at_sequence')), reading);
      expect(answerOf(momentJson(moment), reading)).toBe(answerOf(answer, reading));
    }
  });

  it('F25: is the same in one pass over the log', async () => {
    const source = await openSqlite(goldenDatabase(name));
    const answers = new Map(goldenStates(name).map((answer) => [`${answer.get('execution_id')} ${answer.get('at_sequence')} ${answer.get('reading')}`, answer]));
    let compared = 0;
    for (const id of new Set([...answers.values()].map((answer) => String(answer.get('execution_id'))))) {
      const execution = await OpenExecution.open(source, id);
      for (const reading of ['replay', 'recovery'] as const) {
        for await (const moment of eachMoment(execution, reading, 0, Number.MAX_SAFE_INTEGER)) {
          const answer = answers.get(`${id} ${moment.atSequence} ${reading}`);
          if (answer === undefined) continue;
          compared++;
          expect(answerOf(momentJson(moment), reading)).toBe(answerOf(answer, reading));
        }
      }
    }
    expect(compared).toBe(answers.size);
  });

  it('has no snapshot that differs from replay', async () => {
    const source = await openSqlite(goldenDatabase(name));
    const { rows } = await source.executions({ sort: 'started', descending: true, offset: 0, limit: 500 });
    let checked = 0;
    for (const { id } of rows) {
      const execution = await OpenExecution.open(source, id);
      await execution.index();
      await execution.checkSnapshots();
      for (const [at, verdict] of execution.verdicts) {
        expect([id, at, verdict]).toEqual([id, at, { kind: 'matches' }]);
        checked++;
      }
    }
    expect(checked).toBe((await countsOf(source)).snapshots);
  });
});

it('F25: an event of a golden database that was changed afterwards no longer agrees with the snapshots behind it', async ({ task }) => {
  const path = goldenDatabase('runtime-0.5.0');
  const database = new Database(path);
  const targets = database
    .prepare(
      `SELECT e.rowid, e.execution_id AS id, e.kind_json AS text FROM events AS e WHERE json_extract(kind_json, '$.state_patch') NOT IN ('{}', 'null')
       AND EXISTS (SELECT 1 FROM snapshots AS s WHERE s.execution_id = e.execution_id AND s.at_sequence = e.sequence) LIMIT 20`,
    )
    .all() as { rowid: number; id: string; text: string }[];
  expect(targets.length).toBeGreaterThan(0);
  const change = database.prepare('UPDATE events SET kind_json = ? WHERE rowid = ?');
  await tries(task, targets.length, async (number) => {
    const { rowid, id, text } = targets[number - 1] as (typeof targets)[number];
    const event = JSON.parse(text) as { state_patch: object };
    change.run(JSON.stringify({ ...event, state_patch: { ...event.state_patch, tampered: 1 } }), rowid);
    const execution = await OpenExecution.open(await openSqlite(path), id);
    await execution.index();
    await execution.checkSnapshots();
    expect([...execution.verdicts.values()].map(({ kind }) => kind)).toContain('differs');
    change.run(text, rowid);
  });
  database.close();
});

describe.each(['server-0.5.0', 'server-0.5.0-killed'] as const)('the scheduler of %s', (name) => {
  it('ended runs with, and gave to nodes, the state of the third reading', async () => {
    const path = goldenDatabase(name);
    const source = await openSqlite(path);
    const database = new Database(path, { readonly: true });
    const [finals, items] = [
      database.prepare(`SELECT execution_id AS id, sequence AS at, kind_json AS text FROM events WHERE kind_json LIKE '{"type":"workflow_completed"%'`).all(),
      database.prepare('SELECT execution_id AS id, node_id AS node, created_at AS at, payload_json AS text FROM work_items').all(),
    ] as [{ id: string; at: number; text: string }[], { id: string; node: string; at: string; text: string }[]];
    const scheduled = database
      .prepare(`SELECT max(sequence) FROM events WHERE execution_id = ? AND created_at <= ? AND kind_json LIKE '{"type":"node_scheduled"%' AND json_extract(kind_json, '$.node_id') = ?`)
      .pluck();
    const open = new Map<string, OpenExecution>();
    const given = async (id: string, sequence: number): Promise<string> => {
      const execution = open.get(id) ?? (await OpenExecution.open(source, id));
      open.set(id, execution);
      await execution.index();
      return spelled(readByRuntime((await momentAt(execution, sequence, 'given')).currentState));
    };
    let compared = 0;
    for (const { id, at, text } of finals) {
      expect([id, await given(id, at)]).toEqual([id, spelled((parseJson(text) as JsonObject).get('final_state') ?? null)]);
      compared++;
    }
    for (const { id, node, at, text } of items) {
      const payload = parseJson(text) as JsonObject;
      const state = payload.get('state') ?? payload.get('input');
      if (state === undefined) continue;
      expect([id, node, await given(id, Number(scheduled.get(id, at, node)))]).toEqual([id, node, spelled(state)]);
      compared++;
    }
    database.close();
    expect(compared).toBe(GIVEN[name]);
  });
});

/** Final states and payloads. */
const GIVEN = { 'server-0.5.0': 78, 'server-0.5.0-killed': 209 } as const;

describe('the database of the killed server', () => {
  it('F12: opens with everything that is only in its log', async () => {
    const source = await openSqlite(goldenDatabase('server-0.5.0-killed'));
    const { executions, events, snapshots } = await countsOf(source);
    const { access } = await source.describe();
    expect({ executions, events, snapshots, access }).toEqual({ executions: 80, events: 801, snapshots: 238, access: 'copy' });
  });
});

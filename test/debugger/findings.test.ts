import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Want } from '../../core/contract/frame.ts';
import type { Reading } from '../../core/vocabulary.ts';
import { preparedFile, startEngine, type TestEngine, until, value } from '../support/engine.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { temporaryFolder } from '../support/temp.ts';

const RUN = { source: 1, execution: 'run' };
const STATE: Want = {
  tree: { from: 0, count: 50, opened: [], closed: [], reveal: true },
  diff: { from: 0, count: 50, against: null },
  text: { from: 0, count: 50 },
  changes: {},
  event: {},
};

/** An execution that is opened and checked whole. */
async function checked(file: Parameters<typeof makeFile>[1]): Promise<TestEngine> {
  const path = join(temporaryFolder(), 'made.db');
  makeFile(path, file);
  const engine = startEngine();
  await value(engine.client.ask('sources.open', { source: 1, prepared: await preparedFile(path) }));
  await value(engine.client.ask('executions.open', RUN));
  await until(() => engine.updates.some(({ state }) => state !== 'running'));
  return engine;
}

describe('the findings of an execution', () => {
  it('F20, F21, F23, T11: are listed with their places, whether they are in the log, a snapshot, the input or the rows', async () => {
    const { client } = await checked({
      input: '{"a":',
      unique: false,
      events: [
        sets(1, 'a', 1),
        sets(2, 'b', 1),
        sets(2, 'c', 1),
        { sequence: 5, kind: 'not JSON' },
        { sequence: 6, kind: '{"type":"new_kind"}' },
        { sequence: -1, kind: '{}' },
      ],
      snapshots: [
        { at: 2, state: '{"a":2}' },
        { at: 5, state: '{' },
        { at: 9, state: '{}' },
      ],
    });
    const { findings, total, complete } = await value(client.ask('findings.list', RUN));
    expect(complete).toBe(true);
    expect(total).toBe(findings.length);
    expect(findings.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['unreadable-input', 0],
      ['bad-sequence', 0],
      ['snapshot-differs', 2],
      ['duplicate-sequence', 2],
      ['gap', 3],
      ['snapshot-unreadable', 5],
      ['unreadable-event', 5],
      ['row-status-differs', 6],
      ['unknown-kind', 6],
      ['snapshot-differs', 9],
      ['snapshot-beyond-end', 9],
    ]);
  });

  it('T11: are none when nothing is unusual', async () => {
    const { client } = await checked({
      events: [{ sequence: 1, kind: '{"type":"workflow_started","workflow_id":"w","workflow_version":"1","initial_input":{}}' }],
    });
    expect(await value(client.ask('findings.list', RUN))).toEqual({ total: 0, findings: [], complete: true });
  });

  it('T16: name the status of the row when replay ends in another one', async () => {
    const { client } = await checked({ events: [sets(1, 'a', 1)] });
    const [finding] = (await value(client.ask('findings.list', RUN))).findings;
    expect(finding?.detail).toBe('The row of the execution says running; after the last event, replay says pending.');
  });
});

describe('a reading', () => {
  const frame = (engine: TestEngine, sequence: number, reading: Reading) => value(engine.client.ask('frame.at', { ...RUN, sequence, reading, want: STATE }));

  it('T8, T9: that the runtime refuses is said in the frame, which has everything but the state', async () => {
    const engine = await checked({ events: [sets(1, 'a', 1), { sequence: 2, kind: '{"type":"node_completed","node_id":"x"}' }] });
    const refused = await frame(engine, 2, 'recovery');
    expect(refused.refused).toContain('of event 2: ');
    expect(Object.keys(refused.slices)).toEqual(['event']);
    expect((await frame(engine, 1, 'recovery')).refused).toBeNull();
  });

  it('T9: rules the counts of what the event changed, as it rules the diff', async () => {
    const approval = '{"type":"approval_received","node_id":"n","user_id":"u","decision":"approved","comment":null,"state_patch":{"b":2}}';
    const engine = await checked({ events: [sets(1, 'a', 1), { sequence: 2, kind: approval }] });
    const [replay, given] = [await frame(engine, 2, 'replay'), await frame(engine, 2, 'given')];
    expect(replay.slices.changes).toMatchObject({ added: 1 });
    expect(given.slices.changes).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect(given.slices.diff?.total).toBe(0);
  });
});

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditFindings } from '../../core/contract/findings.ts';
import type { Want } from '../../core/contract/frame.ts';
import type { AuditRow } from '../../core/jamjet/rows.ts';
import type { Source } from '../../core/source/port.ts';
import type { Reading } from '../../core/vocabulary.ts';
import { preparedFile, startEngine, type TestEngine, until, value } from '../support/engine.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { openSqlite } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp.ts';

const RUN = { source: 1, execution: 'run' };
const STATE: Want = {
  tree: { from: 0, count: 50, opened: [], closed: [], reveal: true },
  diff: { from: 0, count: 50, against: null },
  text: { from: 0, count: 50 },
  changes: {},
  event: {},
};

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
/** A run of the sample with two entries in its audit log, those of the events 156 and 402. */
const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
/** Another one, whose entry is that of the event 19. */
const OTHER = '5f921e52-21b5-4688-82a9-8b4c556d643d';

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
    expect(await value(client.ask('findings.list', RUN))).toEqual({ total: 0, findings: [], complete: true, setAside: 0 });
  });

  it('T16: name the status of the row when replay ends in another one', async () => {
    const { client } = await checked({ events: [sets(1, 'a', 1)] });
    const [finding] = (await value(client.ask('findings.list', RUN))).findings;
    expect(finding?.detail).toBe('The row of the execution says running; after the last event, replay says pending.');
  });
});

/** A copy of the sample, changed by a statement. */
function changedSample(statement: string): string {
  const path = join(temporaryFolder(), 'runtime.db');
  copyFileSync(SAMPLE, path);
  const database = new Database(path);
  expect(database.prepare(statement).run().changes).toBe(1);
  database.close();
  return path;
}

/** What the audit log of a database says of an execution. @param holds of the answer that is waited for. */
async function auditIn(
  { client, updates }: TestEngine,
  execution: string,
  holds: (audit: AuditFindings) => boolean = ({ state }) => state !== 'reading',
): Promise<AuditFindings> {
  await value(client.ask('executions.open', { source: 1, execution }));
  await until(() => updates.some((update) => update.execution === execution && update.state !== 'running'));
  for (;;) {
    const audit = await value(client.ask('findings.audit', { source: 1, execution }));
    if (audit === null) throw new Error('the database has no audit log');
    if (holds(audit)) return audit;
  }
}

async function opened(path: string): Promise<TestEngine> {
  const engine = startEngine();
  await value(engine.client.ask('sources.open', { source: 1, prepared: await preparedFile(path) }));
  return engine;
}

const places = ({ findings }: AuditFindings) => findings.map(({ kind, sequence, isOfDatabase }) => [kind, isOfDatabase ? 'database' : sequence]);

describe('the audit log in the findings of an execution', () => {
  it('is intact in the sample, with the number of its entries', async () => {
    const audit = await auditIn(await opened(SAMPLE), AGENT);
    expect(audit).toEqual({ state: 'whole', entries: 14, signed: 0, breaks: 0, kept: 0, total: 0, findings: [], isOutdated: false });
  });

  it('has each of the bytes that were changed, in the run of its entry and in no other', async () => {
    // The entries of the run: one byte of an actor, of the text of the event, and of the hash.
    for (const [statement, expected] of [
      ["UPDATE audit_log SET actor_id = 'nooR' WHERE rowid = 11", [['audit-hash', 156]]],
      [
        `UPDATE audit_log SET raw_event = '!' || substr(raw_event, 2) WHERE rowid = 11`,
        [
          ['audit-hash', 156],
          ['audit-event', 156],
        ],
      ],
      [`UPDATE audit_log SET entry_hash = '!' || substr(entry_hash, 2) WHERE rowid = 14`, [['audit-hash', 402]]],
      [
        `UPDATE audit_log SET execution_id = '!' || substr(execution_id, 2) WHERE rowid = 14`,
        [
          ['audit-hash', 402],
          ['audit-event', 402],
        ],
      ],
    ] as const) {
      const engine = await opened(changedSample(statement));
      const audit = await auditIn(engine, AGENT);
      expect([audit.entries, audit.breaks, audit.total]).toEqual([14, expected.length, expected.length]);
      expect(places(audit)).toEqual(expected);
      expect(await auditIn(engine, OTHER)).toMatchObject({ breaks: expected.length, total: 0, findings: [] });
    }
  });

  it('shows a broken link in every run, because the entry that is gone may have been of any', async () => {
    const engine = await opened(changedSample('DELETE FROM audit_log WHERE rowid = 5'));
    expect(places(await auditIn(engine, OTHER))).toEqual([['audit-link', 19]]);
    expect(places(await auditIn(engine, AGENT))).toEqual([['audit-link', 'database']]);
  });

  it('leads to no sequence that is none of the run, whatever an entry names', async () => {
    const engine = await opened(changedSample('UPDATE audit_log SET sequence = -9223372036854775808 WHERE rowid = 14'));
    expect(places(await auditIn(engine, AGENT))).toEqual([
      ['audit-hash', 0],
      ['audit-event', 0],
    ]);
  });

  it('is absent for a database that has none', async () => {
    const { client } = await checked({ events: [sets(1, 'a', 1)] });
    expect(await value(client.ask('findings.audit', RUN))).toBeNull();
  });

  it('says that the database was written to since', async () => {
    const path = changedSample(`UPDATE audit_log SET actor_id = 'nooR' WHERE rowid = 11`);
    // A database that somebody has open is read in place, not from a copy.
    const database = new Database(path);
    onTestFinished(() => void database.close());
    database.exec('CREATE TABLE other (id)');
    const engine = await opened(path);
    expect(await auditIn(engine, AGENT)).toMatchObject({ breaks: 1, isOutdated: false });
    database.exec(`UPDATE audit_log SET actor_id = 'noor' WHERE rowid = 11`);
    expect(await auditIn(engine, AGENT, ({ isOutdated }) => isOutdated)).toMatchObject({ state: 'whole', breaks: 1 });
    await value(engine.client.ask('findings.audit.forget', { source: 1 }));
    expect(await auditIn(engine, AGENT)).toMatchObject({ state: 'whole', breaks: 0, isOutdated: false });
  });

  it('is read until somebody stops it, and then says how far it got', async () => {
    const source = await openSqlite(SAMPLE);
    async function* endless(signal: AbortSignal | undefined): AsyncGenerator<readonly AuditRow[]> {
      for await (const page of source.auditLog(signal) ?? []) yield page;
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    }
    const slow = new Proxy(source, {
      get: (_, name) => {
        if (name === 'auditLog') return (signal?: AbortSignal) => endless(signal);
        const member = source[name as keyof Source];
        return typeof member === 'function' ? member.bind(source) : member;
      },
    });
    const engine = startEngine({ open: async () => slow });
    await value(engine.client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
    expect(await auditIn(engine, AGENT, ({ entries }) => entries > 0)).toMatchObject({ state: 'reading', entries: 14 });
    await value(engine.client.ask('findings.audit.stop', { source: 1 }));
    expect(await auditIn(engine, AGENT)).toMatchObject({ state: 'stopped', entries: 14, breaks: 0 });
    expect(engine.updates.findLast(({ kind }) => kind === 'audit')).toMatchObject({ state: 'cancelled' });
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

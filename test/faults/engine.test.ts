import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { Result } from '../../core/fault.ts';
import { until, value } from '../support/engine.ts';
import { type HostEngine, startHost } from '../support/host-engine.ts';
import { makeFile, sets } from '../support/made-files.ts';
import { naiveText } from '../support/naive.ts';
import { temporaryFolder } from '../support/temp.ts';
import { amount, tries } from '../support/tries.ts';

const EVENTS = Array.from({ length: 60 }, (_, i) => sets(i + 1, `k${i % 7}`, `value ${i}`));
const RUN = { source: 1, execution: 'run' } as const;
const MINUTES = 60_000;

function madeFile(events = EVENTS): string {
  const path = join(temporaryFolder(), 'made.db');
  makeFile(path, { events });
  return path;
}

/** A database whose events are a view that SQLite computes for ever. */
function endlessFile(): string {
  const path = madeFile();
  const database = new Database(path);
  database.exec(`ALTER TABLE events RENAME TO kept;
    CREATE VIEW events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
      SELECT execution_id, sequence, kind_json, created_at FROM kept, n WHERE i = -1`);
  database.close();
  return path;
}

/** The text of the state at a sequence, which must be that of the naive fold. */
async function textAt({ ask }: Pick<HostEngine, 'ask'>, sequence: number, source: number = RUN.source): Promise<Result<unknown>> {
  const answer = await ask('values.text', { ...RUN, source, sequence, reading: 'replay', pointer: '' });
  if (answer.ok) expect(answer.value.text).toBe(naiveText(EVENTS, sequence));
  return answer;
}

it(
  'F1: an engine that is killed in the middle of a query is back with the same sources, and what was pending has its Fault',
  async ({ task }) => {
    await tries(task, amount(2, 20), async () => {
      const host = startHost();
      const good = await value(host.open({ kind: 'sqlite', path: madeFile() }));
      const endless = await value(host.open({ kind: 'sqlite', path: endlessFile() }));
      expect(await textAt(host, 30)).toMatchObject({ ok: true });
      const pending = [
        host.ask('executions.open', { ...RUN, source: endless.source }),
        textAt(host, 31),
        host.ask('executions.facets', { source: good.source }),
      ];
      host.kill();
      for (const answer of await Promise.all(pending)) if (!answer.ok) expect(answer.fault.kind).toBe('engine-gone');
      await until(() => host.restored.length === 1);
      expect(host.restored[0]?.map((again) => again.ok && again.value.source)).toEqual([good.source, endless.source]);
      expect(await textAt(host, 31)).toMatchObject({ ok: true });
      expect(host.pids()).toHaveLength(1);
    });
  },
  5 * MINUTES,
);

/** Stops a script when the engine is not restarted any more. */
class GivenUp extends Error {}

/** What a user does, each step again after the engine was restarted. */
async function workThrough(host: HostEngine, path: string): Promise<void> {
  const lasting = async <T>(step: () => Promise<Result<T>>): Promise<T> => {
    for (;;) {
      const restarts = host.restored.length;
      const answer = await step();
      if (answer.ok) return answer.value;
      expect(answer.fault.kind).toBe('engine-gone');
      await until(() => host.restored.length > restarts || host.givenUp.length > 0);
      if (host.givenUp.length > 0) throw new GivenUp();
    }
  };
  const { source } = await lasting(() => host.open({ kind: 'sqlite', path }));
  expect(await lasting(() => host.ask('executions.open', { ...RUN, source }))).toMatchObject({ lastSequence: EVENTS.length });
  const { rows } = await lasting(() => host.ask('events.page', { ...RUN, source, from: 0, count: 100, filter: '' }));
  expect(rows.map(({ sequence }) => sequence)).toEqual(EVENTS.map(({ sequence }) => sequence));
  for (const sequence of [60, 1, 33]) await lasting(() => textAt(host, sequence, source));
  const diff = await lasting(() =>
    host.ask('frame.at', {
      ...RUN,
      source,
      sequence: 33,
      reading: 'replay',
      want: { diff: { from: 0, count: 50, against: null }, text: { from: 0, count: 99 } },
    }),
  );
  expect([diff.sequence, diff.slices.text?.lines.join('\n') ?? naiveText(EVENTS, 33)]).toEqual([33, naiveText(EVENTS, 33)]);
  await host.sources.close(source);
}

it.for(['first', 'every'] as const)(
  'F2: the %s engine is killed at each of its messages: each request has an answer, no state is wrong, and the fourth death within a minute is said',
  { timeout: 10 * MINUTES },
  async (who, { task }) => {
    const path = madeFile();
    await tries(task, amount(who === 'first' ? 5 : 2, 1000), async (message) => {
      const host = startHost({ killAt: { message, who } });
      try {
        await workThrough(host, path);
        return host.killedItself() ? undefined : 'last';
      } catch (error) {
        if (!(error instanceof GivenUp)) throw error;
        expect(host.givenUp[0]?.detail).toContain('four times within a minute');
        expect(await host.ask('executions.facets', { source: 1 })).toMatchObject({ ok: false, fault: { kind: 'engine-gone' } });
        // The user can start it again.
        host.engine.restart();
        await until(() => host.pids().length === 1);
        return undefined;
      } finally {
        host.engine.close();
      }
    });
  },
);

it('F2: an engine that is killed again while it opens the databases again loses none of them', async ({ task }) => {
  await tries(task, amount(2, 10), async () => {
    const host = startHost();
    const files = await Promise.all([1, 2, 3].map(async () => value(host.open({ kind: 'sqlite', path: madeFile() }))));
    for (let death = 1; death <= 3; death++) {
      const [old] = host.pids();
      host.kill();
      await until(() => host.pids().some((pid) => pid !== old));
    }
    await until(() => host.restored.length === 3);
    for (const { source } of files) expect(await textAt(host, 60, source)).toMatchObject({ ok: true });
    host.engine.close();
  });
});

it('F2: an engine that died too often is started again by opening a database, with the databases that were open', async () => {
  const host = startHost();
  const good = await value(host.open({ kind: 'sqlite', path: madeFile() }));
  for (let death = 1; death <= 4; death++) {
    host.kill();
    await until(() => host.restored.length === death || host.givenUp.length > 0);
  }
  expect(host.givenUp).toHaveLength(1);
  expect(await textAt(host, 60, good.source)).toMatchObject({ ok: false, fault: { kind: 'engine-gone' } });
  const other = await value(host.open({ kind: 'sqlite', path: madeFile() }));
  await until(() => host.restored.length === 4);
  for (const { source } of [good, other]) expect(await textAt(host, 60, source)).toMatchObject({ ok: true });
  expect(host.pids()).toHaveLength(1);
});

it(
  'F3: an engine inside a query that never ends is killed at the limit, what waited for it timed out, and the others are back',
  async ({ task }) => {
    await tries(task, amount(1, 5), async () => {
      const host = startHost({}, 1500);
      const good = await value(host.open({ kind: 'sqlite', path: madeFile() }));
      const endless = await value(host.open({ kind: 'sqlite', path: endlessFile() }));
      const [before] = host.pids();
      const stop = new AbortController();
      const waiting = [host.ask('executions.open', { ...RUN, source: endless.source }), host.ask('executions.facets', { source: good.source }, stop.signal)];
      stop.abort();
      const [timedOut, cancelled] = await Promise.all(waiting);
      expect(timedOut).toMatchObject({ ok: false, fault: { kind: 'timed-out' } });
      if (cancelled?.ok === false) expect(['cancelled', 'timed-out']).toContain(cancelled.fault.kind);
      await until(() => host.restored.length === 1);
      expect(host.pids()).not.toContain(before);
      expect(await textAt(host, 60)).toMatchObject({ ok: true });
    });
  },
  5 * MINUTES,
);

it(
  'F4: a state larger than the memory of the engine is refused, or ends the engine alone, which then answers about another file',
  async ({ task }) => {
    const [count, megabytes] = [amount(40, 60, 1000), 2];
    task.meta.size = `${count * megabytes} MB of events, 64 MB of heap`;
    const large = join(temporaryFolder(), 'large.db');
    makeFile(large, { events: [] });
    const database = new Database(large);
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) INSERT INTO events
    SELECT 'run', i, '{"type":"node_completed","node_id":"a","output":null,"state_patch":{"k' || i || '":"' || printf('%.*c', ${megabytes}000000, 'x') || '"},"duration_ms":1}', '' FROM n`);
    database.close();
    await tries(task, amount(1, 3), async () => {
      const host = startHost({ heap: 64 });
      const good = await value(host.open({ kind: 'sqlite', path: madeFile() }));
      const { source } = await value(host.open({ kind: 'sqlite', path: large }));
      const asked = await Promise.all([
        host.ask('executions.open', { ...RUN, source }),
        host.ask('values.text', { ...RUN, source, sequence: count, reading: 'replay', pointer: '' }),
        host.ask('frame.at', { ...RUN, source, sequence: count, reading: 'replay', want: { text: { from: 0, count: 10 } } }),
      ]);
      for (const answer of asked) if (!answer.ok) expect(['too-large', 'engine-gone', 'no-source']).toContain(answer.fault.kind);
      expect(asked.some(({ ok }) => !ok)).toBe(true);
      if (asked.some((answer) => !answer.ok && answer.fault.kind === 'engine-gone')) await until(() => host.restored.length > 0);
      expect(await textAt(host, 60, good.source)).toMatchObject({ ok: true });
    });
  },
  5 * MINUTES,
);

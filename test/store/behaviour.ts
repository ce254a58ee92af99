import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EventKind } from '../../core/jamjet/event-kind.ts';
import type { Status } from '../../core/jamjet/status.ts';
import type { Plain } from '../../core/json/plain.ts';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { type Json, JsonNumber } from '../../core/json/value.ts';
import { materialize } from '../../core/store/materialize.ts';
import type { StateBackend, StoreOptions } from '../../core/store/port.ts';

/** In microseconds, which is what Postgres keeps. */
const NOW = '2026-06-01T12:00:00.123456+00:00';
const HOSTILE = '{"":1.0,"__proto__":{"polluted":9007199254740993},"constructor":"toString","naïve 日本語 🙂":[null,-0.0,18446744073709551615]}';

/** The behaviour that every StateBackend shares. @param open opens an empty backend of the generation. */
export function storeBehaviour(name: string, generation: 3 | 11, open: (options?: StoreOptions) => Promise<StateBackend>): void {
  describe(`${name} as a state store`, () => {
    async function started(input: Plain = {}, options: StoreOptions = {}): Promise<{ store: StateBackend; id: string }> {
      const store = await open(options);
      const id = randomUUID();
      await createExecution(store, id, input);
      return { store, id };
    }

    it('persists the statuses of an execution, and sets completedAt with a terminal one', async () => {
      const { store, id } = await started();
      for (const status of ['running', 'paused', 'running', 'completed'] as const) {
        await store.updateExecutionStatus(id, status);
        const execution = await store.getExecution(id);
        expect([execution?.status, execution?.completedAt !== undefined]).toEqual([status, status === 'completed']);
        expect((await store.listExecutions({ status })).map(({ executionId }) => executionId)).toEqual([id]);
      }
      await store.updateExecutionStatus(id, 'running');
      expect((await store.getExecution(id))?.completedAt).toBeDefined();
    });

    it('recovers from the event log', async () => {
      const { store, id } = await started({ greeting: 'hello' });
      await append(store, id, { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: {} });
      await append(store, id, { type: 'node_scheduled', node_id: 'step1', queue_type: 'tool' });
      await append(store, id, { type: 'node_started', node_id: 'step1', worker_id: 'w1', attempt: 0 });
      await append(store, id, { type: 'node_completed', node_id: 'step1', output: 'done', state_patch: { step: 1 }, duration_ms: 5 });
      await append(store, id, { type: 'node_scheduled', node_id: 'step2', queue_type: 'tool' });
      const state = await materialize(store, id);
      expect([canonicalJson(state.currentState), [...state.completedNodes], [...state.activeNodes], state.status, state.lastSequence]).toEqual([
        '{"greeting":"hello","step":1}',
        [['step1', 'done']],
        ['step2'],
        'running',
        5,
      ]);
    });

    it('recovers from a snapshot and the events after it, of which workflow_completed replaces the state', async () => {
      const { store, id } = await started();
      for (let n = 1; n <= 5; n++) await append(store, id, { type: 'node_completed', node_id: `n${n}`, output: n, state_patch: { n }, duration_ms: 1 });
      await store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 5, state: { n: 5 }, createdAt: NOW });
      await append(store, id, { type: 'node_completed', node_id: 'n6', output: 6, state_patch: { n: 6 }, duration_ms: 1 });
      await append(store, id, { type: 'workflow_completed', final_state: { done: true } });
      const state = await materialize(store, id);
      expect(canonicalJson(state.currentState)).toBe('{"done":true}');
      expect([state.completedNodes.has('n6'), state.lastSequence, state.status]).toEqual([true, 7, 'completed']);
    });

    it('assigns sequences itself, in the order of appending', async () => {
      const { store, id } = await started();
      const given = [];
      for (const wanted of [3, 1, 2]) given.push(await append(store, id, { type: 'node_cancelled', node_id: `wanted ${wanted}` }));
      expect(given).toEqual([1, 2, 3]);
      expect((await store.getEvents(id)).map(({ sequence, kind }) => [sequence, kind.get('node_id')])).toEqual([
        [1, 'wanted 3'],
        [2, 'wanted 1'],
        [3, 'wanted 2'],
      ]);
      expect([(await store.getEventsSince(id, 2)).length, await store.latestSequence(id), await store.latestSequence(randomUUID())]).toEqual([1, 3, 0]);
      expect(await store.getEvents(randomUUID())).toEqual([]);
    });

    it('stores every value without loss, in every column', async () => {
      const { store, id } = await started(parseJson(HOSTILE));
      const value = parseJson(HOSTILE);
      await append(
        store,
        id,
        new Map<string, Json>([
          ['type', 'external_event_received'],
          ['correlation_key', '🙂'],
          ['payload', value],
        ]),
      );
      await store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 1, state: value, createdAt: NOW });
      await store.updateExecutionCurrentState(id, value);
      await store.storeWorkflow({ workflowId: 'w', version: '1', ir: value, createdAt: NOW });
      const kept = [
        (await store.getExecution(id))?.initialInput,
        (await store.getExecution(id))?.currentState,
        (await store.getEvents(id))[0]?.kind.get('payload'),
        (await store.latestSnapshot(id))?.state,
        (await store.getWorkflow('w', '1'))?.ir,
      ];
      for (const back of kept) expect(canonicalJson(back ?? null)).toBe(canonicalJson(value));
      expect(printJson((await store.getEvents(id))[0]?.kind ?? null)).toContain('{"type":"external_event_received","correlation_key":"🙂"');
      expect((await store.getExecution(id))?.startedAt).toBe(NOW);
    });

    it('stores values of 10 MB', async () => {
      const { store, id } = await started();
      const big = 'x'.repeat(10_000_000);
      await append(store, id, { type: 'node_completed', node_id: 'a', output: big, state_patch: {}, duration_ms: 1 });
      expect((await store.getEvents(id))[0]?.kind.get('output')).toBe(big);
    });

    it('appends to arrays in the state, and refuses when there is something else', async () => {
      const { store, id } = await started({ list: [1], text: 'x' });
      await store.patchAppendArray(id, 'list', { two: new JsonNumber('2.0') });
      await store.patchAppendArray(id, '__proto__', 1);
      expect(canonicalJson((await store.getExecution(id))?.currentState ?? null)).toBe('{"__proto__":[1],"list":[1,{"two":2.0}],"text":"x"}');
      await expect(store.patchAppendArray(id, 'text', 1)).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('not an array') });
      await store.updateExecutionCurrentState(id, [1]);
      await expect(store.patchAppendArray(id, 'list', 1)).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('not a JSON object') });
      await expect(store.patchAppendArray(randomUUID(), 'list', 1)).rejects.toMatchObject({ kind: 'NotFound' });
    });

    it('refuses duplicates and unknown ids, and finds nothing under an unknown id', async () => {
      const { store, id } = await started();
      await expect(createExecution(store, id, {})).rejects.toMatchObject({ kind: 'Database' });
      await expect(append(store, randomUUID(), { type: 'node_cancelled', node_id: 'x' })).rejects.toMatchObject({ kind: 'Database' });
      await expect(store.updateExecutionStatus(randomUUID(), 'failed')).rejects.toMatchObject({ kind: 'NotFound', name: 'NotFoundError' });
      await store.updateExecutionCurrentState(randomUUID(), {});
      expect([
        await store.getExecution(randomUUID()),
        await store.getWorkflow('w', '1'),
        await store.latestSnapshot(id),
        await store.getTenant('nobody'),
      ]).toEqual([undefined, undefined, undefined, undefined]);
      for (const change of [
        () => store.completeWorkItem(randomUUID()),
        () => store.failWorkItem('x', 'e'),
        () => store.renewLease(randomUUID(), 'w'),
        () => store.moveToDeadLetter('x', 'e'),
        () => store.revokeToken(randomUUID()),
        () => store.markTimerFired('x'),
        () => store.cancelTimer(randomUUID()),
        () => store.recordCronRun(randomUUID(), NOW),
        () => store.updateTenant({ id: 'nobody', name: 'x' }),
      ]) {
        await expect(change()).rejects.toMatchObject({ kind: 'NotFound' });
      }
      await expect(materialize(store, randomUUID())).rejects.toMatchObject({ kind: 'NotFound' });
    });

    it('replaces definitions of one version and snapshots of one sequence, and finds the snapshot at or before a sequence', async () => {
      const { store, id } = await started();
      for (const ir of [{ v: 1 }, { v: 2 }]) await store.storeWorkflow({ workflowId: 'w', version: '1', ir, createdAt: NOW });
      expect(canonicalJson((await store.getWorkflow('w', '1'))?.ir ?? null)).toBe('{"v":2}');
      for (const [at, n] of [
        [5, 1],
        [2, 2],
        [5, 3],
      ] as const)
        await store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: at, state: { n }, createdAt: NOW });
      expect(canonicalJson((await store.latestSnapshot(id))?.state ?? null)).toBe('{"n":3}');
      expect([(await store.snapshotAt(id, 4))?.atSequence, (await store.snapshotAt(id, 1))?.atSequence]).toEqual([2, undefined]);
    });

    it('lists executions in pages, most recently updated first', async () => {
      const store = await open();
      const ids = ['00:03', '00:01', '00:02'].map((time) => ({ id: randomUUID(), updatedAt: `2026-06-01T12:${time}+00:00` }));
      for (const { id, updatedAt } of ids) await createExecution(store, id, {}, updatedAt);
      const order = [ids[0], ids[2], ids[1]].map((entry) => entry?.id);
      expect((await store.listExecutions()).map(({ executionId }) => executionId)).toEqual(order);
      expect((await store.listExecutions({ limit: 1, offset: 1 })).map(({ executionId }) => executionId)).toEqual([order[1]]);
      expect(await store.listExecutions({ status: 'failed' })).toEqual([]);
    });

    it('lets workers claim the oldest item of their queues, each item once', async () => {
      const { store, id } = await started();
      for (const [name, queue, time] of [
        ['b', 'tool', '12:02'],
        ['a', 'tool', '12:01'],
        ['c', 'model', '12:00'],
      ] as const)
        await enqueue(store, id, name, queue, `2026-06-01T${time}:00+00:00`);
      expect(await store.claimWorkItem('w', [])).toBeUndefined();
      const claimed = [await store.claimWorkItem('w1', ['tool']), await store.claimWorkItem('w2', ['tool'])];
      expect(claimed.map((item) => item?.nodeId)).toEqual(['a', 'b']);
      const [a = '', b = ''] = claimed.map((item) => item?.id);
      expect(await store.claimWorkItem('w3', ['tool'])).toBeUndefined();
      await expect(store.renewLease(a, 'w2')).rejects.toMatchObject({ kind: 'NotFound' });
      await store.renewLease(a, 'w1');
      await store.completeWorkItem(a);
      await store.failWorkItem(b, 'broken');
      expect((await store.claimWorkItem('w3', ['tool', 'model']))?.nodeId).toBe('c');
      expect(await store.claimWorkItem('w3', ['tool', 'model'])).toBeUndefined();
    });

    it('reclaims expired leases with exponential back-off, until no attempt is left', async () => {
      let now = Date.parse('2026-06-01T13:00:00Z');
      const { store, id } = await started({}, { clock: () => now });
      const item = await enqueue(store, id, 'item', 'tool', NOW);
      await store.claimWorkItem('w', ['tool']);
      expect(await store.reclaimExpiredLeases()).toEqual({ retryable: [], exhausted: [] });
      for (const attempt of [1, 2]) {
        now += 31_000;
        expect((await store.reclaimExpiredLeases()).retryable).toMatchObject([{ id: item, attempt }]);
        expect(await store.claimWorkItem('w', ['tool'])).toBeUndefined();
        now += 1000 * 2 ** attempt;
        expect(await store.claimWorkItem('w', ['tool'])).toMatchObject({ id: item, attempt });
      }
      now += 31_000;
      expect((await store.reclaimExpiredLeases()).exhausted).toMatchObject([{ id: item, attempt: 3 }]);
      expect(await store.claimWorkItem('w', ['tool'])).toBeUndefined();
    });

    it('releases an expired claim for the next worker, and counts the attempt where the format does', async () => {
      let now = Date.parse('2026-06-01T13:00:00Z');
      const { store, id } = await started({}, { clock: () => now });
      const item = await enqueue(store, id, 'item', 'tool', NOW);
      expect(await store.claimWorkItem('w1', ['tool'])).toMatchObject({ id: item, attempt: 0, workerId: 'w1', leaseExpiresAt: '2026-06-01T13:00:30+00:00' });
      now += 29_000;
      await store.renewLease(item, 'w1');
      now += 29_000;
      expect(await store.claimWorkItem('w2', ['tool'])).toBeUndefined();
      now += 2000;
      expect(await store.claimWorkItem('w2', ['tool'])).toMatchObject({ id: item, attempt: generation === 3 ? 0 : 1, workerId: 'w2' });
      await expect(store.renewLease(item, 'w1')).rejects.toMatchObject({ kind: 'NotFound' });
    });

    it('accepts ids in any form and times with any offset, and returns both as the runtime writes them', async () => {
      const store = await open();
      const id = randomUUID();
      const shown = `EXEC_${id.replaceAll('-', '').toUpperCase()}`;
      await createExecution(store, shown, {}, '2026-06-01T14:30:00.5+02:30');
      expect(await store.getExecution(id)).toMatchObject({ executionId: id, updatedAt: '2026-06-01T12:00:00.500+00:00' });
      expect(await append(store, shown, { type: 'node_cancelled', node_id: 'a' })).toBe(1);
      expect((await store.getEvents(shown))[0]).toMatchObject({ executionId: id, createdAt: NOW });
      expect((await materialize(store, shown)).lastSequence).toBe(1);
      expect(await store.getExecution('nonsense')).toBeUndefined();
    });

    it('writes an event with its type first, its fields in the order given, and free values with sorted keys', async () => {
      const { store, id } = await started();
      await append(store, id, {
        node_id: 'b',
        output: { b: 1, a: { z: 1, '10': 2 } },
        type: 'node_completed',
        state_patch: { '\u{1F600}': 1, '\uFF5E': 2 },
        duration_ms: 1,
      });
      expect(printJson((await store.getEvents(id))[0]?.kind ?? null)).toBe(
        '{"type":"node_completed","node_id":"b","output":{"a":{"10":2,"z":1},"b":1},"state_patch":{"\uFF5E":2,"\u{1F600}":1},"duration_ms":1}',
      );
    });

    it('refuses what the runtime could not read back, and writes nothing', async () => {
      const { store, id } = await started({ kept: true });
      let deep: Plain = 1;
      for (let level = 0; level < 128; level++) deep = [deep];
      const cycle: Plain[] = [];
      cycle.push(cycle);
      const refused: unknown[] = [
        Number.NaN,
        Number.POSITIVE_INFINITY,
        new JsonNumber('1e400'),
        new JsonNumber('0x10'),
        'half \ud800',
        { '\udfff': 1 },
        new Date(0),
        () => 1,
        deep,
        cycle,
      ];
      for (const value of refused as Plain[]) {
        for (const write of [
          () => createExecution(store, randomUUID(), { value }),
          () => append(store, id, { type: 'external_event_received', correlation_key: 'x', payload: value }),
          () => store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 1, state: { value }, createdAt: NOW }),
          () => store.updateExecutionCurrentState(id, { value }),
          () => store.patchAppendArray(id, 'list', value),
          () => store.storeWorkflow({ workflowId: 'w', version: '1', ir: { value }, createdAt: NOW }),
          () => store.enqueueWorkItem({ id: randomUUID(), executionId: id, nodeId: 'n', queueType: 'q', payload: { value }, createdAt: NOW }),
        ])
          await expect(write()).rejects.toMatchObject({ kind: 'Serialization', message: expect.stringMatching(/^[A-Z].+\.$/) });
      }
      for (const write of [() => append(store, id, [1]), () => append(store, id, { node_id: 'a' }), () => append(store, id, { type: 5 })])
        await expect(write()).rejects.toMatchObject({ kind: 'Serialization' });
      for (const write of [
        () => createExecution(store, 'run 17', {}),
        () => createExecution(store, randomUUID(), {}, 'yesterday'),
        () => createExecution(store, randomUUID(), {}, '2026-02-30T00:00:00Z'),
        () => store.updateExecutionStatus(id, 'done' as Status),
        () => store.appendEvent({ id: '1', executionId: id, kind: { type: 'node_cancelled', node_id: 'x' }, createdAt: NOW }),
        () => store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 1.5, state: {}, createdAt: NOW }),
      ])
        await expect(write()).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/^.+\.$/) });
      expect([(await store.listExecutions()).length, await store.getEvents(id), await store.latestSnapshot(id), await store.getWorkflow('w', '1')]).toEqual([
        1,
        [],
        undefined,
        undefined,
      ]);
      expect(canonicalJson((await store.getExecution(id))?.currentState ?? null)).toBe('{"kept":true}');
      expect(await store.claimWorkItem('w', ['q'])).toBeUndefined();
    });

    it('refuses an event or a work item whose id exists', async () => {
      const { store, id } = await started();
      const event = { id: randomUUID(), executionId: id, kind: { type: 'node_cancelled', node_id: 'x' }, createdAt: NOW } as const;
      expect(await store.appendEvent(event)).toBe(1);
      await expect(store.appendEvent(event)).rejects.toMatchObject({ kind: 'Database' });
      const item = { id: randomUUID(), executionId: id, nodeId: 'n', queueType: 'q', payload: null, createdAt: NOW };
      expect(await store.enqueueWorkItem(item)).toBe(item.id);
      await expect(store.enqueueWorkItem(item)).rejects.toMatchObject({ kind: 'Database' });
      expect(await store.latestSequence(id)).toBe(1);
    });

    it('assigns concurrent appends a sequence each', async () => {
      const { store, id } = await started();
      const given = await Promise.all(Array.from({ length: 60 }, (_, i) => append(store, id, { type: 'node_cancelled', node_id: `n${i}` })));
      expect([...given].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
      const events = await store.getEvents(id);
      expect(given.map((sequence) => events[sequence - 1]?.kind.get('node_id'))).toEqual(given.map((_, i) => `n${i}`));
    });

    it('performs a transaction completely or not at all, while others wait', async () => {
      const { store, id } = await started();
      let inside: StateBackend | undefined;
      const broken = store.transaction(async (within) => {
        inside = within;
        await append(within, id, { type: 'node_cancelled', node_id: 'lost' });
        await within.updateExecutionStatus(id, 'failed');
        expect(await within.latestSequence(id)).toBe(1);
        throw new Error('on purpose');
      });
      await expect(broken).rejects.toThrow('on purpose');
      expect([await store.getEvents(id), (await store.getExecution(id))?.status]).toEqual([[], 'pending']);
      await expect(inside?.getEvents(id)).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('has ended') });
      const sequences = await Promise.all(
        [1, 2, 3].map((n) =>
          store.transaction(async (within) => {
            const first = await append(within, id, { type: 'node_cancelled', node_id: `a${n}` });
            return [first, await within.transaction((deeper) => append(deeper, id, { type: 'node_cancelled', node_id: `b${n}` }))];
          }),
        ),
      );
      expect(sequences.every(([a = 0, b]) => b === a + 1)).toBe(true);
      expect(await store.latestSequence(id)).toBe(6);
    });

    it('lists timers that are due, until they are fired or cancelled', async () => {
      let now = Date.parse('2026-06-01T12:00:00Z');
      const { store, id } = await started({}, { clock: () => now });
      const later = await store.scheduleTimer({ executionId: id, nodeId: 'b', fireAt: '2026-06-01T12:00:20+00:00' });
      const soon = await store.scheduleTimer({ executionId: id, nodeId: 'a', fireAt: '2026-06-01T14:00:10+02:00', correlationKey: '🙂' });
      const never = await store.scheduleTimer({ executionId: id, nodeId: 'c', fireAt: '2026-06-01T12:00:05Z' });
      expect(await store.listDueTimers()).toEqual([]);
      await store.cancelTimer(never);
      now += 20_000;
      expect(await store.listDueTimers()).toMatchObject([
        { id: soon, nodeId: 'a', fireAt: '2026-06-01T12:00:10+00:00', correlationKey: '🙂', executionId: id },
        { id: later, correlationKey: undefined },
      ]);
      await store.markTimerFired(soon);
      await expect(store.markTimerFired(soon)).rejects.toMatchObject({ kind: 'NotFound' });
      await expect(store.cancelTimer(never)).rejects.toMatchObject({ kind: 'NotFound' });
      expect((await store.listDueTimers()).map((timer) => timer.id)).toEqual([later]);
    });

    it('replaces cron jobs by id, lists those that are due, and reschedules them', async () => {
      const now = Date.parse('2026-06-01T12:00:00Z');
      const { store } = await started({}, { clock: () => now });
      const job = { id: randomUUID(), name: 'nightly', cronExpression: '0 0 * * *', workflowId: 'w', nextRunAt: '2026-06-01T11:00:00Z', createdAt: NOW };
      await store.upsertCronJob(job);
      await store.upsertCronJob({ ...job, input: { limit: 9007199254740993n } });
      await store.upsertCronJob({ ...job, id: randomUUID(), name: 'off', enabled: false });
      await expect(store.upsertCronJob({ ...job, id: randomUUID() })).rejects.toMatchObject({ kind: 'Database' });
      const due = await store.listDueCronJobs();
      expect(due).toMatchObject([{ id: job.id, name: 'nightly', workflowVersion: '1.0.0', enabled: true, lastRunAt: undefined }]);
      expect(canonicalJson(due[0]?.input ?? null)).toBe('{"limit":9007199254740993}');
      await store.recordCronRun(job.id, '2026-06-02T00:00:00Z');
      expect(await store.listDueCronJobs()).toEqual([]);
    });

    it('validates tokens by their hash, until they are revoked', async () => {
      const store = await open();
      const { token, info } = await store.createToken('ci', 'operator');
      expect(token).toMatch(/^jj_[0-9a-f]{64}$/);
      expect(await store.validateToken(token)).toMatchObject({ id: info.id, name: 'ci', role: 'operator' });
      expect(await store.validateToken(`${token.slice(0, -1)}x`)).toBeUndefined();
      expect((await store.listTokens()).map(({ id }) => id)).toEqual([info.id]);
      await store.revokeToken(info.id);
      expect([await store.validateToken(token), await store.listTokens()]).toEqual([undefined, []]);
    });

    it('isolates tenants: none reads or changes the rows of another', async () => {
      const store = await open();
      await store.createTenant({ id: 'acme', name: 'Acme', limits: { max_workflows: 3 } });
      await store.updateTenant({ id: 'acme', name: 'Acme Ltd', status: 'suspended' });
      await expect(store.updateTenant({ id: 'nobody', name: 'x' })).rejects.toMatchObject({ kind: 'NotFound' });
      expect((await store.listTenants()).map(({ id, name, status }) => [id, name, status])).toEqual([
        ['default', 'Default', 'active'],
        ['acme', 'Acme Ltd', 'suspended'],
      ]);
      const [acme, other] = [store.forTenant('acme'), store.forTenant('default')];
      const id = randomUUID();
      await createExecution(acme, id, {});
      await append(acme, id, { type: 'node_cancelled', node_id: 'a' });
      await acme.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 1, state: {}, createdAt: NOW });
      await acme.storeWorkflow({ workflowId: 'w', version: '1', ir: {}, createdAt: NOW });
      const item = await enqueue(acme, id, 'item', 'tool', NOW);
      const { token } = await acme.createToken('t', 'viewer');
      expect([
        await other.getExecution(id),
        await other.getEvents(id),
        await other.latestSnapshot(id),
        await other.getWorkflow('w', '1'),
        await other.claimWorkItem('w', ['tool']),
        await other.validateToken(token),
        await other.listExecutions(),
      ]).toEqual([undefined, [], undefined, undefined, undefined, undefined, []]);
      await expect(other.updateExecutionStatus(id, 'failed')).rejects.toMatchObject({ kind: 'NotFound' });
      expect((await acme.claimWorkItem('w', ['tool']))?.tenantId).toBe('acme');
      await expect(other.completeWorkItem(item)).rejects.toMatchObject({ kind: 'NotFound' });
      for (const write of [
        () => append(other, id, { type: 'node_cancelled', node_id: 'b' }),
        () => enqueue(other, id, 'b', 'tool', NOW),
        () => other.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 1, state: {}, createdAt: NOW }),
        () => acme.storeWorkflow({ workflowId: 'w', version: '2', ir: {}, createdAt: NOW, tenantId: 'default' }),
        () => createExecution(store.forTenant('nobody'), randomUUID(), {}),
      ])
        await expect(write()).rejects.toMatchObject({ kind: 'Database' });
      // The next sequence counts the events of all tenants.
      expect(await append(store, id, { type: 'node_cancelled', node_id: 'b' })).toBe(2);
      expect((await store.getEvents(id)).map(({ tenantId }) => tenantId)).toEqual(['acme', 'default']);
      expect(await store.getExecution(id)).toMatchObject({ tenantId: 'acme', status: 'pending' satisfies Status });
    });

    if (generation === 3) {
      it('names the generation that an operation needs', async () => {
        const { store, id } = await started();
        for (const operation of [
          () => store.completeWorkItemFenced(randomUUID(), 1),
          () => store.getToolEffect('k'),
          () => store.putArtifact(new Uint8Array([1])),
          () => store.reserveToolEffect({ idempotencyKey: 'k', executionId: id, nodeId: 'n', owner: 'w', fence: 1, timeToLive: 1 }),
        ])
          await expect(operation()).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/generation 3; .* needs generation \d+\.$/) });
      });
      return;
    }

    it('recovers all five fields of a snapshot', async () => {
      const { store, id } = await started();
      const completedNodes = new Map<string, Json>([['__proto__', 1]]);
      const snapshot = { id: randomUUID(), executionId: id, atSequence: 4, state: { n: 1 }, createdAt: NOW };
      await store.writeSnapshot({ ...snapshot, status: 'paused', completedNodes, activeNodes: new Set(['b', 'a']), lastSequence: 4 });
      const { currentState, ...rest } = await materialize(store, id);
      expect(canonicalJson(currentState)).toBe('{"n":1}');
      expect(rest).toEqual({ status: 'paused', completedNodes, activeNodes: new Set(['a', 'b']), lastSequence: 4 });
    });

    it('lets only the holder of the latest claim settle an item', async () => {
      let now = Date.parse('2026-06-01T13:00:00Z');
      const { store, id } = await started({}, { clock: () => now });
      const item = await enqueue(store, id, 'item', 'tool', NOW);
      const first = await store.claimWorkItem('w1', ['tool']);
      now += 31_000;
      const second = await store.claimWorkItem('w2', ['tool']);
      expect([first?.fence, second?.fence].every((fence) => fence !== undefined && fence > 0)).toBe(true);
      expect(second?.fence).not.toBe(first?.fence);
      expect(await store.completeWorkItemFenced(item, first?.fence ?? 0)).toBe(false);
      await expect(store.renewLease(item, 'w2', first?.fence)).rejects.toMatchObject({ kind: 'FenceLost' });
      await expect(store.renewLease(item, 'w1', second?.fence)).rejects.toMatchObject({ kind: 'FenceLost' });
      await store.renewLease(item, 'w2', second?.fence);
      expect(await store.failWorkItemFenced(item, first?.fence ?? 0, 'late')).toBeUndefined();
      expect(await store.parkWorkItem(item, first?.fence ?? 0, NOW, 1)).toBe(false);
      expect(await store.parkWorkItem(item, second?.fence ?? 0, '2026-06-01T13:01:00Z', 2)).toBe(true);
      expect(await store.claimWorkItem('w3', ['tool'])).toBeUndefined();
      now += 60_000;
      const third = await store.claimWorkItem('w3', ['tool']);
      expect(third).toMatchObject({ id: item, attempt: 2 });
      expect(await store.failWorkItemFenced(item, third?.fence ?? 0, 'broken')).toMatchObject({ outcome: 'exhausted', item: { attempt: 3 } });
      expect(await store.completeWorkItemFenced(item, third?.fence ?? 0)).toBe(false);
      const other = await enqueue(store, id, 'other', 'tool', NOW);
      const claim = await store.claimWorkItem('w4', ['tool']);
      expect(await store.failWorkItemFenced(other, claim?.fence ?? 0, 'broken')).toMatchObject({
        outcome: 'retryable',
        delayMs: 2000,
        item: { attempt: 1, fence: 0 },
      });
    });

    it('commits a turn completely: claim, event, effect and snapshot; or, when the claim is lost, not at all', async () => {
      const { store, id } = await started({ topic: 'x' });
      const item = await enqueue(store, id, 'plan', 'tool', NOW);
      const claim = await store.claimWorkItem('w', ['tool']);
      const kind: EventKind = {
        type: 'node_completed',
        node_id: 'plan',
        output: { n: 1 },
        state_patch: { plan: ['a'] },
        duration_ms: 3,
        input_tokens: 5,
        idempotency_key: 'key',
      };
      const event = () => ({ id: randomUUID(), executionId: id, kind, createdAt: NOW });
      await expect(store.commitTurn({ itemId: item, fence: 99, event: event(), writeSnapshot: true })).rejects.toMatchObject({
        kind: 'FenceLost',
        name: 'FenceLostError',
      });
      expect([await store.getEvents(id), await store.latestSnapshot(id), await store.getToolEffect('key')]).toEqual([[], undefined, undefined]);
      await expect(
        store.commitTurn({ itemId: item, fence: claim?.fence ?? 0, event: { ...event(), kind: { type: 'workflow_failed', error: 'x' } } }),
      ).rejects.toMatchObject({ kind: 'Database' });
      expect(await store.commitTurn({ itemId: item, fence: claim?.fence ?? 0, event: event(), writeSnapshot: true })).toBe(1);
      expect(await store.completeWorkItemFenced(item, claim?.fence ?? 0)).toBe(false);
      const snapshot = await store.latestSnapshot(id);
      expect([canonicalJson(snapshot?.state ?? null), snapshot?.atSequence, snapshot?.lastSequence, [...(snapshot?.completedNodes ?? [])].length]).toEqual([
        '{"plan":["a"],"topic":"x"}',
        1,
        1,
        1,
      ]);
      expect(canonicalJson((await store.getToolEffect('key')) ?? null)).toBe(
        '{"duration_ms":3,"finish_reason":null,"gen_ai_model":null,"gen_ai_system":null,"input_tokens":5,"output":{"n":1},"output_tokens":null,"state_patch":{"plan":["a"]}}',
      );
      await store.recordToolEffect({ idempotencyKey: 'key', executionId: id, nodeId: 'plan', result: 'later' });
      expect(await store.getToolEffect('key')).not.toBe('later');
    });

    it('reserves a tool call for one owner, until it is released or expires', async () => {
      let now = Date.parse('2026-06-01T13:00:00Z');
      const { store, id } = await started({}, { clock: () => now });
      const reserve = (owner: string, fence = 1) =>
        store.reserveToolEffect({ idempotencyKey: 'k', executionId: id, nodeId: 'n', owner, fence, timeToLive: 10_000 });
      expect(await reserve('a')).toEqual({ outcome: 'acquired' });
      expect(await reserve('b')).toEqual({ outcome: 'held', owner: 'a', expiresAt: '2026-06-01T13:00:10+00:00' });
      expect(await reserve('a', 2)).toEqual({ outcome: 'acquired' });
      await store.releaseToolReservation('k', 'a', 1);
      expect(await reserve('b')).toMatchObject({ outcome: 'held' });
      await store.releaseToolReservation('k', 'a', 2);
      expect(await reserve('b')).toEqual({ outcome: 'acquired' });
      now += 10_000;
      expect(await reserve('c')).toEqual({ outcome: 'acquired' });
    });

    it('stores artifacts under the hash of their bytes', async () => {
      const store = await open();
      const bytes = new TextEncoder().encode('{"pages":[1,2]}');
      const artifact = await store.putArtifact(bytes, 'application/json');
      expect(artifact).toEqual({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), size: 15, mediaType: 'application/json' });
      expect(await store.putArtifact(bytes, 'text/plain')).toEqual(artifact);
      expect(await store.getArtifact(artifact.hash)).toEqual(bytes);
      expect(await store.getArtifact('0'.repeat(64))).toBeUndefined();
      expect(await store.forTenant('other').getArtifact(artifact.hash)).toBeUndefined();
      const big = new Uint8Array(10_000_000).fill(7);
      expect((await store.getArtifact((await store.putArtifact(big)).hash))?.length).toBe(big.length);
    });

    it('continues an execution in a new segment, and ends the previous one', async () => {
      const { store, id } = await started({ topic: 'x' });
      const child = randomUUID();
      const row = {
        workflowId: 'w',
        workflowVersion: '1',
        status: 'running',
        initialInput: { n: 1 },
        currentState: { n: 1 },
        startedAt: NOW,
        updatedAt: NOW,
      } as const;
      const segment = {
        execution: { executionId: child, ...row, parentExecutionId: id, segmentNumber: 1 },
        snapshot: { id: randomUUID(), executionId: child, atSequence: 0, state: { n: 1 }, createdAt: NOW, status: 'running', lastSequence: 0 },
        events: [
          {
            id: randomUUID(),
            executionId: child,
            kind: { type: 'workflow_started', workflow_id: 'w', workflow_version: '1', initial_input: {} },
            createdAt: NOW,
          },
        ],
        workItem: { id: randomUUID(), executionId: child, nodeId: 'n', queueType: 'tool', payload: {}, createdAt: NOW },
      } as const;
      await store.createSegment(segment);
      expect(await store.getExecution(child)).toMatchObject({ parentExecutionId: id, segmentNumber: 1 });
      expect([
        (await store.latestSnapshot(child))?.atSequence,
        await store.latestSequence(child),
        (await store.claimWorkItem('w', ['tool']))?.executionId,
      ]).toEqual([0, 1, child]);
      await expect(store.createSegment(segment)).rejects.toMatchObject({ kind: 'Database' });
      const item = await enqueue(store, id, 'last', 'model', NOW);
      const claim = await store.claimWorkItem('w', ['model']);
      expect(await store.finalizeRollover(id, item, 99)).toBe(false);
      expect(await store.finalizeRollover(id, item, claim?.fence ?? 0)).toBe(true);
      expect(await store.getExecution(id)).toMatchObject({ status: 'limit_exceeded' });
    });
  });
}

async function createExecution(store: StateBackend, executionId: string, input: Plain, updatedAt = NOW): Promise<void> {
  await store.createExecution({
    executionId,
    workflowId: 'w',
    workflowVersion: '1',
    status: 'pending',
    initialInput: input,
    currentState: input,
    startedAt: NOW,
    updatedAt,
  });
}

async function append(store: StateBackend, executionId: string, kind: Plain): Promise<number> {
  return store.appendEvent({ id: randomUUID(), executionId, kind: kind as EventKind, createdAt: NOW });
}

async function enqueue(store: StateBackend, executionId: string, nodeId: string, queueType: string, createdAt: string): Promise<string> {
  return store.enqueueWorkItem({ id: randomUUID(), executionId, nodeId, queueType, payload: { n: 1 }, createdAt });
}

import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Status } from '../../core/jamjet/status.ts';
import { fromPlain, type Plain } from '../../core/json/plain.ts';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { type Json, JsonNumber } from '../../core/json/value.ts';
import { materialize } from '../../core/store/materialize.ts';
import type { StateBackend } from '../../core/store/port.ts';

const NOW = '2026-06-01T12:00:00.123456789+00:00';
const HOSTILE = '{"":1.0,"__proto__":{"polluted":9007199254740993},"constructor":"toString","naïve 日本語 🙂":[null,-0.0,18446744073709551615]}';

/** How every StateBackend behaves. `open` gives an empty one. */
export function storeBehaviour(name: string, open: () => Promise<StateBackend>): void {
  describe(`${name} as a state store`, () => {
    async function started(input: Plain = {}): Promise<{ store: StateBackend; id: string }> {
      const store = await open();
      const id = randomUUID();
      await createExecution(store, id, input);
      return { store, id };
    }

    it('persists the transitions of a run, and sets completedAt with the terminal one', async () => {
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

    it('recovers from a crash by its event log', async () => {
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

    it('recovers from a snapshot and what came after it, where workflow_completed replaces the state', async () => {
      const { store, id } = await started();
      for (let n = 1; n <= 5; n++) await append(store, id, { type: 'node_completed', node_id: `n${n}`, output: n, state_patch: { n }, duration_ms: 1 });
      await store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 5, state: { n: 5 }, createdAt: NOW });
      await append(store, id, { type: 'node_completed', node_id: 'n6', output: 6, state_patch: { n: 6 }, duration_ms: 1 });
      await append(store, id, { type: 'workflow_completed', final_state: { done: true } });
      const state = await materialize(store, id);
      expect(canonicalJson(state.currentState)).toBe('{"done":true}');
      expect([state.completedNodes.has('n6'), state.lastSequence, state.status]).toEqual([true, 7, 'completed']);
    });

    it('gives sequences itself: 3, 1, 2 come back as 1, 2, 3 in the order of appending', async () => {
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

    it('loses nothing of a value, wherever it is kept', async () => {
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

    it('keeps values of 10 MB', async () => {
      const { store, id } = await started();
      const big = 'x'.repeat(10_000_000);
      await append(store, id, { type: 'node_completed', node_id: 'a', output: big, state_patch: {}, duration_ms: 1 });
      expect((await store.getEvents(id))[0]?.kind.get('output')).toBe(big);
    });

    it('appends to arrays in the state, and says what stands in the way', async () => {
      const { store, id } = await started({ list: [1], text: 'x' });
      await store.patchAppendArray(id, 'list', { two: new JsonNumber('2.0') });
      await store.patchAppendArray(id, '__proto__', 1);
      expect(canonicalJson((await store.getExecution(id))?.currentState ?? null)).toBe('{"__proto__":[1],"list":[1,{"two":2.0}],"text":"x"}');
      await expect(store.patchAppendArray(id, 'text', 1)).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('not an array') });
      await store.updateExecutionCurrentState(id, [1]);
      await expect(store.patchAppendArray(id, 'list', 1)).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('not a JSON object') });
      await expect(store.patchAppendArray(randomUUID(), 'list', 1)).rejects.toMatchObject({ kind: 'NotFound' });
    });

    it('refuses what cannot be, and finds nothing where nothing is', async () => {
      const { store, id } = await started();
      await expect(createExecution(store, id, {})).rejects.toMatchObject({ kind: 'Database' });
      await expect(append(store, randomUUID(), { type: 'x' })).rejects.toMatchObject({ kind: 'Database' });
      await expect(store.updateExecutionStatus(randomUUID(), 'failed')).rejects.toMatchObject({ kind: 'NotFound', name: 'NotFoundError' });
      await store.updateExecutionCurrentState(randomUUID(), {});
      expect([
        await store.getExecution(randomUUID()),
        await store.getWorkflow('w', '1'),
        await store.latestSnapshot(id),
        await store.getTenant('nobody'),
      ]).toEqual([undefined, undefined, undefined, undefined]);
      for (const change of [
        store.completeWorkItem('x'),
        store.failWorkItem('x', 'e'),
        store.renewLease('x', 'w'),
        store.moveToDeadLetter('x', 'e'),
        store.revokeToken('x'),
      ]) {
        await expect(change).rejects.toMatchObject({ kind: 'NotFound' });
      }
      await expect(materialize(store, randomUUID())).rejects.toMatchObject({ kind: 'NotFound' });
    });

    it('replaces definitions and snapshots of one place, and finds the snapshot at or before another', async () => {
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

    it('lists executions last updated first, in pages', async () => {
      const store = await open();
      const ids = ['00:03', '00:01', '00:02'].map((time) => ({ id: randomUUID(), updatedAt: `2026-06-01T12:${time}+00:00` }));
      for (const { id, updatedAt } of ids) await createExecution(store, id, {}, updatedAt);
      const order = [ids[0], ids[2], ids[1]].map((entry) => entry?.id);
      expect((await store.listExecutions()).map(({ executionId }) => executionId)).toEqual(order);
      expect((await store.listExecutions({ limit: 1, offset: 1 })).map(({ executionId }) => executionId)).toEqual([order[1]]);
      expect(await store.listExecutions({ status: 'failed' })).toEqual([]);
    });

    it('hands work out oldest first, to one worker each, from the queues asked for', async () => {
      const { store, id } = await started();
      for (const [name, queue, time] of [
        ['b', 'tool', '12:02'],
        ['a', 'tool', '12:01'],
        ['c', 'model', '12:00'],
      ] as const)
        await enqueue(store, id, name, queue, `2026-06-01T${time}:00+00:00`);
      expect(await store.claimWorkItem('w', [])).toBeUndefined();
      expect((await store.claimWorkItem('w1', ['tool']))?.id).toBe('a');
      expect((await store.claimWorkItem('w2', ['tool']))?.id).toBe('b');
      expect(await store.claimWorkItem('w3', ['tool'])).toBeUndefined();
      await expect(store.renewLease('a', 'w2')).rejects.toMatchObject({ kind: 'NotFound' });
      await store.renewLease('a', 'w1');
      await store.completeWorkItem('a');
      await store.failWorkItem('b', 'broken');
      expect((await store.claimWorkItem('w3', ['tool', 'model']))?.id).toBe('c');
      expect(await store.claimWorkItem('w3', ['tool', 'model'])).toBeUndefined();
    });

    it('reclaims expired leases with a growing back-off, and buries what has no attempt left', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-06-01T13:00:00Z') });
      try {
        const { store, id } = await started();
        await enqueue(store, id, 'item', 'tool', NOW);
        await store.claimWorkItem('w', ['tool']);
        expect(await store.reclaimExpiredLeases()).toEqual({ retryable: [], exhausted: [] });
        for (const attempt of [1, 2]) {
          vi.setSystemTime(Date.now() + 31_000);
          const { retryable } = await store.reclaimExpiredLeases();
          expect(retryable).toMatchObject([{ id: 'item', attempt }]);
          expect(await store.claimWorkItem('w', ['tool'])).toBeUndefined();
          vi.setSystemTime(Date.now() + 1000 * 2 ** attempt);
          expect(await store.claimWorkItem('w', ['tool'])).toMatchObject({ id: 'item', attempt });
        }
        vi.setSystemTime(Date.now() + 31_000);
        expect((await store.reclaimExpiredLeases()).exhausted).toMatchObject([{ id: 'item', attempt: 3 }]);
        expect(await store.claimWorkItem('w', ['tool'])).toBeUndefined();
      } finally {
        vi.useRealTimers();
      }
    });

    it('knows tokens by their hash alone, until they are revoked', async () => {
      const store = await open();
      const { token, info } = await store.createToken('ci', 'operator');
      expect(token).toMatch(/^jj_[0-9a-f]{64}$/);
      expect(await store.validateToken(token)).toMatchObject({ id: info.id, name: 'ci', role: 'operator' });
      expect(await store.validateToken(`${token.slice(0, -1)}x`)).toBeUndefined();
      expect((await store.listTokens()).map(({ id }) => id)).toEqual([info.id]);
      await store.revokeToken(info.id);
      expect([await store.validateToken(token), await store.listTokens()]).toEqual([undefined, []]);
    });

    it('keeps tenants apart: none sees or touches the rows of another', async () => {
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
      await enqueue(acme, id, 'item', 'tool', NOW);
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
      await expect(other.completeWorkItem('item')).rejects.toMatchObject({ kind: 'NotFound' });
      // The next sequence counts all rows of the execution, whosever they are.
      expect(await append(other, id, { type: 'node_cancelled', node_id: 'b' })).toBe(2);
      expect((await store.getEvents(id)).map(({ tenantId }) => tenantId)).toEqual(['acme', 'default']);
      expect(await store.getExecution(id)).toMatchObject({ tenantId: 'acme', status: 'pending' satisfies Status });
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
  return store.appendEvent({ id: randomUUID(), executionId, kind: fromPlain(kind), createdAt: NOW });
}

async function enqueue(store: StateBackend, executionId: string, id: string, queueType: string, createdAt: string): Promise<void> {
  await store.enqueueWorkItem({ id, executionId, nodeId: 'n', queueType, payload: { n: 1 }, createdAt });
}

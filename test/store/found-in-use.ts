import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EventKind } from '../../core/jamjet/event-kind.ts';
import { knownKinds } from '../../core/jamjet/kinds.ts';
import type { Plain } from '../../core/json/plain.ts';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { type Json, JsonNumber } from '../../core/json/value.ts';
import { materialize } from '../../core/store/materialize.ts';
import type { StateBackend, StoreOptions } from '../../core/store/port.ts';

const NOW = '2026-06-01T12:00:00+00:00';
/** What is no integer, or not one that a column can hold. */
const NO_COUNTS = [1.5, Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 53, '1', new Date(0)] as unknown as number[];
const COMPLETED = { type: 'node_completed', node_id: 'n', output: 1, state_patch: { n: 1 }, duration_ms: 1 } as const;

/** Faults that use has shown, each with its name in the list, on every StateBackend. @param open opens an empty backend. */
export function foundInUse(name: string, generation: 3 | 11, open: (options?: StoreOptions) => Promise<StateBackend>): void {
  describe(`${name} as a state store, as use has shown`, () => {
    async function started(input: Plain = {}, options: StoreOptions = {}): Promise<{ store: StateBackend; id: string }> {
      const store = await open(options);
      const id = randomUUID();
      await store.createExecution(execution(id, input));
      return { store, id };
    }

    it('D3: an event that the runtime could not read is refused, and nothing is written', async () => {
      const { store, id } = await started();
      const { duration_ms: _, ...incomplete } = COMPLETED;
      const refused: readonly (readonly [kind: Plain, words: RegExp])[] = [
        [{ type: 'node_completed' }, /has no "node_id"/],
        [{ type: 'NodeCompleted', node_id: 'n' }, /does not know the kind "NodeCompleted"/],
        [incomplete, /has no "duration_ms"/],
        [{ ...COMPLETED, output: undefined }, /has no "output"/],
        [{ ...COMPLETED, duration_ms: 1.5 }, /"duration_ms" .* is 1\.5, .* integer from 0 to 2⁶⁴/],
        [{ ...COMPLETED, duration_ms: new JsonNumber('5.0') }, /"duration_ms"/],
        [{ ...COMPLETED, duration_ms: -1 }, /"duration_ms"/],
        [{ ...COMPLETED, duration_ms: 2n ** 64n }, /"duration_ms"/],
        [{ ...COMPLETED, duration_ms: null }, /"duration_ms"/],
        [{ ...COMPLETED, node_id: 7 }, /"node_id" .* a text/],
        [{ ...COMPLETED, provenance: { verified: 'yes' } }, /"provenance"/],
        [{ ...COMPLETED, provenance: { model_id: new Date(0) as never } }, /"provenance"/],
        [{ type: 'node_started', node_id: 'n', worker_id: 'w', attempt: 2 ** 32 }, /"attempt" .* integer from 0 to 2³²/],
        [{ type: 'critic_verdict', node_id: 'n', score: null, passed: true }, /"score"/],
        [{ type: 'approval_received', node_id: 'n', user_id: 'u', decision: 'maybe' }, /"decision" .* approved or rejected/],
        [{ type: 'timer_created', node_id: 'n', fire_at: '2026-06-01 12:00:00' }, /"fire_at" .* RFC 3339/],
        [{ type: 'plan_generated', steps: ['a', 1] }, /"steps" .* list of texts/],
        [new Map([['type', 'node_failed']]), /has no "node_id"/],
      ];
      for (const [kind, words] of refused) {
        const event = { id: randomUUID(), executionId: id, kind: kind as EventKind, createdAt: NOW };
        await expect(store.appendEvent(event)).rejects.toMatchObject({ kind: 'Serialization', message: expect.stringMatching(words) });
        await expect(store.appendEvent(event)).rejects.toMatchObject({ message: expect.stringContaining(event.id) });
      }
      expect(await store.getEvents(id)).toEqual([]);
    });

    it('D3: a kind that the runtime does not know is appended when that is asked for, and a known one is checked all the same', async () => {
      const { store, id } = await started();
      const event = (kind: Plain) => ({ id: randomUUID(), executionId: id, kind, createdAt: NOW });
      expect(await store.appendEvent(event({ type: 'NodeCompleted', x: 1.5 }), { unknownKinds: true })).toBe(1);
      await expect(store.appendEvent(event({ type: 'node_completed' }), { unknownKinds: true })).rejects.toMatchObject({ kind: 'Serialization' });
      expect(printJson((await store.getEvents(id))[0]?.kind ?? null)).toBe('{"type":"NodeCompleted","x":1.5}');
    });

    it('D3: every kind of the table is accepted by the runtimes that know it', async () => {
      const { store, id } = await started();
      for (const { type, fields, since } of knownKinds()) {
        const values = { s: 'x', t: '2026-06-01T12:00:00Z', i: 2n ** 64n - 1n, u: 7, f: 0.5, b: true, j: null, '[s]': ['x'], '[j]': [1], p: {} };
        const kind = Object.fromEntries([['type', type], ...fields.map((field) => [field.name, field.words?.[0] ?? values[field.type]])]);
        const appended = store.appendEvent({ id: randomUUID(), executionId: id, kind: kind as EventKind, createdAt: NOW });
        if (since > generation) await expect(appended, type).rejects.toMatchObject({ message: expect.stringContaining(`generation ${generation}`) });
        else await appended;
      }
      const known = knownKinds().filter(({ since }) => since <= generation);
      expect((await store.getEvents(id)).map(({ kind }) => kind.get('type'))).toEqual(known.map(({ type }) => type));
    });

    it('D4: only integers that the runtime can count reach the columns of integers', async () => {
      const { store, id } = await started();
      const item = { id: randomUUID(), executionId: id, nodeId: 'n', queueType: 'q', payload: 1, createdAt: NOW };
      const snapshot = { id: randomUUID(), executionId: id, atSequence: 1, state: {}, createdAt: NOW };
      for (const value of NO_COUNTS) {
        for (const write of [
          () => store.enqueueWorkItem({ ...item, attempt: value }),
          () => store.enqueueWorkItem({ ...item, maxAttempts: value }),
          () => store.createExecution({ ...execution(randomUUID()), segmentNumber: value }),
          () => store.writeSnapshot({ ...snapshot, atSequence: value }),
          () => store.writeSnapshot({ ...snapshot, lastSequence: value }),
          () => store.renewLease(item.id, 'w', value),
          () => store.completeWorkItemFenced(item.id, value),
          () => store.parkWorkItem(item.id, 1, NOW, value),
          () => store.parkWorkItem(item.id, value, NOW, 1),
          () => store.failWorkItemFenced(item.id, value, 'e'),
          () => store.reserveToolEffect({ idempotencyKey: 'k', executionId: id, nodeId: 'n', owner: 'o', fence: value, timeToLive: 1 }),
          () => store.releaseToolReservation('k', 'o', value),
        ])
          await expect(write(), `${write} ${value}`).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/^.+\.$/) });
      }
      await expect(store.enqueueWorkItem({ ...item, attempt: 2 ** 32 })).rejects.toMatchObject({ kind: 'Database' });
      expect([await store.claimWorkItem('w', ['q']), await store.latestSnapshot(id), (await store.listExecutions()).length]).toEqual([undefined, undefined, 1]);
    });

    it('D6: a snapshot without the four fields has those that upstream writes, and a generation that cannot store them says so', async () => {
      const { store, id } = await started();
      const snapshot = { id: randomUUID(), executionId: id, atSequence: 4, state: {}, createdAt: NOW };
      await store.writeSnapshot({ ...snapshot, status: undefined, completedNodes: null });
      if (generation === 11) {
        expect(await store.latestSnapshot(id)).toMatchObject({ status: 'pending', lastSequence: 4, completedNodes: new Map(), activeNodes: new Set() });
        return;
      }
      expect((await store.latestSnapshot(id))?.status).toBeUndefined();
      for (const part of [{ status: 'running' }, { lastSequence: 4 }, { completedNodes: new Map() }, { activeNodes: new Set<string>() }] as const)
        await expect(store.writeSnapshot({ ...snapshot, ...part })).rejects.toMatchObject({
          kind: 'Database',
          message: expect.stringContaining(`storing ${Object.keys(part)[0]} with the snapshot of ${id} at 4 needs generation 5`),
        });
    });

    it('D7: an update without a status leaves a suspended tenant suspended, and its policy and limits as they are', async () => {
      const store = await open();
      await store.createTenant({ id: 'acme', name: 'Acme', status: 'suspended', policy: { rules: [1] }, limits: { max_workflows: 3 } });
      await store.updateTenant({ id: 'acme', name: 'Acme Ltd' });
      const answer = (await store.getTenant('acme')) ?? ({} as never);
      expect([answer.name, answer.status, canonicalJson(answer.policy ?? null), canonicalJson(answer.limits ?? null)]).toEqual([
        ...['Acme Ltd', 'suspended', '{"rules":[1]}', '{"max_workflows":3}'],
      ]);
      await store.updateTenant({ id: 'acme', status: 'active', policy: null });
      expect(await store.getTenant('acme')).toMatchObject({ name: 'Acme Ltd', status: 'active', policy: undefined });
      expect((await store.getTenant('acme'))?.limits).toBeDefined();
      await expect(store.updateTenant({ id: 'acme', status: 'closed' as 'active' })).rejects.toMatchObject({ kind: 'Database', message: /"acme" is "closed"/ });
    });

    it('D8: lists have the same limits everywhere', async () => {
      const { store, id } = await started();
      for (const value of NO_COUNTS) {
        for (const read of [
          () => store.listExecutions({ limit: value }),
          () => store.listExecutions({ offset: value }),
          () => store.getEventsSince(id, 0, value),
          ...(value === -1 ? [] : [() => store.getEventsSince(id, value), () => store.snapshotAt(id, value)]),
        ])
          await expect(read(), `${read} ${value}`).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/^The .+ is .+ required\.$/) });
      }
      expect([await store.listExecutions({ limit: 0 }), await store.getEventsSince(id, -1, null)]).toEqual([[], []]);
    });

    it('D8: what is handed out is the caller’s own', async () => {
      const { store, id } = await started({ list: [1] });
      await store.appendEvent({ id: randomUUID(), executionId: id, kind: COMPLETED, createdAt: NOW });
      await store.writeSnapshot({ id: randomUUID(), executionId: id, atSequence: 1, state: { n: 1 }, createdAt: NOW });
      const read = async () => [await store.getExecution(id), await store.getEvents(id), await store.latestSnapshot(id), await store.getTenant('default')];
      const before = JSON.stringify(await read());
      const overwrite = (value: unknown): void => {
        if (typeof value !== 'object' || value === null) return;
        if (value instanceof Map) for (const key of [...value.keys(), 'new']) value.set(key, 'changed');
        else if (value instanceof Set) value.add('changed');
        else for (const [key, member] of Object.entries(value)) typeof member === 'object' ? overwrite(member) : Object.assign(value, { [key]: 'changed' });
      };
      (await read()).forEach(overwrite);
      expect(JSON.stringify(await read())).toBe(before);
    });

    it('D8: text that one database could not store is refused by all, and is found by none', async () => {
      const { store, id } = await started();
      for (const text of ['a\0b', 'half \ud800', 7, undefined] as string[]) {
        for (const write of [
          () => store.createTenant({ id: text, name: 'x' }),
          () => store.storeWorkflow({ workflowId: text, version: '1', ir: {}, createdAt: NOW }),
          () => store.createExecution({ ...execution(randomUUID()), workflowId: text }),
          () => store.enqueueWorkItem({ id: randomUUID(), executionId: id, nodeId: text, queueType: 'q', payload: 1, createdAt: NOW }),
          () => store.createToken(text, 'viewer'),
          () => store.scheduleTimer({ executionId: id, nodeId: text, fireAt: NOW }),
        ])
          await expect(write(), `${write} ${text}`).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/^.+\.$/) });
        const found = [store.getTenant(text), store.getWorkflow(text, '1'), store.validateToken(text), store.getExecution(text), store.getEvents(text)];
        expect(await Promise.all(found)).toEqual([undefined, undefined, undefined, undefined, []]);
      }
    });

    it('D9: null is accepted where undefined is, and what is no time is refused by an error of the store', async () => {
      const { store, id } = await started();
      const other = randomUUID();
      await store.createExecution({ ...execution(other), completedAt: null, tenantId: null, parentExecutionId: null, segmentNumber: null });
      expect(await store.getExecution(other)).toMatchObject({ completedAt: undefined, parentExecutionId: undefined, segmentNumber: 0, tenantId: 'default' });
      await store.scheduleTimer({ executionId: id, nodeId: 'n', fireAt: NOW, correlationKey: null });
      for (const time of [
        new Date(0),
        0,
        null,
        undefined,
        '2026-06-01T12:61:00Z',
        '0001-01-01T00:00:00Z',
        '9999-12-31T23:59:59-01:00',
      ] as unknown as string[]) {
        for (const write of [
          () => store.createExecution({ ...execution(randomUUID()), startedAt: time }),
          () => store.appendEvent({ id: randomUUID(), executionId: id, kind: COMPLETED, createdAt: time }),
          () => store.scheduleTimer({ executionId: id, nodeId: 'n', fireAt: time }),
          () => store.recordCronRun(randomUUID(), time),
        ])
          await expect(write(), `${write} ${time}`).rejects.toMatchObject({ kind: 'Database', message: expect.stringMatching(/is not a time: RFC 3339/) });
      }
      const broken = await open({ clock: () => Number.NaN }).catch((error: unknown) => error);
      if (broken instanceof Error) expect(broken).toMatchObject({ kind: 'Database', message: expect.stringContaining('clock') });
      else await expect((broken as StateBackend).createToken('a', 'b')).rejects.toMatchObject({ kind: 'Database', message: expect.stringContaining('clock') });
    });

    it('D10: the default tenant was created at the time of the clock, which is RFC 3339', async () => {
      const store = await open({ clock: () => Date.parse('2001-02-03T04:05:06Z') });
      expect(await store.getTenant('default')).toMatchObject({ createdAt: '2001-02-03T04:05:06+00:00', updatedAt: '2001-02-03T04:05:06+00:00' });
    });

    it('D12: an error names what it is about, which one, and why', async () => {
      const { store, id } = await started();
      const other = randomUUID();
      const [event, item, snapshot, job] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
      const append = (eventId: string, executionId: string) => store.appendEvent({ id: eventId, executionId, kind: COMPLETED, createdAt: NOW });
      const enqueue = (itemId: string, executionId: string) =>
        store.enqueueWorkItem({ id: itemId, executionId, nodeId: 'n', queueType: 'q', payload: 1, createdAt: NOW });
      const write = (snapshotId: string, executionId: string, atSequence: number) =>
        store.writeSnapshot({ id: snapshotId, executionId, atSequence, state: {}, createdAt: NOW });
      const cron = (cronId: string) =>
        store.upsertCronJob({ id: cronId, name: 'nightly', cronExpression: '* * * * *', workflowId: 'w', nextRunAt: NOW, createdAt: NOW });
      await append(event, id);
      await enqueue(item, id);
      await write(snapshot, id, 1);
      await cron(job);
      await store.createTenant({ id: 'acme', name: 'Acme' });
      const expected: readonly (readonly [operation: () => Promise<unknown>, message: string])[] = [
        [() => store.createExecution(execution(id)), `An execution ${id} exists already.`],
        [() => append(event, id), `An event ${event} exists already.`],
        [() => enqueue(item, id), `A work item ${item} exists already.`],
        [() => write(snapshot, id, 2), `A snapshot ${snapshot} exists already.`],
        [() => cron(other), 'A cron job named "nightly" exists already.'],
        [() => store.createTenant({ id: 'acme', name: 'Acme' }), 'A tenant "acme" exists already.'],
        [() => append(randomUUID(), other), `There is no execution ${other} to write to.`],
        [() => enqueue(randomUUID(), other), `There is no execution ${other} to write to.`],
        [() => write(randomUUID(), other, 1), `There is no execution ${other} to write to.`],
        [() => store.createExecution({ ...execution(other), tenantId: 'nobody' }), 'There is no tenant "nobody".'],
        [() => store.storeWorkflow({ workflowId: 'w', version: '1', ir: {}, createdAt: NOW, tenantId: 'nobody' }), 'There is no tenant "nobody".'],
        [() => store.appendEvent({ id: randomUUID(), executionId: id, kind: COMPLETED, createdAt: NOW, tenantId: 'nobody' }), 'There is no tenant "nobody".'],
        [() => store.forTenant('nobody').createToken('a', 'b'), 'There is no tenant "nobody".'],
        [
          () => store.createExecution({ ...execution(other), startedAt: 'yesterday' }),
          `The startedAt of execution ${other} is "yesterday", which is not a time: RFC 3339 text is required, such as 2026-06-01T12:00:00+00:00.`,
        ],
        [() => store.updateExecutionStatus(id, 'done' as 'failed'), `The status of execution ${id} is "done", which is not one of an execution.`],
      ];
      for (const [operation, message] of expected) await expect(operation(), message).rejects.toMatchObject({ kind: 'Database', message });
      const inside = store.transaction((within) => within.appendEvent({ id: event, executionId: id, kind: COMPLETED, createdAt: NOW }));
      await expect(inside).rejects.toMatchObject({ message: `An event ${event} exists already.` });
    });

    it('D13: JSON.stringify of an answer is the value without loss', async () => {
      const text = '{"":1.0,"__proto__":{"big":9007199254740993},"a":[null,{"b":-0.0}]}';
      const { store, id } = await started(parseJson(text));
      await store.appendEvent({
        id: randomUUID(),
        executionId: id,
        kind: { ...COMPLETED, output: parseJson(text), state_patch: { more: {} } },
        createdAt: NOW,
      });
      await store.appendEvent({ id: randomUUID(), executionId: id, kind: { type: 'node_scheduled', node_id: 'm', queue_type: 'q' }, createdAt: NOW });
      expect(JSON.stringify((await store.getExecution(id))?.currentState)).toBe(text);
      expect(JSON.stringify((await store.getEvents(id))[0]?.kind)).toContain(`"output":${text}`);
      const materialized = await materialize(store, id);
      expect(JSON.stringify(materialized)).toBe(
        `{"currentState":${text.slice(0, -1)},"more":{}},"status":"pending","completedNodes":{"n":${text}},"activeNodes":["m"],"lastSequence":2}`,
      );
      await store.patchAppendArray(id, 'a', { c: new JsonNumber('2.0') });
      expect(JSON.stringify(await store.listExecutions())).toContain('"a":[null,{"b":-0.0},{"c":2.0}]');
      expect((await store.getExecution(id))?.initialInput).toEqual(new Map(parseJson(text) as ReadonlyMap<string, Json>));
    });

    it('D13: a store tells its generation, also inside a transaction and for a tenant', async () => {
      const store = await open();
      expect([store.generation, store.forTenant('default').generation, await store.transaction(async (inside) => inside.generation)]).toEqual([
        ...[generation, generation, generation],
      ]);
    });

    it('D13: interfaces, Maps of objects and optional fields that are undefined are accepted', async () => {
      interface Topic {
        readonly topic: string;
        readonly score?: number | undefined;
      }
      const topic: Topic = { topic: 'loan', score: undefined };
      const { store, id } = await started(topic);
      await store.updateExecutionCurrentState(id, new Map<string, { n: number }>([['a', { n: 1 }]]));
      const { initialInput, currentState } = (await store.getExecution(id)) ?? ({} as never);
      expect([canonicalJson(initialInput), canonicalJson(currentState)]).toEqual(['{"topic":"loan"}', '{"a":{"n":1}}']);
      expect(await store.listExecutions({ status: undefined, limit: undefined, offset: undefined })).toHaveLength(1);
    });

    if (generation === 3) return;

    it('D5: an artifact belongs to its tenant, and without a tenant to default', async () => {
      const store = await open();
      await store.createTenant({ id: 'acme', name: 'Acme' });
      const bytes = new TextEncoder().encode('secret');
      const { hash } = await store.forTenant('acme').putArtifact(bytes, 'text/acme');
      expect(await store.getArtifact(hash)).toBeUndefined();
      expect((await store.putArtifact(bytes, 'text/plain')).mediaType).toBe('text/plain');
      expect((await store.forTenant('acme').putArtifact(bytes)).mediaType).toBe('text/acme');
      expect(await store.getArtifact(hash)).toEqual(bytes);
    });

    it('D8: an unknown tenant records no effect, no reservation and no artifact', async () => {
      const { store, id } = await started();
      const nobody = store.forTenant('nobody');
      for (const write of [
        () => nobody.putArtifact(new Uint8Array(1)),
        () => nobody.recordToolEffect({ idempotencyKey: 'k', executionId: id, nodeId: 'n', result: 1 }),
        () => nobody.reserveToolEffect({ idempotencyKey: 'k', executionId: id, nodeId: 'n', owner: 'o', fence: 1, timeToLive: 1 }),
      ])
        await expect(write()).rejects.toMatchObject({ kind: 'Database', message: 'There is no tenant "nobody".' });
      await nobody.releaseToolReservation('k', 'o', 1);
    });

    it('D9: a reservation lasts a number of milliseconds', async () => {
      const { store, id } = await started();
      const reservation = { idempotencyKey: 'k', executionId: id, nodeId: 'n', owner: 'o', fence: 1 };
      for (const timeToLive of [Number.POSITIVE_INFINITY, Number.NaN, -1, 1e300, '1' as unknown as number])
        await expect(store.reserveToolEffect({ ...reservation, timeToLive })).rejects.toMatchObject({
          kind: 'Database',
          message: expect.stringMatching(/\.$|\?$/),
        });
      expect(await store.reserveToolEffect({ ...reservation, owner: 'other', timeToLive: 0.5 })).toEqual({ outcome: 'acquired' });
    });

    it('D9: options that are null are left out', async () => {
      const { store, id } = await started();
      await store.appendEvent({ id: randomUUID(), executionId: id, kind: { type: 'node_cancelled', node_id: 'n' }, createdAt: NOW }, null);
      expect((await store.listExecutions(null)).length).toBeGreaterThan(0);
    });

    it('D11: a turn that failed records no effect', async () => {
      const { store, id } = await started();
      await store.enqueueWorkItem({ id: randomUUID(), executionId: id, nodeId: 'n', queueType: 'q', payload: 1, createdAt: NOW });
      const claim = await store.claimWorkItem('w', ['q']);
      const kind = { type: 'node_failed', node_id: 'n', error: 'x', attempt: 1, retryable: true, idempotency_key: 'key' } as EventKind;
      await store.commitTurn({ itemId: claim?.id ?? '', fence: claim?.fence ?? 0, event: { id: randomUUID(), executionId: id, kind, createdAt: NOW } });
      expect([await store.getToolEffect('key'), (await store.getEvents(id)).length]).toEqual([undefined, 1]);
    });
  });
}

function execution(executionId: string, input: Plain = {}) {
  const row = { workflowId: 'w', workflowVersion: '1', status: 'pending', startedAt: NOW, updatedAt: NOW } as const;
  return { executionId, ...row, initialInput: input, currentState: input };
}

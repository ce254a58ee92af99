/**
 * Uses of `hindsight/store` that must compile, and uses that must not: those have `@ts-expect-error` above them, which is itself
 * an error when the line compiles. `types.test.ts` compiles this file against the package.
 */
import {
  applyEvents,
  type EventKind,
  equalJson,
  type Fence,
  fromPlain,
  type Json,
  type JsonNumber,
  type Materialized,
  MemoryBackend,
  materialize,
  type NewEvent,
  origin,
  type Plain,
  PostgresBackend,
  parseJson,
  SqliteBackend,
  type StateBackend,
  type Status,
  toPlain,
} from '../../core/store/public.ts';

declare const store: StateBackend;
declare const sqlite: SqliteBackend;
declare const anyJson: Plain;
const id = crypto.randomUUID();
const now = new Date().toISOString();
const times = { startedAt: now, updatedAt: now } as const;
const row = { executionId: id, workflowId: 'w', workflowVersion: '1', status: 'running', ...times } as const;

interface Topic {
  readonly topic: string;
  readonly score?: number | undefined;
}
declare const topic: Topic;

export async function events(): Promise<void> {
  const event = (kind: EventKind): NewEvent => ({ id, executionId: id, kind, createdAt: now });
  for (const backend of [store, sqlite, new MemoryBackend()]) {
    await backend.appendEvent(event({ type: 'node_completed', node_id: 'n', output: topic, state_patch: { n: 1n }, duration_ms: 5 }));
  }
  await store.appendEvent(event({ type: 'approval_received', node_id: 'n', user_id: 'u', decision: 'approved', comment: undefined }));
  await store.appendEvent(event({ type: 'critic_verdict', node_id: 'n', score: 0.5, passed: true, feedback: null }));
  await store.appendEvent({ id, executionId: id, kind: { type: 'node_cancelled', node_id: 'n' }, createdAt: now, tenantId: undefined });
  await store.appendEvent({ id, executionId: id, kind: { type: 'mine', at: 1 }, createdAt: now }, { unknownKinds: true });
  const [stored] = await store.getEvents(id);
  if (stored !== undefined) await store.appendEvent(stored);

  // @ts-expect-error a field is missing
  event({ type: 'node_completed', node_id: 'n' });
  // @ts-expect-error no such kind
  event({ type: 'NodeCompleted', node_id: 'n' });
  // @ts-expect-error a field has the wrong type
  event({ type: 'node_started', node_id: 'n', worker_id: 'w', attempt: '1' });
  // @ts-expect-error no such word
  event({ type: 'approval_received', node_id: 'n', user_id: 'u', decision: 'maybe' });
  // @ts-expect-error no such field
  event({ type: 'node_cancelled', node_id: 'n', reason: 'x' });
  // @ts-expect-error the type is missing
  event({ node_id: 'n' });
  // @ts-expect-error a kind that is not known needs { unknownKinds: true }
  await store.appendEvent({ id, executionId: id, kind: { type: 'mine' }, createdAt: now });
  // @ts-expect-error the same, on the class
  await sqlite.appendEvent({ id, executionId: id, kind: { type: 'mine' }, createdAt: now });
  // @ts-expect-error and any JSON may be of an unknown kind
  await store.appendEvent({ id, executionId: id, kind: anyJson, createdAt: now });
}

/** The fields of a kind are known once its type is. */
export function durationOf(kind: EventKind): number | bigint | JsonNumber | undefined {
  return kind.type === 'node_completed' ? kind.duration_ms : undefined;
}

export async function freeValues(): Promise<void> {
  await store.createExecution({ ...row, initialInput: topic, currentState: new Map([['a', { n: 1 }]]) });
  await store.createExecution({ ...row, initialInput: { a: [1, null, undefined, 1n, topic] }, currentState: 'text' });
  await store.updateExecutionCurrentState(id, { a: { b: topic } });
  // @ts-expect-error a Date is not JSON
  await store.createExecution({ ...row, initialInput: new Date(), currentState: {} });
  // @ts-expect-error nor is a part that is a Date
  await store.createExecution({ ...row, initialInput: { at: new Date() }, currentState: {} });
  // @ts-expect-error nor is a function
  await store.updateExecutionCurrentState(id, () => 1);
  // @ts-expect-error nor is a Set
  await store.updateExecutionCurrentState(id, new Set([1]));
  // @ts-expect-error nor are bytes
  await store.updateExecutionCurrentState(id, new Uint8Array(1));
}

export async function optionalFields(): Promise<void> {
  await store.createExecution({
    ...{ ...row, initialInput: 1, currentState: 1 },
    ...{ completedAt: undefined, tenantId: undefined, parentExecutionId: undefined, segmentNumber: undefined },
  });
  await store.createExecution({ ...row, initialInput: 1, currentState: 1, completedAt: null, tenantId: null });
  await store.listExecutions({ status: undefined, limit: undefined, offset: undefined });
  await store.getEventsSince(id, 0, undefined);
  await store.updateTenant({ id: 'acme', name: undefined, status: undefined, policy: undefined, limits: undefined });
  await store.enqueueWorkItem({ id, executionId: id, nodeId: 'n', queueType: 'q', payload: 1, createdAt: now, attempt: undefined, maxAttempts: undefined });
  await store.upsertCronJob({
    ...{ id, name: 'n', cronExpression: '* * * * *', workflowId: 'w', nextRunAt: now, createdAt: now },
    ...{ workflowVersion: undefined, input: undefined, enabled: undefined },
  });
  await SqliteBackend.open('x.db', { generation: undefined, clock: undefined });
  await PostgresBackend.open('postgres://', { connections: undefined, clock: undefined });
  new MemoryBackend({ clock: undefined });
  // @ts-expect-error a status of an execution
  await store.updateExecutionStatus(id, 'done');
  // @ts-expect-error a time is a text
  await store.createExecution({ ...row, initialInput: 1, currentState: 1, completedAt: new Date() });
  // @ts-expect-error there are no files of other generations
  await SqliteBackend.open('x.db', { generation: 5 });
}

export async function answers(): Promise<void> {
  const moment: Materialized = await materialize(store, id);
  const { currentState, lastSequence, ...materialized } = moment;
  await store.writeSnapshot({ id, executionId: id, atSequence: lastSequence, state: currentState, createdAt: now, lastSequence, ...materialized });
  const status: Status = moment.status;
  const base: Materialized = applyEvents(origin(parseJson('{}')), await store.getEvents(id));
  const item = await store.claimWorkItem('w', ['q']);
  const fence: Fence = item?.fence ?? 0;
  if (item !== undefined) await store.renewLease(item.id, 'w', item.fence);
  const generation: number = store.generation;
  const execution = await store.getExecution(id);
  if (execution !== undefined) await store.createExecution(execution);
  const snapshot = await store.latestSnapshot(id);
  if (snapshot !== undefined) await store.writeSnapshot(snapshot);
  void [status, base, fence, generation];
  // @ts-expect-error an answer is read-only
  moment.status = 'failed';
  // @ts-expect-error a fence may be a bigint
  const number: number = fence;
  void number;
}

export function conversions(json: Json): void {
  const value = toPlain(json);
  if (typeof value === 'bigint') value.toString(16);
  const numbers = toPlain(json, { numbers: 'number' });
  if (Array.isArray(numbers)) numbers.map(String);
  const exact = toPlain(json, { numbers: 'exact' });
  const again: Json = fromPlain(exact);
  const same: boolean = equalJson(again, json) && equalJson(fromPlain(value), undefined);
  void same;
  // @ts-expect-error with `number` there is no bigint
  if (typeof numbers === 'bigint') numbers.toString(16);
  // @ts-expect-error no such choice
  toPlain(json, { numbers: 'decimal' });
}

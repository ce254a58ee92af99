import { isTerminal, type Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { parseJson } from '../../json/read.ts';
import { compareKeys, type Json, type JsonObject } from '../../json/value.ts';
import { withAppended } from '../append-array.ts';
import { idOf, jsonOf, kindText, knownId, statusOf, timeOf } from '../checked.ts';
import { DatabaseError, NotFoundError } from '../errors.ts';
import type {
  ExecutionQuery,
  NewEvent,
  NewTenant,
  Snapshot,
  StoredEvent,
  StoredExecution,
  StoredSnapshot,
  Tenant,
  WorkflowDefinition,
  WorkflowExecution,
} from '../port.ts';
import type { View } from './view.ts';

/** Definitions, executions, events, snapshots and tenants. */

export function storeWorkflow(view: View, { workflowId, version, ir, createdAt, tenantId }: WorkflowDefinition): void {
  const owner = view.owner({ tenantId });
  const stored = { workflowId, version, ir: jsonOf(ir, `the workflow ${workflowId}`), createdAt: timeOf(createdAt), tenantId: owner };
  view.tables.workflows.set(JSON.stringify([owner, workflowId, version]), stored);
}

export function createExecution(view: View, execution: WorkflowExecution): void {
  const id = idOf(execution.executionId, 'an execution');
  if (view.tables.executions.has(id)) throw new DatabaseError(`There is an execution ${id} already.`);
  view.tables.executions.set(id, {
    executionId: id,
    workflowId: execution.workflowId,
    workflowVersion: execution.workflowVersion,
    status: statusOf(execution.status),
    initialInput: jsonOf(execution.initialInput, `the input of ${id}`),
    currentState: jsonOf(execution.currentState, `the state of ${id}`),
    startedAt: timeOf(execution.startedAt),
    updatedAt: timeOf(execution.updatedAt),
    completedAt: execution.completedAt === undefined ? undefined : timeOf(execution.completedAt),
    parentExecutionId: execution.parentExecutionId === undefined ? undefined : idOf(execution.parentExecutionId, 'an execution'),
    segmentNumber: execution.segmentNumber ?? 0,
    tenantId: view.owner(execution),
  });
}

export function updateStatus(view: View, executionId: string, status: Status): void {
  const execution = executionById(view, executionId);
  const now = view.time();
  put(view, { ...execution, status: statusOf(status), updatedAt: now, completedAt: isTerminal(status) ? now : execution.completedAt });
}

export function updateCurrentState(view: View, executionId: string, state: Plain): void {
  const execution = view.execution(knownId(executionId));
  const currentState = jsonOf(state, `the state of ${executionId}`);
  if (execution !== undefined) put(view, { ...execution, currentState, updatedAt: view.time() });
}

export function patchAppendArray(view: View, executionId: string, key: string, value: Plain): void {
  const execution = executionById(view, executionId);
  updateCurrentState(view, executionId, withAppended(execution.currentState, executionId, key, value));
}

export function listExecutions(view: View, { status, limit = 50, offset = 0 }: ExecutionQuery = {}): StoredExecution[] {
  const wanted = status === undefined ? undefined : statusOf(status);
  return [...view.tables.executions.values()]
    .filter((execution) => view.mine(execution) && (wanted === undefined || execution.status === wanted))
    .sort((a, b) => compareKeys(b.updatedAt, a.updatedAt) || compareKeys(a.executionId, b.executionId))
    .slice(offset, offset + limit);
}

export function appendEvent(view: View, event: NewEvent): number {
  const { tables } = view;
  const id = idOf(event.id, 'an event');
  const kind = parseJson(kindText(event.kind)) as JsonObject;
  const createdAt = timeOf(event.createdAt);
  const executionId = view.mustSee(idOf(event.executionId, 'an execution'));
  const tenantId = view.owner(event);
  if (tables.eventIds.has(id)) throw new DatabaseError(`There is an event ${id} already.`);
  const events = tables.events.get(executionId) ?? [];
  if (events.length === 0) tables.events.set(executionId, events);
  const sequence = (events.at(-1)?.sequence ?? 0) + 1;
  tables.eventIds.add(id);
  events.push({ id, executionId, sequence, kind, createdAt, tenantId });
  return sequence;
}

export function eventsSince(view: View, executionId: string, sequence: number): StoredEvent[] {
  return (view.tables.events.get(knownId(executionId) ?? '') ?? []).filter((event) => event.sequence > sequence && view.mine(event));
}

export function writeSnapshot(view: View, snapshot: Snapshot): void {
  const executionId = view.mustSee(idOf(snapshot.executionId, 'an execution'));
  const { atSequence, status, completedNodes, activeNodes, lastSequence } = snapshot;
  if (!Number.isSafeInteger(atSequence)) throw new DatabaseError(`${atSequence} is not a sequence to take a snapshot at.`);
  const where = `the snapshot of ${executionId} at ${atSequence}`;
  const stored: StoredSnapshot = {
    id: idOf(snapshot.id, 'a snapshot'),
    executionId,
    atSequence,
    state: jsonOf(snapshot.state, where),
    createdAt: timeOf(snapshot.createdAt),
    tenantId: view.owner(snapshot),
    status: statusOf(status ?? 'running'),
    completedNodes: jsonOf(completedNodes ?? {}, where) as ReadonlyMap<string, Json>,
    activeNodes: new Set([...(activeNodes ?? [])].sort(compareKeys)),
    lastSequence: lastSequence ?? 0,
  };
  const others = (view.tables.snapshots.get(executionId) ?? []).filter((known) => known.atSequence !== atSequence);
  view.tables.snapshots.set(
    executionId,
    [...others, stored].sort((a, b) => a.atSequence - b.atSequence),
  );
}

export function snapshotAt(view: View, executionId: string, sequence: number): StoredSnapshot | undefined {
  const snapshots = view.tables.snapshots.get(knownId(executionId) ?? '') ?? [];
  return snapshots.findLast((snapshot) => snapshot.atSequence <= sequence && view.mine(snapshot));
}

export function createTenant(view: View, tenant: NewTenant): void {
  if (view.tables.tenants.has(tenant.id)) throw new DatabaseError(`There is a tenant "${tenant.id}" already.`);
  view.tables.tenants.set(tenant.id, tenantOf(view, tenant, view.time()));
}

export function updateTenant(view: View, tenant: NewTenant): void {
  const known = view.tables.tenants.get(tenant.id);
  if (known === undefined) throw new NotFoundError('tenant', tenant.id);
  view.tables.tenants.set(tenant.id, tenantOf(view, tenant, known.createdAt));
}

function tenantOf(view: View, { id, name, status = 'active', policy, limits }: NewTenant, createdAt: string): Tenant {
  const optional = (value: Plain): Json | undefined => (value === undefined ? undefined : jsonOf(value, `the tenant ${id}`));
  return { id, name, status, policy: optional(policy), limits: optional(limits), createdAt, updatedAt: view.time() };
}

function executionById(view: View, executionId: string): StoredExecution {
  const execution = view.execution(knownId(executionId));
  if (execution === undefined) throw new NotFoundError('execution', executionId);
  return execution;
}

function put(view: View, execution: StoredExecution): void {
  view.tables.executions.set(execution.executionId, execution);
}

import { isTerminal, type Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { parseJson } from '../../json/read.ts';
import { compareKeys, type Json, type JsonObject } from '../../json/value.ts';
import { withAppended } from '../append-array.ts';
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
import { eventText, jsonValue, parseId, requireId, requireStatus, requireTime } from '../validate.ts';
import type { TenantView } from './tenant-view.ts';

/** Operations on definitions, executions, events, snapshots and tenants. */

export function storeWorkflow(view: TenantView, { workflowId, version, ir, createdAt, tenantId }: WorkflowDefinition): void {
  const tenant = view.tenantOf({ tenantId });
  const stored = { workflowId, version, ir: jsonValue(ir, `the workflow ${workflowId}`), createdAt: requireTime(createdAt), tenantId: tenant };
  view.tables.workflows.set(JSON.stringify([tenant, workflowId, version]), stored);
}

export function createExecution(view: TenantView, execution: WorkflowExecution): void {
  const id = requireId(execution.executionId, 'an execution');
  if (view.tables.executions.has(id)) throw new DatabaseError(`An execution ${id} exists already.`);
  view.tables.executions.set(id, {
    executionId: id,
    workflowId: execution.workflowId,
    workflowVersion: execution.workflowVersion,
    status: requireStatus(execution.status),
    initialInput: jsonValue(execution.initialInput, `the input of ${id}`),
    currentState: jsonValue(execution.currentState, `the state of ${id}`),
    startedAt: requireTime(execution.startedAt),
    updatedAt: requireTime(execution.updatedAt),
    completedAt: execution.completedAt === undefined ? undefined : requireTime(execution.completedAt),
    parentExecutionId: execution.parentExecutionId === undefined ? undefined : requireId(execution.parentExecutionId, 'an execution'),
    segmentNumber: execution.segmentNumber ?? 0,
    tenantId: view.tenantOf(execution),
  });
}

export function updateStatus(view: TenantView, executionId: string, status: Status): void {
  const execution = executionById(view, executionId);
  const now = view.time();
  save(view, { ...execution, status: requireStatus(status), updatedAt: now, completedAt: isTerminal(status) ? now : execution.completedAt });
}

export function updateCurrentState(view: TenantView, executionId: string, state: Plain): void {
  const execution = view.execution(parseId(executionId));
  const currentState = jsonValue(state, `the state of ${executionId}`);
  if (execution !== undefined) save(view, { ...execution, currentState, updatedAt: view.time() });
}

export function patchAppendArray(view: TenantView, executionId: string, key: string, value: Plain): void {
  const execution = executionById(view, executionId);
  updateCurrentState(view, executionId, withAppended(execution.currentState, executionId, key, value));
}

export function listExecutions(view: TenantView, { status, limit = 50, offset = 0 }: ExecutionQuery = {}): StoredExecution[] {
  const wanted = status === undefined ? undefined : requireStatus(status);
  return [...view.tables.executions.values()]
    .filter((execution) => view.isVisible(execution) && (wanted === undefined || execution.status === wanted))
    .sort((a, b) => compareKeys(b.updatedAt, a.updatedAt) || compareKeys(a.executionId, b.executionId))
    .slice(offset, offset + limit);
}

export function appendEvent(view: TenantView, event: NewEvent): number {
  const { tables } = view;
  const id = requireId(event.id, 'an event');
  const kind = parseJson(eventText(event.kind)) as JsonObject;
  const createdAt = requireTime(event.createdAt);
  const executionId = view.requireExecution(requireId(event.executionId, 'an execution'));
  const tenantId = view.tenantOf(event);
  if (tables.eventIds.has(id)) throw new DatabaseError(`An event ${id} exists already.`);
  const events = tables.events.get(executionId) ?? [];
  if (events.length === 0) tables.events.set(executionId, events);
  const sequence = (events.at(-1)?.sequence ?? 0) + 1;
  tables.eventIds.add(id);
  events.push({ id, executionId, sequence, kind, createdAt, tenantId });
  return sequence;
}

export function eventsSince(view: TenantView, executionId: string, sequence: number): StoredEvent[] {
  return (view.tables.events.get(parseId(executionId) ?? '') ?? []).filter((event) => event.sequence > sequence && view.isVisible(event));
}

export function writeSnapshot(view: TenantView, snapshot: Snapshot): void {
  const executionId = view.requireExecution(requireId(snapshot.executionId, 'an execution'));
  const { atSequence, status, completedNodes, activeNodes, lastSequence } = snapshot;
  if (!Number.isSafeInteger(atSequence)) throw new DatabaseError(`${atSequence} is not a sequence at which a snapshot can be written.`);
  const where = `the snapshot of ${executionId} at ${atSequence}`;
  const stored: StoredSnapshot = {
    id: requireId(snapshot.id, 'a snapshot'),
    executionId,
    atSequence,
    state: jsonValue(snapshot.state, where),
    createdAt: requireTime(snapshot.createdAt),
    tenantId: view.tenantOf(snapshot),
    status: requireStatus(status ?? 'running'),
    completedNodes: jsonValue(completedNodes ?? {}, where) as ReadonlyMap<string, Json>,
    activeNodes: new Set([...(activeNodes ?? [])].sort(compareKeys)),
    lastSequence: lastSequence ?? 0,
  };
  const others = (view.tables.snapshots.get(executionId) ?? []).filter((known) => known.atSequence !== atSequence);
  view.tables.snapshots.set(
    executionId,
    [...others, stored].sort((a, b) => a.atSequence - b.atSequence),
  );
}

export function snapshotAt(view: TenantView, executionId: string, sequence: number): StoredSnapshot | undefined {
  const snapshots = view.tables.snapshots.get(parseId(executionId) ?? '') ?? [];
  return snapshots.findLast((snapshot) => snapshot.atSequence <= sequence && view.isVisible(snapshot));
}

export function createTenant(view: TenantView, tenant: NewTenant): void {
  if (view.tables.tenants.has(tenant.id)) throw new DatabaseError(`A tenant "${tenant.id}" exists already.`);
  view.tables.tenants.set(tenant.id, toTenant(view, tenant, view.time()));
}

export function updateTenant(view: TenantView, tenant: NewTenant): void {
  const known = view.tables.tenants.get(tenant.id);
  if (known === undefined) throw new NotFoundError('tenant', tenant.id);
  view.tables.tenants.set(tenant.id, toTenant(view, tenant, known.createdAt));
}

function toTenant(view: TenantView, { id, name, status = 'active', policy, limits }: NewTenant, createdAt: string): Tenant {
  const optional = (value: Plain): Json | undefined => (value === undefined ? undefined : jsonValue(value, `the tenant ${id}`));
  return { id, name, status, policy: optional(policy), limits: optional(limits), createdAt, updatedAt: view.time() };
}

function executionById(view: TenantView, executionId: string): StoredExecution {
  const execution = view.execution(parseId(executionId));
  if (execution === undefined) throw new NotFoundError('execution', executionId);
  return execution;
}

function save(view: TenantView, execution: StoredExecution): void {
  view.tables.executions.set(execution.executionId, execution);
}

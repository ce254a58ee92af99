import { isTerminal, type Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { parseJson } from '../../json/read.ts';
import { compareKeys } from '../../json/value.ts';
import { withAppended } from '../append-array.ts';
import { checkedEvent, checkedMoment, checkedRange, checkedSnapshot } from '../checked/events.ts';
import { type CheckedExecution, checkedExecution, checkedQuery, checkedWorkflow, stateText } from '../checked/executions.ts';
import { checkedTenant, checkedTenantUpdate } from '../checked/tenants.ts';
import { DatabaseError, NotFoundError } from '../errors.ts';
import type * as port from '../port.ts';
import { parseId, requireStatus, requireText } from '../validate.ts';
import { toEvent, toExecution, toSnapshot, toWorkflow } from './answers.ts';
import type { TenantView } from './tenant-view.ts';

/** Operations on definitions, executions, events, snapshots and tenants. */

export function storeWorkflow(view: TenantView, definition: port.WorkflowDefinition): void {
  const checked = checkedWorkflow(definition, view.tenant);
  view.requireTenant(checked.tenantId);
  view.tables.workflows.set(JSON.stringify([checked.tenantId, checked.workflowId, checked.version]), checked);
}

export function getWorkflow(view: TenantView, workflowId: string, version: string): port.StoredWorkflow | undefined {
  const found = [...view.tables.workflows.values()]
    .filter((known) => known.workflowId === workflowId && known.version === version && view.isVisible(known))
    .sort((a, b) => compareKeys(a.tenantId, b.tenantId))[0];
  return found && toWorkflow(found);
}

export function createExecution(view: TenantView, execution: port.WorkflowExecution): void {
  const checked = checkedExecution(execution, view.tenant);
  view.requireTenant(checked.tenantId);
  if (view.tables.executions.has(checked.executionId)) throw new DatabaseError(`An execution ${checked.executionId} exists already.`);
  save(view, checked);
}

export function updateStatus(view: TenantView, executionId: string, status: Status): void {
  const checked = requireStatus(status, `execution ${executionId}`);
  const execution = executionById(view, executionId);
  const now = view.time();
  save(view, { ...execution, status: checked, updatedAt: now, completedAt: isTerminal(checked) ? now : execution.completedAt });
}

export function updateCurrentState(view: TenantView, executionId: string, state: Plain): void {
  const currentState = stateText(state, executionId);
  const execution = view.execution(parseId(executionId));
  if (execution !== undefined) save(view, { ...execution, currentState, updatedAt: view.time() });
}

export function patchAppendArray(view: TenantView, executionId: string, key: string, value: Plain): void {
  requireText(key, `key of the array in the state of ${executionId}`);
  const execution = executionById(view, executionId);
  updateCurrentState(view, executionId, withAppended(parseJson(execution.currentState), executionId, key, value));
}

export function listExecutions(view: TenantView, query?: port.Optional<port.ExecutionQuery>): port.StoredExecution[] {
  const { status, limit, offset } = checkedQuery(query);
  return [...view.tables.executions.values()]
    .filter((execution) => view.isVisible(execution) && (status === undefined || execution.status === status))
    .sort((a, b) => compareKeys(b.updatedAt, a.updatedAt) || compareKeys(a.executionId, b.executionId))
    .slice(offset, offset + limit)
    .map(toExecution);
}

export function appendEvent(view: TenantView, event: port.NewEvent<Plain>, options: port.AppendOptions, generation: number): number {
  const { tables } = view;
  const checked = checkedEvent(event, options, generation, view.tenant);
  const { id, executionId, tenantId } = checked;
  view.requireExecution(executionId);
  view.requireTenant(tenantId);
  if (tables.eventIds.has(id)) throw new DatabaseError(`An event ${id} exists already.`);
  const events = tables.events.get(executionId) ?? [];
  if (events.length === 0) tables.events.set(executionId, events);
  const sequence = (events.at(-1)?.sequence ?? 0) + 1;
  tables.eventIds.add(id);
  events.push({ ...checked, sequence });
  return sequence;
}

export function eventsSince(view: TenantView, executionId: string, after: number, most?: port.Optional<number>): port.StoredEvent[] {
  const { sequence, limit } = checkedRange(executionId, after, most);
  const events = view.tables.events.get(parseId(executionId) ?? '') ?? [];
  return events
    .filter((event) => event.sequence > sequence && view.isVisible(event))
    .slice(0, limit)
    .map(toEvent);
}

export function latestSequence(view: TenantView, executionId: string): number {
  return (view.tables.events.get(parseId(executionId) ?? '') ?? []).findLast(view.isVisible)?.sequence ?? 0;
}

export function writeSnapshot(view: TenantView, snapshot: port.Snapshot, generation: number): void {
  const { tables } = view;
  const checked = checkedSnapshot(snapshot, generation, view.tenant);
  const { id, executionId, atSequence } = checked;
  view.requireExecution(executionId);
  view.requireTenant(checked.tenantId);
  const snapshots = tables.snapshots.get(executionId) ?? [];
  const replaced = snapshots.find((known) => known.atSequence === atSequence);
  if (replaced?.id !== id && tables.snapshotIds.has(id)) throw new DatabaseError(`A snapshot ${id} exists already.`);
  if (replaced !== undefined) tables.snapshotIds.delete(replaced.id);
  tables.snapshotIds.add(id);
  const others = snapshots.filter((known) => known !== replaced);
  tables.snapshots.set(
    executionId,
    [...others, checked].sort((a, b) => a.atSequence - b.atSequence),
  );
}

export function snapshotAt(view: TenantView, executionId: string, at: number): port.StoredSnapshot | undefined {
  const sequence = checkedMoment(executionId, at);
  const snapshots = view.tables.snapshots.get(parseId(executionId) ?? '') ?? [];
  const found = snapshots.findLast((snapshot) => snapshot.atSequence <= sequence && view.isVisible(snapshot));
  return found && toSnapshot(found);
}

export function createTenant(view: TenantView, tenant: port.NewTenant): void {
  const checked = checkedTenant(tenant);
  if (view.tables.tenants.has(checked.id)) throw new DatabaseError(`A tenant "${checked.id}" exists already.`);
  const now = view.time();
  view.tables.tenants.set(checked.id, { ...checked, createdAt: now, updatedAt: now });
}

export function updateTenant(view: TenantView, tenant: port.TenantUpdate): void {
  const changes = checkedTenantUpdate(tenant);
  const known = view.tables.tenants.get(changes.id);
  if (known === undefined) throw new NotFoundError('tenant', changes.id);
  view.tables.tenants.set(changes.id, { ...known, ...changes, updatedAt: view.time() });
}

function executionById(view: TenantView, executionId: string): CheckedExecution {
  const execution = view.execution(parseId(executionId));
  if (execution === undefined) throw new NotFoundError('execution', executionId);
  return execution;
}

function save(view: TenantView, execution: CheckedExecution): void {
  view.tables.executions.set(execution.executionId, execution);
}

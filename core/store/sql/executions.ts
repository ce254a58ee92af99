import { isTerminal, type Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { compareKeys } from '../../json/value.ts';
import { withAppended } from '../append-array.ts';
import { type CheckedExecution, checkedExecution, checkedQuery, checkedWorkflow, stateText } from '../checked/executions.ts';
import { NotFoundError } from '../errors.ts';
import type { ExecutionQuery, Optional, StoredExecution, StoredWorkflow, WorkflowDefinition, WorkflowExecution } from '../port.ts';
import { isStorable, parseId, requireStatus, requireText } from '../validate.ts';
import { parse, toExecution, toWorkflow } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

export async function storeWorkflow(view: TenantView, definition: WorkflowDefinition): Promise<void> {
  const { workflowId, version, ir, createdAt, tenantId } = checkedWorkflow(definition, view.tenant);
  await view.insert(
    'workflow_definitions',
    { workflow_id: workflowId, version, ir_json: ir, created_at: createdAt, tenant_id: tenantId },
    `A workflow "${workflowId}" of version "${version}" exists already.`,
    'ON CONFLICT (tenant_id, workflow_id, version) DO UPDATE SET ir_json = excluded.ir_json, created_at = excluded.created_at',
  );
}

export async function getWorkflow(view: TenantView, workflowId: string, version: string): Promise<StoredWorkflow | undefined> {
  if (!isStorable(workflowId) || !isStorable(version)) return undefined;
  const found = await view.all('SELECT * FROM workflow_definitions WHERE workflow_id = ? AND version = ?', [workflowId, version]);
  // Sorted here, because the order of a database depends on its collation.
  const [first] = found.sort((a, b) => compareKeys(String(a['tenant_id']), String(b['tenant_id'])));
  return first && toWorkflow(first);
}

export async function createExecution(view: TenantView, execution: WorkflowExecution): Promise<void> {
  const checked = checkedExecution(execution, view.tenant);
  await view.insert(
    'workflow_executions',
    {
      execution_id: checked.executionId,
      workflow_id: checked.workflowId,
      workflow_version: checked.workflowVersion,
      status: checked.status,
      initial_input: checked.initialInput,
      current_state: checked.currentState,
      started_at: checked.startedAt,
      updated_at: checked.updatedAt,
      completed_at: checked.completedAt ?? null,
      tenant_id: checked.tenantId,
      ...parentColumns(view, checked),
    },
    `An execution ${checked.executionId} exists already.`,
  );
}

/** The columns that link a segment to its parent. Databases before generation 7 do not have them. */
function parentColumns(view: TenantView, { executionId, parentExecutionId, segmentNumber }: CheckedExecution) {
  if (parentExecutionId === undefined && segmentNumber === 0) return {};
  view.requireGeneration(7, `storing the parent or the segment of execution ${executionId}`);
  return { parent_execution_id: parentExecutionId ?? null, segment_number: segmentNumber };
}

export async function getExecution(view: TenantView, executionId: string): Promise<StoredExecution | undefined> {
  const id = parseId(executionId);
  const row = id && (await view.get('SELECT * FROM workflow_executions WHERE execution_id = ?', id));
  return row ? toExecution(row) : undefined;
}

export async function updateExecutionStatus(view: TenantView, executionId: string, status: Status): Promise<void> {
  const id = parseId(executionId);
  const now = view.time();
  const completed = isTerminal(requireStatus(status, `execution ${executionId}`)) ? now : null;
  const changed =
    id === undefined
      ? 0
      : await view.change(
          'UPDATE workflow_executions SET status = ?, updated_at = ?, completed_at = coalesce(?, completed_at) WHERE execution_id = ?',
          status,
          now,
          completed,
          id,
        );
  if (changed === 0) throw new NotFoundError('execution', executionId);
}

export async function updateExecutionCurrentState(view: TenantView, executionId: string, state: Plain): Promise<void> {
  const id = parseId(executionId);
  const text = stateText(state, executionId);
  if (id !== undefined) await view.change('UPDATE workflow_executions SET current_state = ?, updated_at = ? WHERE execution_id = ?', text, view.time(), id);
}

export function patchAppendArray(view: TenantView, executionId: string, key: string, value: Plain): Promise<void> {
  requireText(key, `key of the array in the state of ${executionId}`);
  return view.transaction(async (inside) => {
    const id = parseId(executionId);
    const { lock } = inside.connection.dialect;
    const [row] = id === undefined ? [] : await inside.all('SELECT current_state FROM workflow_executions WHERE execution_id = ?', [id], lock);
    if (row === undefined) throw new NotFoundError('execution', executionId);
    const state = parse(row['current_state'], `the state of ${executionId}`);
    await updateExecutionCurrentState(inside, executionId, withAppended(state, executionId, key, value));
  });
}

export async function listExecutions(view: TenantView, query?: Optional<ExecutionQuery>): Promise<StoredExecution[]> {
  const { status, limit, offset } = checkedQuery(query);
  const [where, params] = status === undefined ? ['execution_id IS NOT NULL', []] : ['status = ?', [status]];
  const rows = await view.all(`SELECT * FROM workflow_executions WHERE ${where}`, params, 'ORDER BY updated_at DESC, execution_id LIMIT ? OFFSET ?', [
    limit,
    offset,
  ]);
  return rows.map(toExecution);
}

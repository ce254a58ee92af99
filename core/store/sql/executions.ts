import { isTerminal, type Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { withAppended } from '../append-array.ts';
import { NotFoundError } from '../errors.ts';
import type { ExecutionQuery, StoredExecution, StoredWorkflow, WorkflowDefinition, WorkflowExecution } from '../port.ts';
import { jsonText, parseId, requireId, requireStatus, requireTime } from '../validate.ts';
import { parse, toExecution, toWorkflow } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

export async function storeWorkflow(view: TenantView, definition: WorkflowDefinition): Promise<void> {
  await view.insert(
    'workflow_definitions',
    {
      workflow_id: definition.workflowId,
      version: definition.version,
      ir_json: jsonText(definition.ir, `the workflow ${definition.workflowId}`),
      created_at: requireTime(definition.createdAt),
      tenant_id: view.tenantOf(definition),
    },
    'ON CONFLICT (tenant_id, workflow_id, version) DO UPDATE SET ir_json = excluded.ir_json, created_at = excluded.created_at',
  );
}

export async function getWorkflow(view: TenantView, workflowId: string, version: string): Promise<StoredWorkflow | undefined> {
  const row = await view.get('SELECT * FROM workflow_definitions WHERE workflow_id = ? AND version = ?', workflowId, version);
  return row && toWorkflow(row);
}

export async function createExecution(view: TenantView, execution: WorkflowExecution): Promise<void> {
  const id = requireId(execution.executionId, 'an execution');
  await view.insert('workflow_executions', {
    execution_id: id,
    workflow_id: execution.workflowId,
    workflow_version: execution.workflowVersion,
    status: requireStatus(execution.status),
    initial_input: jsonText(execution.initialInput, `the input of ${id}`),
    current_state: jsonText(execution.currentState, `the state of ${id}`),
    started_at: requireTime(execution.startedAt),
    updated_at: requireTime(execution.updatedAt),
    completed_at: execution.completedAt === undefined ? null : requireTime(execution.completedAt),
    tenant_id: view.tenantOf(execution),
    ...parentColumns(view, execution),
  });
}

/** The columns that link a segment to its parent. Databases before generation 7 do not have them. */
function parentColumns(view: TenantView, { parentExecutionId, segmentNumber = 0 }: WorkflowExecution) {
  if (parentExecutionId === undefined && segmentNumber === 0) return {};
  view.requireGeneration(7);
  return { parent_execution_id: parentExecutionId === undefined ? null : requireId(parentExecutionId, 'an execution'), segment_number: segmentNumber };
}

export async function getExecution(view: TenantView, executionId: string): Promise<StoredExecution | undefined> {
  const id = parseId(executionId);
  const row = id && (await view.get('SELECT * FROM workflow_executions WHERE execution_id = ?', id));
  return row ? toExecution(row) : undefined;
}

export async function updateExecutionStatus(view: TenantView, executionId: string, status: Status): Promise<void> {
  const id = parseId(executionId);
  const now = view.time();
  const completed = isTerminal(requireStatus(status)) ? now : null;
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
  const text = jsonText(state, `the state of ${executionId}`);
  if (id !== undefined) await view.change('UPDATE workflow_executions SET current_state = ?, updated_at = ? WHERE execution_id = ?', text, view.time(), id);
}

export function patchAppendArray(view: TenantView, executionId: string, key: string, value: Plain): Promise<void> {
  return view.transaction(async (inside) => {
    const id = parseId(executionId);
    const { lock } = inside.connection.dialect;
    const [row] = id === undefined ? [] : await inside.all('SELECT current_state FROM workflow_executions WHERE execution_id = ?', [id], lock);
    if (row === undefined) throw new NotFoundError('execution', executionId);
    const state = parse(row['current_state'], `the state of ${executionId}`);
    await updateExecutionCurrentState(inside, executionId, withAppended(state, executionId, key, value));
  });
}

export async function listExecutions(view: TenantView, { status, limit = 50, offset = 0 }: ExecutionQuery = {}): Promise<StoredExecution[]> {
  const [where, params] = status === undefined ? ['execution_id IS NOT NULL', []] : ['status = ?', [requireStatus(status)]];
  const rows = await view.all(`SELECT * FROM workflow_executions WHERE ${where}`, params, 'ORDER BY updated_at DESC, execution_id LIMIT ? OFFSET ?', [
    limit,
    offset,
  ]);
  return rows.map(toExecution);
}

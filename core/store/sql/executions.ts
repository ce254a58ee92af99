import { isTerminal, type Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { withAppended } from '../append-array.ts';
import { idOf, knownId, statusOf, textOf, timeOf } from '../checked.ts';
import { NotFoundError } from '../errors.ts';
import type { ExecutionQuery, StoredExecution, StoredWorkflow, WorkflowDefinition, WorkflowExecution } from '../port.ts';
import { parse, toExecution, toWorkflow } from './rows.ts';
import type { Scope } from './scope.ts';

export async function storeWorkflow(scope: Scope, definition: WorkflowDefinition): Promise<void> {
  await scope.insert(
    'workflow_definitions',
    {
      workflow_id: definition.workflowId,
      version: definition.version,
      ir_json: textOf(definition.ir, `the workflow ${definition.workflowId}`),
      created_at: timeOf(definition.createdAt),
      tenant_id: scope.owner(definition),
    },
    'ON CONFLICT (tenant_id, workflow_id, version) DO UPDATE SET ir_json = excluded.ir_json, created_at = excluded.created_at',
  );
}

export async function getWorkflow(scope: Scope, workflowId: string, version: string): Promise<StoredWorkflow | undefined> {
  const row = await scope.get('SELECT * FROM workflow_definitions WHERE workflow_id = ? AND version = ?', workflowId, version);
  return row && toWorkflow(row);
}

export async function createExecution(scope: Scope, execution: WorkflowExecution): Promise<void> {
  const id = idOf(execution.executionId, 'an execution');
  await scope.insert('workflow_executions', {
    execution_id: id,
    workflow_id: execution.workflowId,
    workflow_version: execution.workflowVersion,
    status: statusOf(execution.status),
    initial_input: textOf(execution.initialInput, `the input of ${id}`),
    current_state: textOf(execution.currentState, `the state of ${id}`),
    started_at: timeOf(execution.startedAt),
    updated_at: timeOf(execution.updatedAt),
    completed_at: execution.completedAt === undefined ? null : timeOf(execution.completedAt),
    tenant_id: scope.owner(execution),
    ...linkOf(scope, execution),
  });
}

/** What it continues; files before generation 7 have no place for that. */
function linkOf(scope: Scope, { parentExecutionId, segmentNumber = 0 }: WorkflowExecution) {
  if (parentExecutionId === undefined && segmentNumber === 0) return {};
  scope.needs(7);
  return { parent_execution_id: parentExecutionId === undefined ? null : idOf(parentExecutionId, 'an execution'), segment_number: segmentNumber };
}

export async function getExecution(scope: Scope, executionId: string): Promise<StoredExecution | undefined> {
  const id = knownId(executionId);
  const row = id && (await scope.get('SELECT * FROM workflow_executions WHERE execution_id = ?', id));
  return row ? toExecution(row) : undefined;
}

export async function updateExecutionStatus(scope: Scope, executionId: string, status: Status): Promise<void> {
  const id = knownId(executionId);
  const now = scope.time();
  const completed = isTerminal(statusOf(status)) ? now : null;
  const changed =
    id === undefined
      ? 0
      : await scope.change(
          'UPDATE workflow_executions SET status = ?, updated_at = ?, completed_at = coalesce(?, completed_at) WHERE execution_id = ?',
          status,
          now,
          completed,
          id,
        );
  if (changed === 0) throw new NotFoundError('execution', executionId);
}

export async function updateExecutionCurrentState(scope: Scope, executionId: string, state: Plain): Promise<void> {
  const id = knownId(executionId);
  const text = textOf(state, `the state of ${executionId}`);
  if (id !== undefined) await scope.change('UPDATE workflow_executions SET current_state = ?, updated_at = ? WHERE execution_id = ?', text, scope.time(), id);
}

export function patchAppendArray(scope: Scope, executionId: string, key: string, value: Plain): Promise<void> {
  return scope.transaction(async (inside) => {
    const id = knownId(executionId);
    const { lock } = inside.connection.dialect;
    const [row] = id === undefined ? [] : await inside.all('SELECT current_state FROM workflow_executions WHERE execution_id = ?', [id], lock);
    if (row === undefined) throw new NotFoundError('execution', executionId);
    const state = parse(row['current_state'], `the state of ${executionId}`);
    await updateExecutionCurrentState(inside, executionId, withAppended(state, executionId, key, value));
  });
}

export async function listExecutions(scope: Scope, { status, limit = 50, offset = 0 }: ExecutionQuery = {}): Promise<StoredExecution[]> {
  const [where, params] = status === undefined ? ['execution_id IS NOT NULL', []] : ['status = ?', [statusOf(status)]];
  const rows = await scope.all(`SELECT * FROM workflow_executions WHERE ${where}`, params, 'ORDER BY updated_at DESC, execution_id LIMIT ? OFFSET ?', [
    limit,
    offset,
  ]);
  return rows.map(toExecution);
}

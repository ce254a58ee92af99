import type { Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import type * as port from '../port.ts';
import { tenantOfRecord } from '../tenant.ts';
import { integerOr, jsonText, MAX_COUNTED, optionalTime, requireId, requireStatus, requireText, requireTime, shown } from '../validate.ts';

/**
 * What is given to a store, checked and in the form in which it is stored: ids and times as the runtime writes them, defaults
 * filled in, free values as text. Every backend takes its records from this folder, so that all accept and refuse the same.
 */

export interface CheckedWorkflow {
  readonly workflowId: string;
  readonly version: string;
  readonly ir: string;
  readonly createdAt: string;
  readonly tenantId: string;
}

export function checkedWorkflow({ workflowId, version, ir, createdAt, tenantId }: port.WorkflowDefinition, view: string | undefined): CheckedWorkflow {
  const where = `workflow ${shown(workflowId)}`;
  return {
    workflowId: requireText(workflowId, 'id of a workflow'),
    version: requireText(version, `version of ${where}`),
    ir: jsonText(ir, where),
    createdAt: requireTime(createdAt, `createdAt of ${where}`),
    tenantId: tenantOfRecord(view, tenantId, where),
  };
}

export interface CheckedExecution {
  readonly executionId: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly status: Status;
  readonly initialInput: string;
  readonly currentState: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly completedAt: string | undefined;
  readonly tenantId: string;
  readonly parentExecutionId: string | undefined;
  readonly segmentNumber: number;
}

export function checkedExecution(execution: port.WorkflowExecution, view: string | undefined): CheckedExecution {
  const executionId = requireId(execution.executionId, 'an execution');
  const where = `execution ${executionId}`;
  const { parentExecutionId } = execution;
  return {
    executionId,
    workflowId: requireText(execution.workflowId, `workflowId of ${where}`),
    workflowVersion: requireText(execution.workflowVersion, `workflowVersion of ${where}`),
    status: requireStatus(execution.status, where),
    initialInput: jsonText(execution.initialInput, `the input of ${executionId}`),
    currentState: stateText(execution.currentState, executionId),
    startedAt: requireTime(execution.startedAt, `startedAt of ${where}`),
    updatedAt: requireTime(execution.updatedAt, `updatedAt of ${where}`),
    completedAt: optionalTime(execution.completedAt, `completedAt of ${where}`),
    tenantId: tenantOfRecord(view, execution.tenantId, where),
    parentExecutionId: parentExecutionId === undefined || parentExecutionId === null ? undefined : requireId(parentExecutionId, `the parent of ${where}`),
    segmentNumber: integerOr(0, execution.segmentNumber, `segmentNumber of ${where}`, MAX_COUNTED),
  };
}

/** The current state of an execution. */
export function stateText(state: Plain, executionId: string): string {
  return jsonText(state, `the state of ${executionId}`);
}

export interface CheckedQuery {
  readonly status: Status | undefined;
  readonly limit: number;
  readonly offset: number;
}

export function checkedQuery(query?: port.Optional<port.ExecutionQuery>): CheckedQuery {
  const { status, limit, offset } = query ?? {};
  return {
    status: status === undefined || status === null ? undefined : requireStatus(status, 'the executions to be listed'),
    limit: integerOr(50, limit, 'limit of the list of executions'),
    offset: integerOr(0, offset, 'offset of the list of executions'),
  };
}

import { normalTime } from '../../jamjet/time.ts';
import { readJson } from '../../json/read.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../json/value.ts';
import { NodeSet } from '../../replay/node-set.ts';
import { SerializationError } from '../errors.ts';
import type { ApiToken, StoredCronJob, StoredEvent, StoredExecution, StoredSnapshot, StoredWorkflow, Tenant, Timer, WorkItem } from '../port.ts';
import { requireStatus, toFence } from '../validate.ts';
import type { Row } from './connection.ts';

/** Converts rows of the tables to records. */

export function text(value: unknown): string {
  return String(value ?? '');
}

function optional(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** @throws SerializationError when it is not an integer that JavaScript can hold. */
export function integer(value: unknown, what: string): number {
  const known = Number(value);
  if (!Number.isSafeInteger(known)) throw new SerializationError(`${what} is ${text(value)}, which is not an integer that can be read.`);
  return known;
}

export function parse(stored: unknown, where: string): Json {
  const result = readJson(text(stored));
  if (!result.ok) throw unreadable(where, result.problem.reason);
  return result.value;
}

function unreadable(where: string, reason: string): SerializationError {
  return new SerializationError(`The JSON in ${where} cannot be read: ${reason}.`);
}

export function toExecution(row: Row): StoredExecution {
  const id = text(row['execution_id']);
  return {
    executionId: id,
    workflowId: text(row['workflow_id']),
    workflowVersion: text(row['workflow_version']),
    status: requireStatus(row['status'], `execution ${id}`),
    initialInput: parse(row['initial_input'], `the input of ${id}`),
    currentState: parse(row['current_state'], `the state of ${id}`),
    startedAt: text(row['started_at']),
    updatedAt: text(row['updated_at']),
    completedAt: optional(row['completed_at']),
    tenantId: text(row['tenant_id']),
    parentExecutionId: optional(row['parent_execution_id']),
    segmentNumber: integer(row['segment_number'] ?? 0, `The segment of execution ${id}`),
  };
}

export function toEvent(row: Row): StoredEvent {
  const executionId = text(row['execution_id']);
  const sequence = integer(row['sequence'], `The sequence of event ${text(row['id'])}`);
  const result = readJson(text(row['kind_json']));
  if (!result.ok) throw unreadable(`event ${sequence} of ${executionId}`, result.problem.reason);
  const { value: kind } = result;
  if (!isObject(kind)) throw unreadable(`event ${sequence} of ${executionId}`, 'it is not an object');
  return { id: text(row['id']), executionId, sequence, kind, createdAt: text(row['created_at']), tenantId: text(row['tenant_id']) };
}

export function toSnapshot(row: Row): StoredSnapshot {
  const where = `the snapshot of ${text(row['execution_id'])} at ${text(row['at_sequence'])}`;
  const base = {
    id: text(row['id']),
    executionId: text(row['execution_id']),
    atSequence: integer(row['at_sequence'], `The sequence of ${where}`),
    state: parse(row['state_json'], where),
    createdAt: text(row['created_at']),
    tenantId: text(row['tenant_id']),
  };
  if (row['completed_nodes_json'] === undefined) return base;
  const completed = parse(row['completed_nodes_json'], where);
  const active = parse(row['active_nodes_json'], where);
  if (!isObject(completed) || !isArray(active)) throw unreadable(where, 'its completed or active nodes have the wrong type');
  return {
    ...base,
    status: requireStatus(row['status'], where),
    completedNodes: completed satisfies JsonObject,
    activeNodes: new NodeSet(active.filter((node) => typeof node === 'string')),
    lastSequence: integer(row['last_sequence'], `The last sequence of ${where}`),
  };
}

export function toWorkItem(row: Row): WorkItem {
  const id = text(row['id']);
  const where = `work item ${id}`;
  const fence = text(row['fence'] ?? 0);
  if (!/^\d+$/.test(fence)) throw new SerializationError(`The fence of ${where} is ${fence}, which is not an integer: is the term of the store too large?`);
  return {
    id,
    executionId: text(row['execution_id']),
    nodeId: text(row['node_id']),
    queueType: text(row['queue_type']),
    payload: parse(row['payload_json'], where),
    attempt: integer(row['attempt'], `The attempt of ${where}`),
    maxAttempts: integer(row['max_attempts'], `The number of attempts of ${where}`),
    createdAt: text(row['created_at']),
    leaseExpiresAt: optional(row['lease_expires_at']),
    workerId: optional(row['worker_id']),
    fence: toFence(fence),
    tenantId: text(row['tenant_id']),
  };
}

export function toToken(row: Row): ApiToken {
  return {
    id: text(row['id']),
    name: text(row['name']),
    role: text(row['role']),
    createdAt: text(row['created_at']),
    expiresAt: optional(row['expires_at']),
    tenantId: text(row['tenant_id']),
  };
}

export function toTenant(row: Row): Tenant {
  const status = text(row['status']);
  const id = text(row['id']);
  return {
    id,
    name: text(row['name']),
    // An unknown status is read as active, as upstream.
    status: status === 'suspended' || status === 'archived' ? status : 'active',
    policy: row['policy_json'] === null ? undefined : parse(row['policy_json'], `the policy of tenant ${id}`),
    limits: row['limits_json'] === null ? undefined : parse(row['limits_json'], `the limits of tenant ${id}`),
    createdAt: tenantTime(row['created_at']),
    updatedAt: tenantTime(row['updated_at']),
  };
}

/** The runtime's files have the times of the default tenant in SQL's form. */
function tenantTime(stored: unknown): string {
  return normalTime(text(stored)) ?? text(stored);
}

export function toWorkflow(row: Row): StoredWorkflow {
  const workflowId = text(row['workflow_id']);
  return {
    workflowId,
    version: text(row['version']),
    ir: parse(row['ir_json'], `workflow ${workflowId}`),
    createdAt: text(row['created_at']),
    tenantId: text(row['tenant_id']),
  };
}

export function toTimer(row: Row): Timer {
  return {
    id: text(row['id']),
    executionId: text(row['execution_id']),
    nodeId: text(row['node_id']),
    fireAt: text(row['fire_at']),
    correlationKey: optional(row['correlation_key']),
    createdAt: text(row['created_at']),
    tenantId: text(row['tenant_id']),
  };
}

export function toCronJob(row: Row): StoredCronJob {
  const name = text(row['name']);
  return {
    id: text(row['id']),
    name,
    cronExpression: text(row['cron_expression']),
    workflowId: text(row['workflow_id']),
    workflowVersion: text(row['workflow_version']),
    input: parse(row['input_json'], `the cron job ${name}`),
    enabled: Boolean(row['enabled']),
    lastRunAt: optional(row['last_run_at']),
    nextRunAt: text(row['next_run_at']),
    createdAt: text(row['created_at']),
    tenantId: text(row['tenant_id']),
  };
}

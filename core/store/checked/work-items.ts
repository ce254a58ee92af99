import type * as port from '../port.ts';
import { tenantOfRecord } from '../tenant.ts';
import { integerOr, jsonText, MAX_COUNTED, requireId, requireInteger, requireText, requireTime } from '../validate.ts';

export interface CheckedWorkItem {
  readonly id: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly queueType: string;
  readonly payload: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly createdAt: string;
  readonly tenantId: string;
}

export function checkedWorkItem(item: port.NewWorkItem, view: string | undefined): CheckedWorkItem {
  const id = requireId(item.id, 'a work item');
  const where = `work item ${id}`;
  return {
    id,
    executionId: requireId(item.executionId, 'an execution'),
    nodeId: requireText(item.nodeId, `nodeId of ${where}`),
    queueType: requireText(item.queueType, `queueType of ${where}`),
    payload: jsonText(item.payload, where),
    attempt: integerOr(0, item.attempt, `attempt of ${where}`, MAX_COUNTED),
    maxAttempts: integerOr(3, item.maxAttempts, `maxAttempts of ${where}`, MAX_COUNTED),
    createdAt: requireTime(item.createdAt, `createdAt of ${where}`),
    tenantId: tenantOfRecord(view, item.tenantId, where),
  };
}

/** When and as which attempt a parked item is tried again. */
export function checkedParking(itemId: string, retryAfter: string, nextAttempt: number): { readonly retryAfter: string; readonly attempt: number } {
  const where = `work item ${itemId}`;
  return {
    retryAfter: requireTime(retryAfter, `retryAfter of ${where}`),
    attempt: requireInteger(nextAttempt, `next attempt of ${where}`, 0, MAX_COUNTED),
  };
}

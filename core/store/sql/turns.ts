import { knownId, timeOf } from '../checked.ts';
import type { FailedItem } from '../port.ts';
import { buried, FENCED, NO_LEASE, REPLACE_DEAD_LETTER, retried } from './queue.ts';
import { toWorkItem } from './rows.ts';
import type { Scope } from './scope.ts';

/** Changes to a work item by the holder of its claim: id, fence and status must all match. */
const HELD = `WHERE id = ? AND lease_fence = ? AND status = 'claimed'`;

export async function completeWorkItemFenced(scope: Scope, itemId: string, fence: number): Promise<boolean> {
  scope.needs(FENCED);
  const id = knownId(itemId);
  const sql = `UPDATE work_items SET status = 'completed', completed_at = ?, lease_expires_at = NULL ${HELD}`;
  return id !== undefined && (await scope.change(sql, scope.time(), id, fence)) === 1;
}

export async function parkWorkItem(scope: Scope, itemId: string, fence: number, retryAfter: string, nextAttempt: number): Promise<boolean> {
  scope.needs(FENCED);
  const id = knownId(itemId);
  const sql = `UPDATE work_items SET status = 'pending', retry_after = ?, attempt = ?, lease_epoch = lease_epoch + 1, lease_fence = 0, ${NO_LEASE} ${HELD}`;
  return id !== undefined && (await scope.change(sql, timeOf(retryAfter), nextAttempt, id, fence)) === 1;
}

export function failWorkItemFenced(scope: Scope, itemId: string, fence: number, error: string): Promise<FailedItem | undefined> {
  scope.needs(FENCED);
  return scope.transaction(async (inside) => {
    const id = knownId(itemId);
    // The update that changes nothing takes the row, so that nobody settles it in between.
    const held = id === undefined ? 0 : await inside.change(`UPDATE work_items SET lease_fence = lease_fence ${HELD}`, id, fence);
    const row = held === 1 && id !== undefined ? await inside.get('SELECT * FROM work_items WHERE id = ?', id) : undefined;
    if (row === undefined || id === undefined) return undefined;
    const { attempt, maxAttempts } = toWorkItem(row);
    if (attempt + 1 < maxAttempts) return { outcome: 'retryable', ...(await retried(inside, id, attempt + 1)) };
    return { outcome: 'exhausted', item: await buried(inside, id, { attempt: attempt + 1, lastError: error, conflict: REPLACE_DEAD_LETTER }) };
  });
}

import type { FailedItem } from '../port.ts';
import { parseId, requireTime } from '../validate.ts';
import { CLEAR_LEASE, deadLetter, FENCE_GENERATION, REPLACE_DEAD_LETTER, requeue } from './queue.ts';
import { toWorkItem } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** Selects a work item that is claimed with this fence. */
const CLAIMED_WITH_FENCE = `WHERE id = ? AND lease_fence = ? AND status = 'claimed'`;

export async function completeWorkItemFenced(view: TenantView, itemId: string, fence: number): Promise<boolean> {
  view.requireGeneration(FENCE_GENERATION);
  const id = parseId(itemId);
  const sql = `UPDATE work_items SET status = 'completed', completed_at = ?, lease_expires_at = NULL ${CLAIMED_WITH_FENCE}`;
  return id !== undefined && (await view.change(sql, view.time(), id, fence)) === 1;
}

export async function parkWorkItem(view: TenantView, itemId: string, fence: number, retryAfter: string, nextAttempt: number): Promise<boolean> {
  view.requireGeneration(FENCE_GENERATION);
  const id = parseId(itemId);
  const sql = `UPDATE work_items SET status = 'pending', retry_after = ?, attempt = ?, lease_epoch = lease_epoch + 1, lease_fence = 0, ${CLEAR_LEASE} ${CLAIMED_WITH_FENCE}`;
  return id !== undefined && (await view.change(sql, requireTime(retryAfter), nextAttempt, id, fence)) === 1;
}

export function failWorkItemFenced(view: TenantView, itemId: string, fence: number, error: string): Promise<FailedItem | undefined> {
  view.requireGeneration(FENCE_GENERATION);
  return view.transaction(async (inside) => {
    const id = parseId(itemId);
    // An update that changes nothing locks the row, so that no one else can settle the item in between.
    const held = id === undefined ? 0 : await inside.change(`UPDATE work_items SET lease_fence = lease_fence ${CLAIMED_WITH_FENCE}`, id, fence);
    const row = held === 1 && id !== undefined ? await inside.get('SELECT * FROM work_items WHERE id = ?', id) : undefined;
    if (row === undefined || id === undefined) return undefined;
    const { attempt, maxAttempts } = toWorkItem(row);
    if (attempt + 1 < maxAttempts) return { outcome: 'retryable', ...(await requeue(inside, id, attempt + 1)) };
    return { outcome: 'exhausted', item: await deadLetter(inside, id, { attempt: attempt + 1, lastError: error, conflict: REPLACE_DEAD_LETTER }) };
  });
}

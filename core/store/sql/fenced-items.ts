import { checkedParking } from '../checked/work-items.ts';
import type { FailedItem, Fence } from '../port.ts';
import { parseId, requireFence, requireText } from '../validate.ts';
import { CLEAR_LEASE, deadLetter, FENCE_GENERATION, itemColumns, REPLACE_DEAD_LETTER, requeue } from './queue.ts';
import { toWorkItem } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** Selects a work item that is claimed with this fence. */
const CLAIMED_WITH_FENCE = `WHERE id = ? AND lease_fence = ? AND status = 'claimed'`;

export async function completeWorkItemFenced(view: TenantView, itemId: string, given: Fence): Promise<boolean> {
  view.requireGeneration(FENCE_GENERATION, 'completeWorkItemFenced');
  const fence = requireFence(given, `work item ${itemId}`);
  const id = parseId(itemId);
  const sql = `UPDATE work_items SET status = 'completed', completed_at = ?, lease_expires_at = NULL ${CLAIMED_WITH_FENCE}`;
  return id !== undefined && (await view.change(sql, view.time(), id, fence)) === 1;
}

export async function parkWorkItem(view: TenantView, itemId: string, given: Fence, retryAfter: string, nextAttempt: number): Promise<boolean> {
  view.requireGeneration(FENCE_GENERATION, 'parkWorkItem');
  const fence = requireFence(given, `work item ${itemId}`);
  const parking = checkedParking(itemId, retryAfter, nextAttempt);
  const id = parseId(itemId);
  const sql = `UPDATE work_items SET status = 'pending', retry_after = ?, attempt = ?, lease_epoch = lease_epoch + 1, lease_fence = 0, ${CLEAR_LEASE} ${CLAIMED_WITH_FENCE}`;
  return id !== undefined && (await view.change(sql, parking.retryAfter, parking.attempt, id, fence)) === 1;
}

export function failWorkItemFenced(view: TenantView, itemId: string, given: Fence, error: string): Promise<FailedItem | undefined> {
  view.requireGeneration(FENCE_GENERATION, 'failWorkItemFenced');
  const fence = requireFence(given, `work item ${itemId}`);
  requireText(error, `error of work item ${itemId}`);
  return view.transaction(async (inside) => {
    const id = parseId(itemId);
    // An update that changes nothing locks the row, so that no one else can settle the item in between.
    const held = id === undefined ? 0 : await inside.change(`UPDATE work_items SET lease_fence = lease_fence ${CLAIMED_WITH_FENCE}`, id, fence);
    const row = held === 1 && id !== undefined ? await inside.get(`SELECT ${itemColumns(inside)} FROM work_items WHERE id = ?`, id) : undefined;
    if (row === undefined || id === undefined) return undefined;
    const { attempt, maxAttempts } = toWorkItem(row);
    if (attempt + 1 < maxAttempts) return { outcome: 'retryable', ...(await requeue(inside, id, attempt + 1)) };
    return { outcome: 'exhausted', item: await deadLetter(inside, id, { attempt: attempt + 1, lastError: error, conflict: REPLACE_DEAD_LETTER }) };
  });
}

import { FenceLostError, NotFoundError } from '../errors.ts';
import { retryDelay, WORKER_DEAD } from '../lease.ts';
import { LEASE_MILLISECONDS, type NewWorkItem, type Reclaimed, type WorkItem } from '../port.ts';
import { jsonText, parseId, requireId, requireTime } from '../validate.ts';
import { toWorkItem } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** From this generation on, a claim carries a fence: the store's term and an epoch that each claim increments. */
export const FENCE_GENERATION = 4;
export const CLEAR_LEASE = 'worker_id = NULL, lease_expires_at = NULL';

export async function enqueueWorkItem(view: TenantView, item: NewWorkItem): Promise<string> {
  const id = requireId(item.id, 'a work item');
  const executionId = requireId(item.executionId, 'an execution');
  await view.requireExecution(executionId);
  await view.insert('work_items', {
    id,
    execution_id: executionId,
    node_id: item.nodeId,
    queue_type: item.queueType,
    payload_json: jsonText(item.payload, `the work item ${id}`),
    attempt: item.attempt ?? 0,
    max_attempts: item.maxAttempts ?? 3,
    status: 'pending',
    created_at: requireTime(item.createdAt),
    tenant_id: view.tenantOf(item),
  });
  return id;
}

export async function claimWorkItem(view: TenantView, workerId: string, queueTypes: readonly string[]): Promise<WorkItem | undefined> {
  if (queueTypes.length === 0) return undefined;
  return view.transaction(async (inside) => {
    const { skipLocked, insertionOrder } = inside.connection.dialect;
    const fenced = inside.generation >= FENCE_GENERATION;
    const now = inside.time();
    // An item without attempts left stays claimed until reclaimExpiredLeases makes it a dead letter.
    await inside.connection.run(
      `UPDATE work_items SET ${releaseAssignments(fenced, 'attempt = attempt + 1,')} status = 'pending', claimed_at = NULL, ${CLEAR_LEASE}
       WHERE id IN (SELECT id FROM work_items WHERE status = 'claimed' AND lease_expires_at < ?${fenced ? ' AND attempt + 1 < max_attempts' : ''}${inside.tenantClause}${skipLocked})`,
      [now, ...inside.tenantParams],
    );
    const minted = fenced ? 'lease_epoch = lease_epoch + 1, lease_fence = (SELECT term FROM store_identity WHERE id = 1) * 4294967296 + lease_epoch + 1,' : '';
    const [row] = await inside.connection.all(
      `UPDATE work_items SET ${minted} status = 'claimed', worker_id = ?, claimed_at = ?, lease_expires_at = ?
       WHERE id = (SELECT id FROM work_items WHERE status = 'pending' AND queue_type IN (${queueTypes.map(() => '?').join(', ')})
         AND (retry_after IS NULL OR retry_after <= ?)${inside.tenantClause} ORDER BY created_at, ${insertionOrder} LIMIT 1${skipLocked}) RETURNING *`,
      [workerId, now, inside.time(LEASE_MILLISECONDS), ...queueTypes, now, ...inside.tenantParams],
    );
    return row && toWorkItem(row);
  });
}

export async function renewLease(view: TenantView, itemId: string, workerId: string, fence?: number): Promise<void> {
  if (fence !== undefined) view.requireGeneration(FENCE_GENERATION);
  const sql = `UPDATE work_items SET lease_expires_at = ? WHERE id = ? AND worker_id = ? AND status = 'claimed'`;
  const held = fence === undefined ? [] : [fence];
  const until = view.time(LEASE_MILLISECONDS);
  const changed = await updateById(itemId, (id) => view.change(sql + (fence === undefined ? '' : ' AND lease_fence = ?'), until, id, workerId, ...held));
  if (changed === 0) throw fence === undefined ? new NotFoundError('claimed work item', itemId) : new FenceLostError(itemId);
}

export async function completeWorkItem(view: TenantView, itemId: string): Promise<void> {
  const sql = `UPDATE work_items SET status = 'completed', completed_at = ?, lease_expires_at = NULL WHERE id = ?`;
  if ((await updateById(itemId, (id) => view.change(sql, view.time(), id))) === 0) throw new NotFoundError('work item', itemId);
}

export async function failWorkItem(view: TenantView, itemId: string): Promise<void> {
  const sql = `UPDATE work_items SET status = 'failed', completed_at = NULL, ${CLEAR_LEASE} WHERE id = ?`;
  if ((await updateById(itemId, (id) => view.change(sql, id))) === 0) throw new NotFoundError('work item', itemId);
}

export function reclaimExpiredLeases(view: TenantView): Promise<Reclaimed> {
  return view.transaction(async (inside) => {
    const { skipLocked, insertionOrder } = inside.connection.dialect;
    const expired = await inside.all(
      `SELECT * FROM work_items WHERE status = 'claimed' AND lease_expires_at < ?`,
      [inside.time()],
      `ORDER BY created_at, ${insertionOrder}${skipLocked}`,
    );
    const retryable: WorkItem[] = [];
    const exhausted: WorkItem[] = [];
    for (const { id, attempt, maxAttempts } of expired.map(toWorkItem)) {
      if (attempt + 1 < maxAttempts) retryable.push((await requeue(inside, id, attempt + 1)).item);
      else exhausted.push(await deadLetter(inside, id, { attempt: attempt + 1, lastError: WORKER_DEAD, conflict: 'ON CONFLICT (id) DO NOTHING' }));
    }
    return { retryable, exhausted };
  });
}

/** Makes an item pending again for its next attempt, after a delay. */
export async function requeue(view: TenantView, id: string, attempt: number): Promise<{ readonly item: WorkItem; readonly delayMs: number }> {
  const delayMs = retryDelay(attempt);
  const [row] = await view.connection.all(
    `UPDATE work_items SET ${releaseAssignments(view.generation >= FENCE_GENERATION)} status = 'pending', attempt = ?, retry_after = ?, ${CLEAR_LEASE} WHERE id = ? RETURNING *`,
    [attempt, view.time(delayMs), id],
  );
  if (row === undefined) throw new NotFoundError('work item', id);
  return { item: toWorkItem(row), delayMs };
}

/** Makes an item a dead letter. */
export async function deadLetter(
  view: TenantView,
  id: string,
  { attempt, lastError, conflict }: { readonly attempt?: number; readonly lastError: string; readonly conflict: string },
): Promise<WorkItem> {
  const counted = attempt === undefined ? '' : 'attempt = ?,';
  const [row] = await view.connection.all(
    `UPDATE work_items SET ${counted} status = 'dead_lettered', ${CLEAR_LEASE} WHERE id = ?${view.tenantClause} RETURNING *`,
    [...(attempt === undefined ? [] : [attempt]), id, ...view.tenantParams],
  );
  if (row === undefined) throw new NotFoundError('work item', id);
  const item = toWorkItem(row);
  await view.insert(
    'dead_letter_items',
    {
      id,
      execution_id: item.executionId,
      node_id: item.nodeId,
      queue_type: item.queueType,
      payload_json: String(row['payload_json']),
      attempt: item.attempt,
      last_error: lastError,
      created_at: item.createdAt,
      dead_lettered_at: view.time(),
      tenant_id: item.tenantId,
    },
    conflict,
  );
  return item;
}

export const REPLACE_DEAD_LETTER =
  'ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt, last_error = excluded.last_error, dead_lettered_at = excluded.dead_lettered_at';

export function moveToDeadLetter(view: TenantView, itemId: string, lastError: string): Promise<void> {
  return view.transaction(async (inside) => {
    const id = parseId(itemId);
    if (id === undefined) throw new NotFoundError('work item', itemId);
    await deadLetter(inside, id, { lastError, conflict: REPLACE_DEAD_LETTER });
  });
}

function updateById(itemId: string, update: (id: string) => Promise<number>): Promise<number> {
  const id = parseId(itemId);
  return id === undefined ? Promise.resolve(0) : update(id);
}

/** Assignments that invalidate every fence issued for an item. */
function releaseAssignments(fenced: boolean, counted = ''): string {
  return fenced ? `${counted} lease_epoch = lease_epoch + 1, lease_fence = 0,` : '';
}

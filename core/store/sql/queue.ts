import { checkedWorkItem } from '../checked/work-items.ts';
import { FenceLostError, NotFoundError } from '../errors.ts';
import { retryDelay, WORKER_DEAD } from '../lease.ts';
import { type Fence, LEASE_MILLISECONDS, type NewWorkItem, type Optional, type Reclaimed, type WorkItem } from '../port.ts';
import { isStorable, optionalFence, parseId, requireText } from '../validate.ts';
import { toWorkItem } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** From this generation on, a claim carries a fence: the store's term and an epoch that each claim increments. */
export const FENCE_GENERATION = 4;
export const CLEAR_LEASE = 'worker_id = NULL, lease_expires_at = NULL';

/** The columns of a work item. The driver of SQLite would round a large fence. */
export function itemColumns({ generation }: TenantView): string {
  return generation >= FENCE_GENERATION ? '*, CAST(lease_fence AS TEXT) AS fence' : '*';
}

export async function enqueueWorkItem(view: TenantView, item: NewWorkItem): Promise<string> {
  const { id, executionId, nodeId, queueType, payload, attempt, maxAttempts, createdAt, tenantId } = checkedWorkItem(item, view.tenant);
  await view.requireExecution(executionId);
  await view.insert(
    'work_items',
    {
      id,
      execution_id: executionId,
      node_id: nodeId,
      queue_type: queueType,
      payload_json: payload,
      attempt,
      max_attempts: maxAttempts,
      status: 'pending',
      created_at: createdAt,
      tenant_id: tenantId,
    },
    `A work item ${id} exists already.`,
  );
  return id;
}

export async function claimWorkItem(view: TenantView, workerId: string, given: readonly string[]): Promise<WorkItem | undefined> {
  if (given.length === 0) return undefined;
  requireText(workerId, 'worker that claims a work item');
  const queueTypes = given.filter(isStorable);
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
         AND (retry_after IS NULL OR retry_after <= ?)${inside.tenantClause} ORDER BY created_at, ${insertionOrder} LIMIT 1${skipLocked}) RETURNING ${itemColumns(inside)}`,
      [workerId, now, inside.time(LEASE_MILLISECONDS), ...queueTypes, now, ...inside.tenantParams],
    );
    return row && toWorkItem(row);
  });
}

export async function renewLease(view: TenantView, itemId: string, workerId: string, given?: Optional<Fence>): Promise<void> {
  const fence = optionalFence(given, `work item ${itemId}`);
  if (fence !== undefined) view.requireGeneration(FENCE_GENERATION, 'a fence in renewLease');
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
      `SELECT ${itemColumns(inside)} FROM work_items WHERE status = 'claimed' AND lease_expires_at < ?`,
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
    `UPDATE work_items SET ${releaseAssignments(view.generation >= FENCE_GENERATION)} status = 'pending', attempt = ?, retry_after = ?, ${CLEAR_LEASE} WHERE id = ? RETURNING ${itemColumns(view)}`,
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
    `UPDATE work_items SET ${counted} status = 'dead_lettered', ${CLEAR_LEASE} WHERE id = ?${view.tenantClause} RETURNING ${itemColumns(view)}`,
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
    `A dead letter ${id} exists already.`,
    conflict,
  );
  return item;
}

export const REPLACE_DEAD_LETTER =
  'ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt, last_error = excluded.last_error, dead_lettered_at = excluded.dead_lettered_at';

export function moveToDeadLetter(view: TenantView, itemId: string, lastError: string): Promise<void> {
  requireText(lastError, `last error of work item ${itemId}`);
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

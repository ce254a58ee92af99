import { idOf, knownId, textOf, timeOf } from '../checked.ts';
import { FenceLostError, NotFoundError } from '../errors.ts';
import { backOff, WORKER_DEAD } from '../lease.ts';
import { LEASE_MILLISECONDS, type NewWorkItem, type Reclaimed, type WorkItem } from '../port.ts';
import { toWorkItem } from './rows.ts';
import type { Scope } from './scope.ts';

/** From this generation on a claim carries a fence, made of the store's term and an epoch that each claim raises. */
export const FENCED = 4;
export const NO_LEASE = 'worker_id = NULL, lease_expires_at = NULL';

export async function enqueueWorkItem(scope: Scope, item: NewWorkItem): Promise<string> {
  const id = idOf(item.id, 'a work item');
  const executionId = idOf(item.executionId, 'an execution');
  await scope.mustSee(executionId);
  await scope.insert('work_items', {
    id,
    execution_id: executionId,
    node_id: item.nodeId,
    queue_type: item.queueType,
    payload_json: textOf(item.payload, `the work item ${id}`),
    attempt: item.attempt ?? 0,
    max_attempts: item.maxAttempts ?? 3,
    status: 'pending',
    created_at: timeOf(item.createdAt),
    tenant_id: scope.owner(item),
  });
  return id;
}

export async function claimWorkItem(scope: Scope, workerId: string, queueTypes: readonly string[]): Promise<WorkItem | undefined> {
  if (queueTypes.length === 0) return undefined;
  return scope.transaction(async (inside) => {
    const { skipLocked, arrival } = inside.connection.dialect;
    const fenced = inside.generation >= FENCED;
    const now = inside.time();
    // What has no attempt left waits for the reclaim, which buries it.
    await inside.connection.run(
      `UPDATE work_items SET ${freed(fenced, 'attempt = attempt + 1,')} status = 'pending', claimed_at = NULL, ${NO_LEASE}
       WHERE id IN (SELECT id FROM work_items WHERE status = 'claimed' AND lease_expires_at < ?${fenced ? ' AND attempt + 1 < max_attempts' : ''}${inside.own}${skipLocked})`,
      [now, ...inside.ownParams],
    );
    const minted = fenced ? 'lease_epoch = lease_epoch + 1, lease_fence = (SELECT term FROM store_identity WHERE id = 1) * 4294967296 + lease_epoch + 1,' : '';
    const [row] = await inside.connection.all(
      `UPDATE work_items SET ${minted} status = 'claimed', worker_id = ?, claimed_at = ?, lease_expires_at = ?
       WHERE id = (SELECT id FROM work_items WHERE status = 'pending' AND queue_type IN (${queueTypes.map(() => '?').join(', ')})
         AND (retry_after IS NULL OR retry_after <= ?)${inside.own} ORDER BY created_at, ${arrival} LIMIT 1${skipLocked}) RETURNING *`,
      [workerId, now, inside.time(LEASE_MILLISECONDS), ...queueTypes, now, ...inside.ownParams],
    );
    return row && toWorkItem(row);
  });
}

export async function renewLease(scope: Scope, itemId: string, workerId: string, fence?: number): Promise<void> {
  if (fence !== undefined) scope.needs(FENCED);
  const sql = `UPDATE work_items SET lease_expires_at = ? WHERE id = ? AND worker_id = ? AND status = 'claimed'`;
  const held = fence === undefined ? [] : [fence];
  const until = scope.time(LEASE_MILLISECONDS);
  const changed = await change(itemId, (id) => scope.change(sql + (fence === undefined ? '' : ' AND lease_fence = ?'), until, id, workerId, ...held));
  if (changed === 0) throw fence === undefined ? new NotFoundError('claimed work item', itemId) : new FenceLostError(itemId);
}

export async function completeWorkItem(scope: Scope, itemId: string): Promise<void> {
  const sql = `UPDATE work_items SET status = 'completed', completed_at = ?, lease_expires_at = NULL WHERE id = ?`;
  if ((await change(itemId, (id) => scope.change(sql, scope.time(), id))) === 0) throw new NotFoundError('work item', itemId);
}

export async function failWorkItem(scope: Scope, itemId: string): Promise<void> {
  const sql = `UPDATE work_items SET status = 'failed', completed_at = NULL, ${NO_LEASE} WHERE id = ?`;
  if ((await change(itemId, (id) => scope.change(sql, id))) === 0) throw new NotFoundError('work item', itemId);
}

export function reclaimExpiredLeases(scope: Scope): Promise<Reclaimed> {
  return scope.transaction(async (inside) => {
    const { skipLocked, arrival } = inside.connection.dialect;
    const expired = await inside.all(
      `SELECT * FROM work_items WHERE status = 'claimed' AND lease_expires_at < ?`,
      [inside.time()],
      `ORDER BY created_at, ${arrival}${skipLocked}`,
    );
    const retryable: WorkItem[] = [];
    const exhausted: WorkItem[] = [];
    for (const { id, attempt, maxAttempts } of expired.map(toWorkItem)) {
      if (attempt + 1 < maxAttempts) retryable.push((await retried(inside, id, attempt + 1)).item);
      else exhausted.push(await buried(inside, id, { attempt: attempt + 1, lastError: WORKER_DEAD, conflict: 'ON CONFLICT (id) DO NOTHING' }));
    }
    return { retryable, exhausted };
  });
}

/** Back into the queue for its next attempt, after a while. */
export async function retried(scope: Scope, id: string, attempt: number): Promise<{ readonly item: WorkItem; readonly delayMs: number }> {
  const delayMs = backOff(attempt);
  const [row] = await scope.connection.all(
    `UPDATE work_items SET ${freed(scope.generation >= FENCED)} status = 'pending', attempt = ?, retry_after = ?, ${NO_LEASE} WHERE id = ? RETURNING *`,
    [attempt, scope.time(delayMs), id],
  );
  if (row === undefined) throw new NotFoundError('work item', id);
  return { item: toWorkItem(row), delayMs };
}

/** Among the dead letters. */
export async function buried(
  scope: Scope,
  id: string,
  { attempt, lastError, conflict }: { readonly attempt?: number; readonly lastError: string; readonly conflict: string },
): Promise<WorkItem> {
  const counted = attempt === undefined ? '' : 'attempt = ?,';
  const [row] = await scope.connection.all(`UPDATE work_items SET ${counted} status = 'dead_lettered', ${NO_LEASE} WHERE id = ?${scope.own} RETURNING *`, [
    ...(attempt === undefined ? [] : [attempt]),
    id,
    ...scope.ownParams,
  ]);
  if (row === undefined) throw new NotFoundError('work item', id);
  const item = toWorkItem(row);
  await scope.insert(
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
      dead_lettered_at: scope.time(),
      tenant_id: item.tenantId,
    },
    conflict,
  );
  return item;
}

export const REPLACE_DEAD_LETTER =
  'ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt, last_error = excluded.last_error, dead_lettered_at = excluded.dead_lettered_at';

export function moveToDeadLetter(scope: Scope, itemId: string, lastError: string): Promise<void> {
  return scope.transaction(async (inside) => {
    const id = knownId(itemId);
    if (id === undefined) throw new NotFoundError('work item', itemId);
    await buried(inside, id, { lastError, conflict: REPLACE_DEAD_LETTER });
  });
}

function change(itemId: string, update: (id: string) => Promise<number>): Promise<number> {
  const id = knownId(itemId);
  return id === undefined ? Promise.resolve(0) : update(id);
}

/** No claim that was handed out for it is good any more. */
function freed(fenced: boolean, counted = ''): string {
  return fenced ? `${counted} lease_epoch = lease_epoch + 1, lease_fence = 0,` : '';
}

import { idOf, jsonOf, knownId, timeOf } from '../checked.ts';
import { DatabaseError, FenceLostError, NotFoundError } from '../errors.ts';
import { backOff } from '../lease.ts';
import { type FailedItem, LEASE_MILLISECONDS, type NewWorkItem, type Reclaimed, type WorkItem } from '../port.ts';
import type { HeldItem, View } from './view.ts';

const NO_LEASE = { workerId: undefined, leaseExpiresAt: undefined } as const;

export function enqueue(view: View, item: NewWorkItem): string {
  const id = idOf(item.id, 'a work item');
  if (view.tables.items.has(id)) throw new DatabaseError(`There is a work item ${id} already.`);
  put(view, {
    id,
    executionId: view.mustSee(idOf(item.executionId, 'an execution')),
    nodeId: item.nodeId,
    queueType: item.queueType,
    payload: jsonOf(item.payload, `the work item ${id}`),
    attempt: item.attempt ?? 0,
    maxAttempts: item.maxAttempts ?? 3,
    createdAt: timeOf(item.createdAt),
    tenantId: view.owner(item),
    status: 'pending',
    retryAfter: undefined,
    fence: 0,
    epoch: 0,
    ...NO_LEASE,
  });
  return id;
}

export function claim(view: View, workerId: string, queueTypes: readonly string[]): WorkItem | undefined {
  const now = view.time();
  for (const item of expired(view)) if (item.attempt + 1 < item.maxAttempts) put(view, { ...freed(item), attempt: item.attempt + 1 });
  const [next] = items(
    view,
    ({ status, queueType, retryAfter }) => status === 'pending' && queueTypes.includes(queueType) && (retryAfter === undefined || retryAfter <= now),
  );
  if (next === undefined) return undefined;
  const epoch = next.epoch + 1;
  return itemOf(put(view, { ...next, status: 'claimed', workerId, leaseExpiresAt: view.time(LEASE_MILLISECONDS), epoch, fence: epoch }));
}

export function renew(view: View, itemId: string, workerId: string, fence?: number): void {
  const item = known(view, itemId);
  const held = item?.status === 'claimed' && item.workerId === workerId && (fence === undefined || item.fence === fence);
  if (!held) throw fence === undefined ? new NotFoundError('claimed work item', itemId) : new FenceLostError(itemId);
  put(view, { ...item, leaseExpiresAt: view.time(LEASE_MILLISECONDS) });
}

export function complete(view: View, item: HeldItem): void {
  put(view, { ...item, status: 'completed', leaseExpiresAt: undefined });
}

export function fail(view: View, item: HeldItem): void {
  put(view, { ...item, ...NO_LEASE, status: 'failed' });
}

export function bury(view: View, item: HeldItem, attempt = item.attempt): WorkItem {
  return itemOf(put(view, { ...item, ...NO_LEASE, attempt, status: 'dead_lettered' }));
}

export function park(view: View, item: HeldItem, retryAfter: string, attempt: number): void {
  put(view, { ...freed(item), retryAfter: timeOf(retryAfter), attempt });
}

/** Counts an attempt: later again, or among the dead letters. */
export function settleFailure(view: View, item: HeldItem): FailedItem {
  const attempt = item.attempt + 1;
  if (attempt >= item.maxAttempts) return { outcome: 'exhausted', item: bury(view, item, attempt) };
  const delayMs = backOff(attempt);
  return { outcome: 'retryable', item: itemOf(put(view, { ...freed(item), attempt, retryAfter: view.time(delayMs) })), delayMs };
}

export function reclaim(view: View): Reclaimed {
  const settled = expired(view).map((item) => settleFailure(view, item));
  const of = (outcome: FailedItem['outcome']): WorkItem[] => settled.filter((one) => one.outcome === outcome).map(({ item }) => item);
  return { retryable: of('retryable'), exhausted: of('exhausted') };
}

/** @throws NotFoundError */
export function itemById(view: View, itemId: string): HeldItem {
  const item = known(view, itemId);
  if (item === undefined) throw new NotFoundError('work item', itemId);
  return item;
}

/** The item, when the claim with this fence still holds it. */
export function heldBy(view: View, itemId: string, fence: number): HeldItem | undefined {
  const item = known(view, itemId);
  return item?.status === 'claimed' && item.fence === fence ? item : undefined;
}

function known(view: View, itemId: string): HeldItem | undefined {
  const item = view.tables.items.get(knownId(itemId) ?? '');
  return item !== undefined && view.mine(item) ? item : undefined;
}

/** Oldest first. */
function items(view: View, wanted: (item: HeldItem) => boolean): HeldItem[] {
  return [...view.tables.items.values()]
    .filter((item) => view.mine(item) && wanted(item))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}

function expired(view: View): HeldItem[] {
  const now = view.time();
  return items(view, ({ status, leaseExpiresAt }) => status === 'claimed' && leaseExpiresAt !== undefined && leaseExpiresAt < now);
}

/** No claim that was handed out for it is good any more. */
function freed(item: HeldItem): HeldItem {
  return { ...item, ...NO_LEASE, status: 'pending', epoch: item.epoch + 1, fence: 0 };
}

function put(view: View, item: HeldItem): HeldItem {
  view.tables.items.set(item.id, item);
  return item;
}

function itemOf({ status: _, retryAfter: __, epoch: ___, ...item }: HeldItem): WorkItem {
  return item;
}

import { type checkedParking, checkedWorkItem } from '../checked/work-items.ts';
import { DatabaseError, FenceLostError, NotFoundError } from '../errors.ts';
import { retryDelay } from '../lease.ts';
import { type FailedItem, type Fence, LEASE_MILLISECONDS, type NewWorkItem, type Optional, type Reclaimed, type WorkItem } from '../port.ts';
import { optionalFence, parseId, requireFence, requireText } from '../validate.ts';
import { toWorkItem } from './answers.ts';
import type { WorkItemRecord } from './tables.ts';
import type { TenantView } from './tenant-view.ts';

const NO_LEASE = { workerId: undefined, leaseExpiresAt: undefined } as const;

export function enqueue(view: TenantView, item: NewWorkItem): string {
  const checked = checkedWorkItem(item, view.tenant);
  view.requireExecution(checked.executionId);
  view.requireTenant(checked.tenantId);
  if (view.tables.items.has(checked.id)) throw new DatabaseError(`A work item ${checked.id} exists already.`);
  save(view, { ...checked, status: 'pending', retryAfter: undefined, fence: 0, epoch: 0, ...NO_LEASE });
  return checked.id;
}

export function claim(view: TenantView, workerId: string, queueTypes: readonly string[]): WorkItem | undefined {
  if (queueTypes.length === 0) return undefined;
  requireText(workerId, 'worker that claims a work item');
  const now = view.time();
  for (const item of expiredClaims(view)) if (item.attempt + 1 < item.maxAttempts) save(view, { ...released(item), attempt: item.attempt + 1 });
  const [next] = items(
    view,
    ({ status, queueType, retryAfter }) => status === 'pending' && queueTypes.includes(queueType) && (retryAfter === undefined || retryAfter <= now),
  );
  if (next === undefined) return undefined;
  const epoch = next.epoch + 1;
  return toWorkItem(save(view, { ...next, status: 'claimed', workerId, leaseExpiresAt: view.time(LEASE_MILLISECONDS), epoch, fence: epoch }));
}

export function renew(view: TenantView, itemId: string, workerId: string, given?: Optional<Fence>): void {
  const fence = optionalFence(given, `work item ${itemId}`);
  const item = visibleItem(view, itemId);
  const held = item?.status === 'claimed' && item.workerId === workerId && (fence === undefined || item.fence === fence);
  if (!held) throw fence === undefined ? new NotFoundError('claimed work item', itemId) : new FenceLostError(itemId);
  save(view, { ...item, leaseExpiresAt: view.time(LEASE_MILLISECONDS) });
}

export function complete(view: TenantView, item: WorkItemRecord): void {
  save(view, { ...item, status: 'completed', leaseExpiresAt: undefined });
}

export function fail(view: TenantView, item: WorkItemRecord): void {
  save(view, { ...item, ...NO_LEASE, status: 'failed' });
}

export function deadLetter(view: TenantView, item: WorkItemRecord, attempt = item.attempt): WorkItem {
  return toWorkItem(save(view, { ...item, ...NO_LEASE, attempt, status: 'dead_lettered' }));
}

export function park(view: TenantView, item: WorkItemRecord, parking: ReturnType<typeof checkedParking>): void {
  save(view, { ...released(item), ...parking });
}

/** Counts an attempt: the item is retried later or becomes a dead letter. */
export function settleFailure(view: TenantView, item: WorkItemRecord): FailedItem {
  const attempt = item.attempt + 1;
  if (attempt >= item.maxAttempts) return { outcome: 'exhausted', item: deadLetter(view, item, attempt) };
  const delayMs = retryDelay(attempt);
  return { outcome: 'retryable', item: toWorkItem(save(view, { ...released(item), attempt, retryAfter: view.time(delayMs) })), delayMs };
}

export function reclaim(view: TenantView): Reclaimed {
  const settled = expiredClaims(view).map((item) => settleFailure(view, item));
  const of = (outcome: FailedItem['outcome']): WorkItem[] => settled.filter((one) => one.outcome === outcome).map(({ item }) => item);
  return { retryable: of('retryable'), exhausted: of('exhausted') };
}

/** @throws NotFoundError */
export function itemById(view: TenantView, itemId: string): WorkItemRecord {
  const item = visibleItem(view, itemId);
  if (item === undefined) throw new NotFoundError('work item', itemId);
  return item;
}

/** The item, if it is still claimed with this fence. */
export function itemWithFence(view: TenantView, itemId: string, given: Fence): WorkItemRecord | undefined {
  const fence = requireFence(given, `work item ${itemId}`);
  const item = visibleItem(view, itemId);
  return item?.status === 'claimed' && item.fence === fence ? item : undefined;
}

function visibleItem(view: TenantView, itemId: string): WorkItemRecord | undefined {
  const item = view.tables.items.get(parseId(itemId) ?? '');
  return item !== undefined && view.isVisible(item) ? item : undefined;
}

/** The visible items that match, oldest first. */
function items(view: TenantView, wanted: (item: WorkItemRecord) => boolean): WorkItemRecord[] {
  return [...view.tables.items.values()]
    .filter((item) => view.isVisible(item) && wanted(item))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}

function expiredClaims(view: TenantView): WorkItemRecord[] {
  const now = view.time();
  return items(view, ({ status, leaseExpiresAt }) => status === 'claimed' && leaseExpiresAt !== undefined && leaseExpiresAt < now);
}

/** The item without its claim. No fence that was issued for it is valid any more. */
function released(item: WorkItemRecord): WorkItemRecord {
  return { ...item, ...NO_LEASE, status: 'pending', epoch: item.epoch + 1, fence: 0 };
}

function save(view: TenantView, item: WorkItemRecord): WorkItemRecord {
  view.tables.items.set(item.id, item);
  return item;
}

import { randomUUID } from 'node:crypto';
import { checkedCronJob, checkedTimer } from '../checked/schedules.ts';
import { DatabaseError, NotFoundError } from '../errors.ts';
import type * as port from '../port.ts';
import { parseId, requireTime } from '../validate.ts';
import { toCronJob, toTimer } from './answers.ts';
import type { TenantView } from './tenant-view.ts';

/** Timers and cron jobs. */

export function scheduleTimer(view: TenantView, timer: port.NewTimer): string {
  const checked = checkedTimer(timer);
  if (view.tenant !== undefined) view.requireExecution(checked.executionId);
  view.requireTenant(view.ownTenant);
  const id = randomUUID();
  view.tables.timers.set(id, { ...checked, id, createdAt: view.time(), tenantId: view.ownTenant, fired: false });
  return id;
}

export function listDueTimers(view: TenantView): port.Timer[] {
  const now = view.time();
  const due = [...view.tables.timers.values()].filter((timer) => !timer.fired && timer.fireAt <= now && view.isVisible(timer));
  return due.sort((a, b) => (a.fireAt < b.fireAt ? -1 : 1)).map(toTimer);
}

/** Ends a timer, by firing or by cancelling it. */
export function settleTimer({ tables, isVisible }: TenantView, timerId: string): void {
  const timer = tables.timers.get(parseId(timerId) ?? '');
  if (timer === undefined || timer.fired || !isVisible(timer)) throw new NotFoundError('waiting timer', timerId);
  tables.timers.set(timer.id, { ...timer, fired: true });
}

export function upsertCronJob(view: TenantView, job: port.CronJob): void {
  const { tables, isVisible } = view;
  const checked = checkedCronJob(job);
  const known = tables.cronJobs.get(checked.id);
  view.requireTenant(view.ownTenant);
  if ([...tables.cronJobs.values()].some((other) => other.name === checked.name && other.id !== checked.id)) {
    throw new DatabaseError(`A cron job named "${checked.name}" exists already.`);
  }
  if (known !== undefined && !isVisible(known)) throw new DatabaseError(`The cron job ${checked.id} belongs to another tenant.`);
  const { createdAt, lastRunAt, tenantId } = known ?? { createdAt: checked.createdAt, lastRunAt: undefined, tenantId: view.ownTenant };
  tables.cronJobs.set(checked.id, { ...checked, createdAt, lastRunAt, tenantId });
}

export function listDueCronJobs(view: TenantView): port.StoredCronJob[] {
  const now = view.time();
  const due = [...view.tables.cronJobs.values()].filter((job) => job.enabled && job.nextRunAt <= now && view.isVisible(job));
  return due.sort((a, b) => (a.nextRunAt < b.nextRunAt ? -1 : 1)).map(toCronJob);
}

export function recordCronRun(view: TenantView, jobId: string, nextRunAt: string): void {
  const checked = requireTime(nextRunAt, `nextRunAt of cron job ${jobId}`);
  const job = view.tables.cronJobs.get(parseId(jobId) ?? '');
  if (job === undefined || !view.isVisible(job)) throw new NotFoundError('cron job', jobId);
  view.tables.cronJobs.set(job.id, { ...job, lastRunAt: view.time(), nextRunAt: checked });
}

import { randomUUID } from 'node:crypto';
import { DatabaseError, NotFoundError } from '../errors.ts';
import type { CronJob, NewTimer, StoredCronJob, Timer } from '../port.ts';
import { jsonText, parseId, requireId, requireTime } from '../validate.ts';
import { toCronJob, toTimer } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** Timers and cron jobs. */

export async function scheduleTimer(view: TenantView, { executionId, nodeId, fireAt, correlationKey }: NewTimer): Promise<string> {
  const id = randomUUID();
  const execution = requireId(executionId, 'an execution');
  await view.requireExecution(execution);
  await view.insert('timers', {
    id,
    execution_id: execution,
    node_id: nodeId,
    fire_at: requireTime(fireAt),
    correlation_key: correlationKey ?? null,
    fired: false,
    created_at: view.time(),
    tenant_id: view.tenantOf(),
  });
  return id;
}

export async function listDueTimers(view: TenantView): Promise<Timer[]> {
  return (await view.all('SELECT * FROM timers WHERE fired = ? AND fire_at <= ?', [false, view.time()], 'ORDER BY fire_at')).map(toTimer);
}

export async function markTimerFired(view: TenantView, timerId: string): Promise<void> {
  await settle(view, timerId, view.time());
}

/** A cancelled timer is marked as fired, without a time. */
export async function cancelTimer(view: TenantView, timerId: string): Promise<void> {
  await settle(view, timerId, null);
}

async function settle(view: TenantView, timerId: string, firedAt: string | null): Promise<void> {
  const id = parseId(timerId);
  const sql = 'UPDATE timers SET fired = ?, fired_at = ? WHERE id = ? AND fired = ?';
  if (id === undefined || (await view.change(sql, true, firedAt, id, false)) === 0) throw new NotFoundError('waiting timer', timerId);
}

export async function upsertCronJob(view: TenantView, job: CronJob): Promise<void> {
  const row = {
    id: requireId(job.id, 'a cron job'),
    name: job.name,
    cron_expression: job.cronExpression,
    workflow_id: job.workflowId,
    workflow_version: job.workflowVersion ?? '1.0.0',
    input_json: jsonText(job.input ?? {}, `the cron job ${job.name}`),
    enabled: job.enabled ?? true,
    next_run_at: requireTime(job.nextRunAt),
    created_at: requireTime(job.createdAt),
    tenant_id: view.tenantOf(),
  };
  const replaced = Object.keys(row).filter((name) => !['id', 'created_at', 'tenant_id'].includes(name));
  const own = view.tenant === undefined ? '' : ' WHERE cron_jobs.tenant_id = excluded.tenant_id';
  const update = `ON CONFLICT (id) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}${own}`;
  if ((await view.insert('cron_jobs', row, update)) === 0) throw new DatabaseError(`The cron job ${row.id} belongs to another tenant.`);
}

export async function listDueCronJobs(view: TenantView): Promise<StoredCronJob[]> {
  return (await view.all('SELECT * FROM cron_jobs WHERE enabled = ? AND next_run_at <= ?', [true, view.time()], 'ORDER BY next_run_at')).map(toCronJob);
}

export async function recordCronRun(view: TenantView, jobId: string, nextRunAt: string): Promise<void> {
  const id = parseId(jobId);
  const sql = 'UPDATE cron_jobs SET last_run_at = ?, next_run_at = ? WHERE id = ?';
  if (id === undefined || (await view.change(sql, view.time(), requireTime(nextRunAt), id)) === 0) throw new NotFoundError('cron job', jobId);
}

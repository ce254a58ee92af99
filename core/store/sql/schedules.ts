import { randomUUID } from 'node:crypto';
import { checkedCronJob, checkedTimer } from '../checked/schedules.ts';
import { DatabaseError, NotFoundError } from '../errors.ts';
import type { CronJob, NewTimer, StoredCronJob, Timer } from '../port.ts';
import { parseId, requireTime } from '../validate.ts';
import { toCronJob, toTimer } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** Timers and cron jobs. */

export async function scheduleTimer(view: TenantView, timer: NewTimer): Promise<string> {
  const { executionId, nodeId, fireAt, correlationKey } = checkedTimer(timer);
  const id = randomUUID();
  await view.requireExecution(executionId);
  await view.insert(
    'timers',
    {
      id,
      execution_id: executionId,
      node_id: nodeId,
      fire_at: fireAt,
      correlation_key: correlationKey ?? null,
      fired: false,
      created_at: view.time(),
      tenant_id: view.ownTenant,
    },
    `A timer ${id} exists already.`,
  );
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
  const checked = checkedCronJob(job);
  const row = {
    id: checked.id,
    name: checked.name,
    cron_expression: checked.cronExpression,
    workflow_id: checked.workflowId,
    workflow_version: checked.workflowVersion,
    input_json: checked.input,
    enabled: checked.enabled,
    next_run_at: checked.nextRunAt,
    created_at: checked.createdAt,
    tenant_id: view.ownTenant,
  };
  const replaced = Object.keys(row).filter((name) => !['id', 'created_at', 'tenant_id'].includes(name));
  const own = view.tenant === undefined ? '' : ' WHERE cron_jobs.tenant_id = excluded.tenant_id';
  const update = `ON CONFLICT (id) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}${own}`;
  const written = await view.insert('cron_jobs', row, `A cron job named "${row.name}" exists already.`, update);
  if (written === 0) throw new DatabaseError(`The cron job ${row.id} belongs to another tenant.`);
}

export async function listDueCronJobs(view: TenantView): Promise<StoredCronJob[]> {
  return (await view.all('SELECT * FROM cron_jobs WHERE enabled = ? AND next_run_at <= ?', [true, view.time()], 'ORDER BY next_run_at')).map(toCronJob);
}

export async function recordCronRun(view: TenantView, jobId: string, nextRunAt: string): Promise<void> {
  const next = requireTime(nextRunAt, `nextRunAt of cron job ${jobId}`);
  const id = parseId(jobId);
  const sql = 'UPDATE cron_jobs SET last_run_at = ?, next_run_at = ? WHERE id = ?';
  if (id === undefined || (await view.change(sql, view.time(), next, id)) === 0) throw new NotFoundError('cron job', jobId);
}

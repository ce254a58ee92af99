import { randomUUID } from 'node:crypto';
import { idOf, knownId, textOf, timeOf } from '../checked.ts';
import { DatabaseError, NotFoundError } from '../errors.ts';
import type { CronJob, NewTimer, StoredCronJob, Timer } from '../port.ts';
import { toCronJob, toTimer } from './rows.ts';
import type { Scope } from './scope.ts';

/** Timers and cron jobs. */

export async function scheduleTimer(scope: Scope, { executionId, nodeId, fireAt, correlationKey }: NewTimer): Promise<string> {
  const id = randomUUID();
  const execution = idOf(executionId, 'an execution');
  await scope.mustSee(execution);
  await scope.insert('timers', {
    id,
    execution_id: execution,
    node_id: nodeId,
    fire_at: timeOf(fireAt),
    correlation_key: correlationKey ?? null,
    fired: false,
    created_at: scope.time(),
    tenant_id: scope.owner(),
  });
  return id;
}

export async function listDueTimers(scope: Scope): Promise<Timer[]> {
  return (await scope.all('SELECT * FROM timers WHERE fired = ? AND fire_at <= ?', [false, scope.time()], 'ORDER BY fire_at')).map(toTimer);
}

export async function markTimerFired(scope: Scope, timerId: string): Promise<void> {
  await settle(scope, timerId, scope.time());
}

/** A cancelled timer has fired, at no time. */
export async function cancelTimer(scope: Scope, timerId: string): Promise<void> {
  await settle(scope, timerId, null);
}

async function settle(scope: Scope, timerId: string, firedAt: string | null): Promise<void> {
  const id = knownId(timerId);
  const sql = 'UPDATE timers SET fired = ?, fired_at = ? WHERE id = ? AND fired = ?';
  if (id === undefined || (await scope.change(sql, true, firedAt, id, false)) === 0) throw new NotFoundError('waiting timer', timerId);
}

export async function upsertCronJob(scope: Scope, job: CronJob): Promise<void> {
  const row = {
    id: idOf(job.id, 'a cron job'),
    name: job.name,
    cron_expression: job.cronExpression,
    workflow_id: job.workflowId,
    workflow_version: job.workflowVersion ?? '1.0.0',
    input_json: textOf(job.input ?? {}, `the cron job ${job.name}`),
    enabled: job.enabled ?? true,
    next_run_at: timeOf(job.nextRunAt),
    created_at: timeOf(job.createdAt),
    tenant_id: scope.owner(),
  };
  const replaced = Object.keys(row).filter((name) => !['id', 'created_at', 'tenant_id'].includes(name));
  const own = scope.tenant === undefined ? '' : ' WHERE cron_jobs.tenant_id = excluded.tenant_id';
  const update = `ON CONFLICT (id) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}${own}`;
  if ((await scope.insert('cron_jobs', row, update)) === 0) throw new DatabaseError(`The cron job ${row.id} is another tenant's.`);
}

export async function listDueCronJobs(scope: Scope): Promise<StoredCronJob[]> {
  return (await scope.all('SELECT * FROM cron_jobs WHERE enabled = ? AND next_run_at <= ?', [true, scope.time()], 'ORDER BY next_run_at')).map(toCronJob);
}

export async function recordCronRun(scope: Scope, jobId: string, nextRunAt: string): Promise<void> {
  const id = knownId(jobId);
  const sql = 'UPDATE cron_jobs SET last_run_at = ?, next_run_at = ? WHERE id = ?';
  if (id === undefined || (await scope.change(sql, scope.time(), timeOf(nextRunAt), id)) === 0) throw new NotFoundError('cron job', jobId);
}

import type * as port from '../port.ts';
import { jsonText, optionalText, requireId, requireText, requireTime } from '../validate.ts';

export interface CheckedTimer {
  readonly executionId: string;
  readonly nodeId: string;
  readonly fireAt: string;
  readonly correlationKey: string | undefined;
}

export function checkedTimer({ executionId, nodeId, fireAt, correlationKey }: port.NewTimer): CheckedTimer {
  const id = requireId(executionId, 'an execution');
  const where = `a timer of ${id}`;
  return {
    executionId: id,
    nodeId: requireText(nodeId, `nodeId of ${where}`),
    fireAt: requireTime(fireAt, `fireAt of ${where}`),
    correlationKey: optionalText(correlationKey, `correlationKey of ${where}`),
  };
}

export interface CheckedCronJob {
  readonly id: string;
  readonly name: string;
  readonly cronExpression: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly input: string;
  readonly enabled: boolean;
  readonly nextRunAt: string;
  readonly createdAt: string;
}

export function checkedCronJob(job: port.CronJob): CheckedCronJob {
  const id = requireId(job.id, 'a cron job');
  const where = `cron job ${id}`;
  return {
    id,
    name: requireText(job.name, `name of ${where}`),
    cronExpression: requireText(job.cronExpression, `cronExpression of ${where}`),
    workflowId: requireText(job.workflowId, `workflowId of ${where}`),
    workflowVersion: optionalText(job.workflowVersion, `workflowVersion of ${where}`) ?? '1.0.0',
    input: jsonText(job.input ?? {}, where),
    enabled: job.enabled !== false,
    nextRunAt: requireTime(job.nextRunAt, `nextRunAt of ${where}`),
    createdAt: requireTime(job.createdAt, `createdAt of ${where}`),
  };
}

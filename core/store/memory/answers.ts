import { parseJson } from '../../json/read.ts';
import type { Json, JsonObject } from '../../json/value.ts';
import { NodeSet } from '../../replay/node-set.ts';
import type { CheckedSnapshot } from '../checked/events.ts';
import type { CheckedExecution, CheckedWorkflow } from '../checked/executions.ts';
import type * as port from '../port.ts';
import type { CronJobRecord, EventRecord, TenantRecord, TimerRecord, TokenRecord, WorkItemRecord } from './tables.ts';

/** Converts the records of the tables to answers, with free values read anew each time. */

export function toWorkflow(record: CheckedWorkflow): port.StoredWorkflow {
  return { ...record, ir: parseJson(record.ir) };
}

export function toExecution(record: CheckedExecution): port.StoredExecution {
  return { ...record, initialInput: parseJson(record.initialInput), currentState: parseJson(record.currentState) };
}

export function toEvent(record: EventRecord): port.StoredEvent {
  return { ...record, kind: parseJson(record.kind) as JsonObject };
}

export function toSnapshot({ materialized, ...record }: CheckedSnapshot): port.StoredSnapshot {
  return {
    ...record,
    state: parseJson(record.state),
    status: materialized.status,
    completedNodes: parseJson(materialized.completedNodes) as JsonObject,
    activeNodes: new NodeSet(parseJson(materialized.activeNodes) as readonly string[]),
    lastSequence: materialized.lastSequence,
  };
}

export function toWorkItem({ status: _, retryAfter: __, epoch: ___, ...record }: WorkItemRecord): port.WorkItem {
  return { ...record, payload: parseJson(record.payload) };
}

export function toTenant(record: TenantRecord): port.Tenant {
  return { ...record, policy: optionalJson(record.policy), limits: optionalJson(record.limits) };
}

export function toToken({ hash: _, revoked: __, ...token }: TokenRecord): port.ApiToken {
  return token;
}

export function toTimer({ fired: _, ...timer }: TimerRecord): port.Timer {
  return timer;
}

export function toCronJob(record: CronJobRecord): port.StoredCronJob {
  return { ...record, input: parseJson(record.input) };
}

function optionalJson(text: string | undefined): Json | undefined {
  return text === undefined ? undefined : parseJson(text);
}

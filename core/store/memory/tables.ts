import type { CheckedEffect } from '../checked/effects.ts';
import type { CheckedEvent, CheckedSnapshot } from '../checked/events.ts';
import type { CheckedExecution, CheckedWorkflow } from '../checked/executions.ts';
import type { CheckedCronJob } from '../checked/schedules.ts';
import type { CheckedTenant } from '../checked/tenants.ts';
import type { CheckedWorkItem } from '../checked/work-items.ts';
import type { ApiToken, Fence, Timer } from '../port.ts';

export interface EventRecord extends CheckedEvent {
  readonly sequence: number;
}
export interface WorkItemRecord extends CheckedWorkItem {
  readonly status: 'pending' | 'claimed' | 'completed' | 'failed' | 'dead_lettered';
  readonly leaseExpiresAt: string | undefined;
  readonly workerId: string | undefined;
  readonly fence: Fence;
  readonly retryAfter: string | undefined;
  readonly epoch: number;
}
export interface TenantRecord extends CheckedTenant {
  readonly createdAt: string;
  readonly updatedAt: string;
}
export interface TokenRecord extends ApiToken {
  readonly hash: string;
  readonly revoked: boolean;
}
export interface TimerRecord extends Timer {
  readonly fired: boolean;
}
export interface CronJobRecord extends CheckedCronJob {
  readonly lastRunAt: string | undefined;
  readonly tenantId: string;
}
interface ToolEffectRecord extends CheckedEffect {
  readonly tenantId: string;
}
interface ReservationRecord {
  readonly owner: string;
  readonly fence: Fence;
  readonly expiresAt: string;
}
interface ArtifactRecord {
  readonly bytes: Uint8Array;
  readonly mediaType: string | undefined;
}

/**
 * All tables. Records are never changed, only replaced, so a copy of the maps is a copy of the whole store. Free values are
 * kept as text, so that what is handed out is the caller's own.
 */
export class Tables {
  workflows = new Map<string, CheckedWorkflow>();
  executions = new Map<string, CheckedExecution>();
  /** By execution, in order of sequence. */
  events = new Map<string, EventRecord[]>();
  eventIds = new Set<string>();
  /** By execution, in order of sequence. */
  snapshots = new Map<string, readonly CheckedSnapshot[]>();
  snapshotIds = new Set<string>();
  items = new Map<string, WorkItemRecord>();
  tokens = new Map<string, TokenRecord>();
  tenants = new Map<string, TenantRecord>();
  timers = new Map<string, TimerRecord>();
  cronJobs = new Map<string, CronJobRecord>();
  effects = new Map<string, ToolEffectRecord>();
  reservations = new Map<string, ReservationRecord>();
  /** By tenant and hash. */
  artifacts = new Map<string, ArtifactRecord>();

  copy(): Tables {
    const copy = new Tables();
    for (const name of Object.keys(this) as (keyof Tables)[]) Object.assign(copy, { [name]: new (this[name].constructor as typeof Map)(this[name] as never) });
    copy.events = new Map([...this.events].map(([execution, events]) => [execution, [...events]]));
    return copy;
  }
}

import type { Json } from '../../json/value.ts';
import type { ApiToken, StoredCronJob, StoredEvent, StoredExecution, StoredSnapshot, StoredWorkflow, Tenant, Timer, WorkItem } from '../port.ts';

export interface WorkItemRecord extends WorkItem {
  readonly status: 'pending' | 'claimed' | 'completed' | 'failed' | 'dead_lettered';
  readonly retryAfter: string | undefined;
  readonly epoch: number;
}
export interface TokenRecord extends ApiToken {
  readonly hash: string;
  readonly revoked: boolean;
}
export interface TimerRecord extends Timer {
  readonly fired: boolean;
}
interface ToolEffectRecord {
  readonly result: Json;
  readonly tenantId: string;
}
interface ReservationRecord {
  readonly owner: string;
  readonly fence: number;
  readonly expiresAt: string;
}
interface ArtifactRecord {
  readonly bytes: Uint8Array;
  readonly mediaType: string | undefined;
  readonly tenantId: string;
}

/** All tables. Records are never changed, only replaced, so a copy of the maps is a copy of the whole store. */
export class Tables {
  workflows = new Map<string, StoredWorkflow>();
  executions = new Map<string, StoredExecution>();
  /** By execution, in order of sequence. */
  events = new Map<string, StoredEvent[]>();
  eventIds = new Set<string>();
  /** By execution, in order of sequence. */
  snapshots = new Map<string, readonly StoredSnapshot[]>();
  items = new Map<string, WorkItemRecord>();
  tokens = new Map<string, TokenRecord>();
  tenants = new Map<string, Tenant>();
  timers = new Map<string, TimerRecord>();
  cronJobs = new Map<string, StoredCronJob>();
  effects = new Map<string, ToolEffectRecord>();
  reservations = new Map<string, ReservationRecord>();
  artifacts = new Map<string, ArtifactRecord>();

  copy(): Tables {
    const copy = new Tables();
    for (const name of Object.keys(this) as (keyof Tables)[]) Object.assign(copy, { [name]: new (this[name].constructor as typeof Map)(this[name] as never) });
    copy.events = new Map([...this.events].map(([execution, events]) => [execution, [...events]]));
    return copy;
  }
}

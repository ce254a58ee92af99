import { formatTime } from '../../jamjet/time.ts';
import type { Json } from '../../json/value.ts';
import type { ApiToken, StoredCronJob, StoredEvent, StoredExecution, StoredSnapshot, StoredWorkflow, Tenant, Timer, WorkItem } from '../port.ts';
import { noExecution, noTenant, ownerOf } from '../tenant.ts';

export interface HeldItem extends WorkItem {
  readonly status: 'pending' | 'claimed' | 'completed' | 'failed' | 'dead_lettered';
  readonly retryAfter: string | undefined;
  readonly epoch: number;
}
export interface HeldToken extends ApiToken {
  readonly hash: string;
  readonly revoked: boolean;
}
export interface HeldTimer extends Timer {
  readonly fired: boolean;
}
interface HeldEffect {
  readonly result: Json;
  readonly tenantId: string;
}
interface HeldReservation {
  readonly owner: string;
  readonly fence: number;
  readonly expiresAt: string;
}
interface HeldArtifact {
  readonly bytes: Uint8Array;
  readonly mediaType: string | undefined;
  readonly tenantId: string;
}

/** Everything there is. Records are never changed, only replaced, so that a copy of the maps is a copy of all. */
export class Tables {
  workflows = new Map<string, StoredWorkflow>();
  executions = new Map<string, StoredExecution>();
  /** By execution. */
  events = new Map<string, StoredEvent[]>();
  eventIds = new Set<string>();
  /** By execution, in the order of their sequences. */
  snapshots = new Map<string, readonly StoredSnapshot[]>();
  items = new Map<string, HeldItem>();
  tokens = new Map<string, HeldToken>();
  tenants = new Map<string, Tenant>();
  timers = new Map<string, HeldTimer>();
  cronJobs = new Map<string, StoredCronJob>();
  effects = new Map<string, HeldEffect>();
  reservations = new Map<string, HeldReservation>();
  artifacts = new Map<string, HeldArtifact>();

  copy(): Tables {
    const copy = new Tables();
    for (const name of Object.keys(this) as (keyof Tables)[]) Object.assign(copy, { [name]: new (this[name].constructor as typeof Map)(this[name] as never) });
    copy.events = new Map([...this.events].map(([execution, events]) => [execution, [...events]]));
    return copy;
  }
}

/** What one view may see and write, and when it is. */
export class View {
  readonly tables: Tables;
  readonly clock: () => number;
  readonly tenant: string | undefined;

  constructor(tables: Tables, clock: () => number, tenant: string | undefined) {
    this.tables = tables;
    this.clock = clock;
    this.tenant = tenant;
  }

  time(milliseconds = 0): string {
    return formatTime(this.clock() + milliseconds);
  }

  owner({ tenantId }: { readonly tenantId?: string | undefined } = {}): string {
    const owner = ownerOf(this.tenant, tenantId);
    if (!this.tables.tenants.has(owner)) throw noTenant(owner);
    return owner;
  }

  mine = ({ tenantId }: { readonly tenantId: string }): boolean => this.tenant === undefined || tenantId === this.tenant;

  execution(executionId: string | undefined): StoredExecution | undefined {
    const execution = this.tables.executions.get(executionId ?? '');
    return execution !== undefined && this.mine(execution) ? execution : undefined;
  }

  /** @throws DatabaseError */
  mustSee(executionId: string): string {
    if (this.execution(executionId) === undefined) throw noExecution(executionId);
    return executionId;
  }
}

import { formatTime } from '../../jamjet/time.ts';
import type { StoredExecution } from '../port.ts';
import { tenantOfRecord, unknownExecution, unknownTenant } from '../tenant.ts';
import type { Tables } from './tables.ts';

/** The tables, the time, and the tenant that reads and writes are confined to. */
export class TenantView {
  readonly tables: Tables;
  readonly clock: () => number;
  /** undefined: all tenants. */
  readonly tenant: string | undefined;

  constructor(tables: Tables, clock: () => number, tenant: string | undefined) {
    this.tables = tables;
    this.clock = clock;
    this.tenant = tenant;
  }

  /** The time some milliseconds from now, as the runtime writes it. */
  time(milliseconds = 0): string {
    return formatTime(this.clock() + milliseconds);
  }

  /** The tenant of a new record. @throws DatabaseError when it does not exist, or is not that of this view. */
  tenantOf({ tenantId }: { readonly tenantId?: string | undefined } = {}): string {
    const tenant = tenantOfRecord(this.tenant, tenantId);
    if (!this.tables.tenants.has(tenant)) throw unknownTenant(tenant);
    return tenant;
  }

  isVisible = ({ tenantId }: { readonly tenantId: string }): boolean => this.tenant === undefined || tenantId === this.tenant;

  execution(executionId: string | undefined): StoredExecution | undefined {
    const execution = this.tables.executions.get(executionId ?? '');
    return execution !== undefined && this.isVisible(execution) ? execution : undefined;
  }

  /** @throws DatabaseError when this view does not see the execution. */
  requireExecution(executionId: string): string {
    if (this.execution(executionId) === undefined) throw unknownExecution(executionId);
    return executionId;
  }
}

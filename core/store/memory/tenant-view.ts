import type { CheckedExecution } from '../checked/executions.ts';
import { timeAfter } from '../clock.ts';
import { unknownExecution, unknownTenant } from '../tenant.ts';
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
    return timeAfter(this.clock, milliseconds);
  }

  /** The tenant of records that name none. */
  get ownTenant(): string {
    return this.tenant ?? 'default';
  }

  /** @throws DatabaseError when there is no such tenant. */
  requireTenant(tenantId: string): void {
    if (!this.tables.tenants.has(tenantId)) throw unknownTenant(tenantId);
  }

  isVisible = ({ tenantId }: { readonly tenantId: string }): boolean => this.tenant === undefined || tenantId === this.tenant;

  execution(executionId: string | undefined): CheckedExecution | undefined {
    const execution = this.tables.executions.get(executionId ?? '');
    return execution !== undefined && this.isVisible(execution) ? execution : undefined;
  }

  /** @throws DatabaseError when this view does not see the execution. */
  requireExecution(executionId: string): void {
    if (this.execution(executionId) === undefined) throw unknownExecution(executionId);
  }
}

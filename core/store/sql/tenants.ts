import type { Plain } from '../../json/plain.ts';
import { textOf } from '../checked.ts';
import { NotFoundError } from '../errors.ts';
import type { NewTenant, Tenant } from '../port.ts';
import { toTenant } from './rows.ts';
import type { Scope } from './scope.ts';

/** Tenants are nobody's rows: every view sees them all. */

export async function createTenant(scope: Scope, { id, name, status = 'active', policy, limits }: NewTenant): Promise<void> {
  const now = scope.time();
  const row = { id, name, status, policy_json: optional(policy, id), limits_json: optional(limits, id), created_at: now, updated_at: now };
  await scope.insert('tenants', row);
}

export async function getTenant(scope: Scope, tenantId: string): Promise<Tenant | undefined> {
  const [row] = await scope.connection.all('SELECT * FROM tenants WHERE id = ?', [tenantId]);
  return row && toTenant(row);
}

export async function listTenants(scope: Scope): Promise<Tenant[]> {
  return (await scope.connection.all(`SELECT * FROM tenants ORDER BY created_at, ${scope.connection.dialect.arrival}`, [])).map(toTenant);
}

export async function updateTenant(scope: Scope, { id, name, status = 'active', policy, limits }: NewTenant): Promise<void> {
  const sql = 'UPDATE tenants SET name = ?, status = ?, policy_json = ?, limits_json = ?, updated_at = ? WHERE id = ?';
  const changed = await scope.connection.run(sql, [name, status, optional(policy, id), optional(limits, id), scope.time(), id]);
  if (changed === 0) throw new NotFoundError('tenant', id);
}

function optional(value: Plain, tenant: string): string | null {
  return value === undefined ? null : textOf(value, `the tenant ${tenant}`);
}

import type { Plain } from '../../json/plain.ts';
import { NotFoundError } from '../errors.ts';
import type { NewTenant, Tenant } from '../port.ts';
import { jsonText } from '../validate.ts';
import { toTenant } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** The tenants themselves are visible to every view. */

export async function createTenant(view: TenantView, { id, name, status = 'active', policy, limits }: NewTenant): Promise<void> {
  const now = view.time();
  const row = { id, name, status, policy_json: optional(policy, id), limits_json: optional(limits, id), created_at: now, updated_at: now };
  await view.insert('tenants', row);
}

export async function getTenant(view: TenantView, tenantId: string): Promise<Tenant | undefined> {
  const [row] = await view.connection.all('SELECT * FROM tenants WHERE id = ?', [tenantId]);
  return row && toTenant(row);
}

export async function listTenants(view: TenantView): Promise<Tenant[]> {
  return (await view.connection.all(`SELECT * FROM tenants ORDER BY created_at, ${view.connection.dialect.insertionOrder}`, [])).map(toTenant);
}

export async function updateTenant(view: TenantView, { id, name, status = 'active', policy, limits }: NewTenant): Promise<void> {
  const sql = 'UPDATE tenants SET name = ?, status = ?, policy_json = ?, limits_json = ?, updated_at = ? WHERE id = ?';
  const changed = await view.connection.run(sql, [name, status, optional(policy, id), optional(limits, id), view.time(), id]);
  if (changed === 0) throw new NotFoundError('tenant', id);
}

function optional(value: Plain, tenant: string): string | null {
  return value === undefined ? null : jsonText(value, `the tenant ${tenant}`);
}

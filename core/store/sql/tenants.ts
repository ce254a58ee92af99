import { checkedTenant, checkedTenantUpdate } from '../checked/tenants.ts';
import { NotFoundError } from '../errors.ts';
import type { NewTenant, Tenant, TenantUpdate } from '../port.ts';
import { isStorable } from '../validate.ts';
import { toTenant } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** The tenants themselves are visible to every view. */

export async function createTenant(view: TenantView, tenant: NewTenant): Promise<void> {
  const { id, name, status, policy, limits } = checkedTenant(tenant);
  const now = view.time();
  const row = { id, name, status, policy_json: policy ?? null, limits_json: limits ?? null, created_at: now, updated_at: now };
  await view.insert('tenants', row, `A tenant "${id}" exists already.`);
}

export async function getTenant(view: TenantView, tenantId: string): Promise<Tenant | undefined> {
  if (!isStorable(tenantId)) return undefined;
  const [row] = await view.connection.all('SELECT * FROM tenants WHERE id = ?', [tenantId]);
  return row && toTenant(row);
}

export async function listTenants(view: TenantView): Promise<Tenant[]> {
  return (await view.connection.all(`SELECT * FROM tenants ORDER BY created_at, ${view.connection.dialect.insertionOrder}`, [])).map(toTenant);
}

export async function updateTenant(view: TenantView, update: TenantUpdate): Promise<void> {
  const { id, ...changes } = checkedTenantUpdate(update);
  const columns = [
    ...(changes.name === undefined ? [] : [['name', changes.name] as const]),
    ...(changes.status === undefined ? [] : [['status', changes.status] as const]),
    ...('policy' in changes ? [['policy_json', changes.policy ?? null] as const] : []),
    ...('limits' in changes ? [['limits_json', changes.limits ?? null] as const] : []),
    ['updated_at', view.time()] as const,
  ];
  const sql = `UPDATE tenants SET ${columns.map(([name]) => `${name} = ?`).join(', ')} WHERE id = ?`;
  if ((await view.connection.run(sql, [...columns.map(([, value]) => value), id])) === 0) throw new NotFoundError('tenant', id);
}

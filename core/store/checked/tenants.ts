import { DatabaseError } from '../errors.ts';
import type * as port from '../port.ts';
import { jsonText, requireText, shown } from '../validate.ts';

export interface CheckedTenant {
  readonly id: string;
  readonly name: string;
  readonly status: port.TenantStatus;
  readonly policy: string | undefined;
  readonly limits: string | undefined;
}

export function checkedTenant({ id, name, status, policy, limits }: port.NewTenant): CheckedTenant {
  const changes = checkedTenantUpdate({ id, name: requireText(name, `name of tenant ${shown(id)}`), status: status ?? 'active', policy, limits });
  return { status: 'active', name, policy: undefined, limits: undefined, ...changes };
}

/** The parts of a tenant that are given, and so change. */
export type TenantChanges = Pick<CheckedTenant, 'id'> & Partial<CheckedTenant>;

export function checkedTenantUpdate({ id, name, status, policy, limits }: port.TenantUpdate): TenantChanges {
  const where = `tenant ${shown(id)}`;
  if (status !== undefined && status !== null && !TENANT_STATUSES.includes(status)) {
    throw new DatabaseError(`The status of ${where} is ${shown(status)}; one of ${TENANT_STATUSES.join(', ')} is required.`);
  }
  return {
    id: requireText(id, 'id of a tenant'),
    ...(name !== undefined && name !== null && { name: requireText(name, `name of ${where}`) }),
    ...(status !== undefined && status !== null && { status }),
    ...(policy !== undefined && { policy: policy === null ? undefined : jsonText(policy, `the policy of ${where}`) }),
    ...(limits !== undefined && { limits: limits === null ? undefined : jsonText(limits, `the limits of ${where}`) }),
  };
}

const TENANT_STATUSES: readonly port.TenantStatus[] = ['active', 'suspended', 'archived'];

export function checkedToken(name: string, role: string): { readonly name: string; readonly role: string } {
  return { name: requireText(name, 'name of a token'), role: requireText(role, `role of the token ${shown(name)}`) };
}

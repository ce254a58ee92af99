import { randomUUID } from 'node:crypto';
import { checkedToken } from '../checked/tenants.ts';
import { NotFoundError } from '../errors.ts';
import type { ApiToken } from '../port.ts';
import { newToken, tokenHash } from '../token.ts';
import { isStorable, parseId } from '../validate.ts';
import { toToken } from './answers.ts';
import type { TenantView } from './tenant-view.ts';

export function createToken(view: TenantView, name: string, role: string): { readonly token: string; readonly info: ApiToken } {
  const token = newToken();
  view.requireTenant(view.ownTenant);
  const info: ApiToken = { id: randomUUID(), ...checkedToken(name, role), createdAt: view.time(), expiresAt: undefined, tenantId: view.ownTenant };
  view.tables.tokens.set(info.id, { ...info, hash: tokenHash(token), revoked: false });
  return { token, info };
}

export function validateToken({ tables, isVisible }: TenantView, token: string): ApiToken | undefined {
  if (!isStorable(token)) return undefined;
  const hash = tokenHash(token);
  const held = [...tables.tokens.values()].find((known) => known.hash === hash && !known.revoked && isVisible(known));
  return held && toToken(held);
}

export function revokeToken({ tables, isVisible }: TenantView, tokenId: string): void {
  const held = tables.tokens.get(parseId(tokenId) ?? '');
  if (held === undefined || held.revoked || !isVisible(held)) throw new NotFoundError('token', tokenId);
  tables.tokens.set(held.id, { ...held, revoked: true });
}

export function listTokens({ tables, isVisible }: TenantView): ApiToken[] {
  return [...tables.tokens.values()].filter((held) => !held.revoked && isVisible(held)).map(toToken);
}

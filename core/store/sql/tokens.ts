import { randomUUID } from 'node:crypto';
import { checkedToken } from '../checked/tenants.ts';
import { NotFoundError } from '../errors.ts';
import type { ApiToken } from '../port.ts';
import { newToken, tokenHash } from '../token.ts';
import { isStorable, parseId } from '../validate.ts';
import { text, toToken } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

export async function createToken(view: TenantView, name: string, role: string): Promise<{ readonly token: string; readonly info: ApiToken }> {
  const token = newToken();
  const info: ApiToken = { id: randomUUID(), ...checkedToken(name, role), createdAt: view.time(), expiresAt: undefined, tenantId: view.ownTenant };
  const row = { id: info.id, token_hash: tokenHash(token), name, role, created_at: info.createdAt, tenant_id: info.tenantId };
  await view.insert('api_tokens', row, `A token ${info.id} exists already.`);
  return { token, info };
}

export async function validateToken(view: TenantView, token: string): Promise<ApiToken | undefined> {
  if (!isStorable(token)) return undefined;
  const now = view.time();
  const valid = 'token_hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)';
  const row = await view.get(`SELECT * FROM api_tokens WHERE ${valid}`, tokenHash(token), now);
  if (row === undefined) return undefined;
  await view.change('UPDATE api_tokens SET last_used_at = ? WHERE id = ?', now, text(row['id']));
  return toToken(row);
}

export async function revokeToken(view: TenantView, tokenId: string): Promise<void> {
  const id = parseId(tokenId);
  const sql = 'UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL';
  if (id === undefined || (await view.change(sql, view.time(), id)) === 0) throw new NotFoundError('token', tokenId);
}

export async function listTokens(view: TenantView): Promise<ApiToken[]> {
  const { insertionOrder } = view.connection.dialect;
  return (await view.all('SELECT * FROM api_tokens WHERE revoked_at IS NULL', [], `ORDER BY created_at, ${insertionOrder}`)).map(toToken);
}

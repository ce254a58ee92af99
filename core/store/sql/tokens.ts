import { randomUUID } from 'node:crypto';
import { knownId } from '../checked.ts';
import { NotFoundError } from '../errors.ts';
import type { ApiToken } from '../port.ts';
import { newToken, tokenHash } from '../token.ts';
import { text, toToken } from './rows.ts';
import type { Scope } from './scope.ts';

export async function createToken(scope: Scope, name: string, role: string): Promise<{ readonly token: string; readonly info: ApiToken }> {
  const token = newToken();
  const info: ApiToken = { id: randomUUID(), name, role, createdAt: scope.time(), expiresAt: undefined, tenantId: scope.owner() };
  await scope.insert('api_tokens', { id: info.id, token_hash: tokenHash(token), name, role, created_at: info.createdAt, tenant_id: info.tenantId });
  return { token, info };
}

export async function validateToken(scope: Scope, token: string): Promise<ApiToken | undefined> {
  const now = scope.time();
  const valid = 'token_hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)';
  const row = await scope.get(`SELECT * FROM api_tokens WHERE ${valid}`, tokenHash(token), now);
  if (row === undefined) return undefined;
  await scope.change('UPDATE api_tokens SET last_used_at = ? WHERE id = ?', now, text(row['id']));
  return toToken(row);
}

export async function revokeToken(scope: Scope, tokenId: string): Promise<void> {
  const id = knownId(tokenId);
  const sql = 'UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL';
  if (id === undefined || (await scope.change(sql, scope.time(), id)) === 0) throw new NotFoundError('token', tokenId);
}

export async function listTokens(scope: Scope): Promise<ApiToken[]> {
  const { arrival } = scope.connection.dialect;
  return (await scope.all('SELECT * FROM api_tokens WHERE revoked_at IS NULL', [], `ORDER BY created_at, ${arrival}`)).map(toToken);
}

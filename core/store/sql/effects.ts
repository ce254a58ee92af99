import type { Json } from '../../json/value.ts';
import { hashOf } from '../artifact.ts';
import { idOf, textOf } from '../checked.ts';
import type { Artifact, Reservation, ReservationResult, ToolEffect } from '../port.ts';
import { parse, text } from './rows.ts';
import type { Scope } from './scope.ts';

export async function recordToolEffect(scope: Scope, { idempotencyKey, executionId, nodeId, result }: ToolEffect): Promise<void> {
  scope.needs(6);
  await scope.insert(
    'tool_effects',
    {
      idempotency_key: idempotencyKey,
      execution_id: idOf(executionId, 'an execution'),
      node_id: nodeId,
      result_json: textOf(result, `the effect ${idempotencyKey}`),
      tenant_id: scope.owner(),
      recorded_at: scope.time(),
    },
    'ON CONFLICT (idempotency_key) DO NOTHING',
  );
}

export async function getToolEffect(scope: Scope, idempotencyKey: string): Promise<Json | undefined> {
  scope.needs(6);
  const row = await scope.get('SELECT result_json FROM tool_effects WHERE idempotency_key = ?', idempotencyKey);
  return row && parse(row['result_json'], `the effect ${idempotencyKey}`);
}

export async function reserveToolEffect(
  scope: Scope,
  { idempotencyKey, executionId, nodeId, owner, fence, timeToLive }: Reservation,
): Promise<ReservationResult> {
  scope.needs(11);
  const tenant = scope.owner();
  const row = {
    idempotency_key: idempotencyKey,
    execution_id: idOf(executionId, 'an execution'),
    node_id: nodeId,
    owner,
    lease_fence: fence,
    expires_at: scope.time(timeToLive),
    tenant_id: tenant,
    reserved_at: scope.time(),
  };
  const taken = ['execution_id', 'node_id', 'owner', 'lease_fence', 'expires_at', 'reserved_at'].map((name) => `${name} = excluded.${name}`).join(', ');
  await scope.insert(
    'tool_reservations',
    row,
    `ON CONFLICT (tenant_id, idempotency_key) DO UPDATE SET ${taken}
     WHERE tool_reservations.owner = excluded.owner OR tool_reservations.expires_at <= excluded.reserved_at`,
  );
  const [held] = await scope.connection.all('SELECT owner, expires_at FROM tool_reservations WHERE idempotency_key = ? AND tenant_id = ?', [
    idempotencyKey,
    tenant,
  ]);
  if (held === undefined || held['owner'] === owner) return { outcome: 'acquired' };
  return { outcome: 'held', owner: text(held['owner']), expiresAt: text(held['expires_at']) };
}

export async function releaseToolReservation(scope: Scope, idempotencyKey: string, owner: string, fence: number): Promise<void> {
  scope.needs(11);
  await scope.connection.run('DELETE FROM tool_reservations WHERE idempotency_key = ? AND owner = ? AND lease_fence = ? AND tenant_id = ?', [
    idempotencyKey,
    owner,
    fence,
    scope.owner(),
  ]);
}

export async function putArtifact(scope: Scope, bytes: Uint8Array, mediaType?: string): Promise<Artifact> {
  scope.needs(10);
  const hash = hashOf(bytes);
  await scope.insert(
    'artifacts',
    { tenant_id: scope.owner(), hash, bytes, size: bytes.length, media_type: mediaType ?? null, created_at: scope.time() },
    'ON CONFLICT (tenant_id, hash) DO NOTHING',
  );
  const row = await scope.get('SELECT media_type FROM artifacts WHERE hash = ?', hash);
  const kept = row?.['media_type'];
  return { hash, size: bytes.length, mediaType: typeof kept === 'string' ? kept : undefined };
}

export async function getArtifact(scope: Scope, hash: string): Promise<Uint8Array | undefined> {
  scope.needs(10);
  const row = await scope.get('SELECT bytes FROM artifacts WHERE hash = ?', hash);
  return row?.['bytes'] instanceof Uint8Array ? new Uint8Array(row['bytes']) : undefined;
}

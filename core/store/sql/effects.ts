import type { Json } from '../../json/value.ts';
import { artifactHash } from '../artifact.ts';
import type { Artifact, Reservation, ReservationResult, ToolEffect } from '../port.ts';
import { jsonText, requireId } from '../validate.ts';
import { parse, text } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

export async function recordToolEffect(view: TenantView, { idempotencyKey, executionId, nodeId, result }: ToolEffect): Promise<void> {
  view.requireGeneration(6);
  await view.insert(
    'tool_effects',
    {
      idempotency_key: idempotencyKey,
      execution_id: requireId(executionId, 'an execution'),
      node_id: nodeId,
      result_json: jsonText(result, `the effect ${idempotencyKey}`),
      tenant_id: view.tenantOf(),
      recorded_at: view.time(),
    },
    'ON CONFLICT (idempotency_key) DO NOTHING',
  );
}

export async function getToolEffect(view: TenantView, idempotencyKey: string): Promise<Json | undefined> {
  view.requireGeneration(6);
  const row = await view.get('SELECT result_json FROM tool_effects WHERE idempotency_key = ?', idempotencyKey);
  return row && parse(row['result_json'], `the effect ${idempotencyKey}`);
}

export async function reserveToolEffect(
  view: TenantView,
  { idempotencyKey, executionId, nodeId, owner, fence, timeToLive }: Reservation,
): Promise<ReservationResult> {
  view.requireGeneration(11);
  const tenant = view.tenantOf();
  const row = {
    idempotency_key: idempotencyKey,
    execution_id: requireId(executionId, 'an execution'),
    node_id: nodeId,
    owner,
    lease_fence: fence,
    expires_at: view.time(timeToLive),
    tenant_id: tenant,
    reserved_at: view.time(),
  };
  const replaced = ['execution_id', 'node_id', 'owner', 'lease_fence', 'expires_at', 'reserved_at'].map((name) => `${name} = excluded.${name}`).join(', ');
  await view.insert(
    'tool_reservations',
    row,
    `ON CONFLICT (tenant_id, idempotency_key) DO UPDATE SET ${replaced}
     WHERE tool_reservations.owner = excluded.owner OR tool_reservations.expires_at <= excluded.reserved_at`,
  );
  const [held] = await view.connection.all('SELECT owner, expires_at FROM tool_reservations WHERE idempotency_key = ? AND tenant_id = ?', [
    idempotencyKey,
    tenant,
  ]);
  if (held === undefined || held['owner'] === owner) return { outcome: 'acquired' };
  return { outcome: 'held', owner: text(held['owner']), expiresAt: text(held['expires_at']) };
}

export async function releaseToolReservation(view: TenantView, idempotencyKey: string, owner: string, fence: number): Promise<void> {
  view.requireGeneration(11);
  await view.connection.run('DELETE FROM tool_reservations WHERE idempotency_key = ? AND owner = ? AND lease_fence = ? AND tenant_id = ?', [
    idempotencyKey,
    owner,
    fence,
    view.tenantOf(),
  ]);
}

export async function putArtifact(view: TenantView, bytes: Uint8Array, mediaType?: string): Promise<Artifact> {
  view.requireGeneration(10);
  const hash = artifactHash(bytes);
  await view.insert(
    'artifacts',
    { tenant_id: view.tenantOf(), hash, bytes, size: bytes.length, media_type: mediaType ?? null, created_at: view.time() },
    'ON CONFLICT (tenant_id, hash) DO NOTHING',
  );
  const row = await view.get('SELECT media_type FROM artifacts WHERE hash = ?', hash);
  const kept = row?.['media_type'];
  return { hash, size: bytes.length, mediaType: typeof kept === 'string' ? kept : undefined };
}

export async function getArtifact(view: TenantView, hash: string): Promise<Uint8Array | undefined> {
  view.requireGeneration(10);
  const row = await view.get('SELECT bytes FROM artifacts WHERE hash = ?', hash);
  return row?.['bytes'] instanceof Uint8Array ? new Uint8Array(row['bytes']) : undefined;
}

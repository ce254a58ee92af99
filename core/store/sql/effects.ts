import type { Json } from '../../json/value.ts';
import { artifactHash } from '../artifact.ts';
import { checkedArtifact, checkedEffect, checkedReservation } from '../checked/effects.ts';
import type { Artifact, Fence, Optional, Reservation, ReservationResult, ToolEffect } from '../port.ts';
import { isStorable, requireFence } from '../validate.ts';
import { parse, text } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** Effects of tool calls, their reservations, and artifacts. Their tables do not refer to the tenants. */

export async function recordToolEffect(view: TenantView, effect: ToolEffect): Promise<void> {
  view.requireGeneration(6, 'recordToolEffect');
  const { idempotencyKey, executionId, nodeId, result } = checkedEffect(effect);
  await view.requireTenant();
  await view.insert(
    'tool_effects',
    {
      idempotency_key: idempotencyKey,
      execution_id: executionId,
      node_id: nodeId,
      result_json: result,
      tenant_id: view.ownTenant,
      recorded_at: view.time(),
    },
    `An effect "${idempotencyKey}" exists already.`,
    'ON CONFLICT (idempotency_key) DO NOTHING',
  );
}

export async function getToolEffect(view: TenantView, idempotencyKey: string): Promise<Json | undefined> {
  view.requireGeneration(6, 'getToolEffect');
  if (!isStorable(idempotencyKey)) return undefined;
  const row = await view.get('SELECT result_json FROM tool_effects WHERE idempotency_key = ?', idempotencyKey);
  return row && parse(row['result_json'], `the effect ${idempotencyKey}`);
}

export async function reserveToolEffect(view: TenantView, reservation: Reservation): Promise<ReservationResult> {
  view.requireGeneration(11, 'reserveToolEffect');
  const { idempotencyKey, executionId, nodeId, owner, fence, timeToLive } = checkedReservation(reservation);
  const tenant = view.ownTenant;
  const row = {
    idempotency_key: idempotencyKey,
    execution_id: executionId,
    node_id: nodeId,
    owner,
    lease_fence: fence,
    expires_at: view.time(timeToLive),
    tenant_id: tenant,
    reserved_at: view.time(),
  };
  await view.requireTenant();
  const replaced = ['execution_id', 'node_id', 'owner', 'lease_fence', 'expires_at', 'reserved_at'].map((name) => `${name} = excluded.${name}`).join(', ');
  await view.insert(
    'tool_reservations',
    row,
    `A reservation "${idempotencyKey}" exists already.`,
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

export async function releaseToolReservation(view: TenantView, idempotencyKey: string, owner: string, fence: Fence): Promise<void> {
  view.requireGeneration(11, 'releaseToolReservation');
  const checked = requireFence(fence, `the reservation ${JSON.stringify(idempotencyKey)}`);
  if (!isStorable(idempotencyKey) || !isStorable(owner)) return;
  const sql = 'DELETE FROM tool_reservations WHERE idempotency_key = ? AND owner = ? AND lease_fence = ? AND tenant_id = ?';
  await view.connection.run(sql, [idempotencyKey, owner, checked, view.ownTenant]);
}

export async function putArtifact(view: TenantView, given: Uint8Array, type?: Optional<string>): Promise<Artifact> {
  view.requireGeneration(10, 'putArtifact');
  const { bytes, mediaType } = checkedArtifact(given, type);
  await view.requireTenant();
  const hash = artifactHash(bytes);
  await view.insert(
    'artifacts',
    { tenant_id: view.ownTenant, hash, bytes, size: bytes.length, media_type: mediaType ?? null, created_at: view.time() },
    `An artifact ${hash} exists already.`,
    'ON CONFLICT (tenant_id, hash) DO NOTHING',
  );
  const [row] = await view.connection.all('SELECT media_type FROM artifacts WHERE hash = ? AND tenant_id = ?', [hash, view.ownTenant]);
  const kept = row?.['media_type'];
  return { hash, size: bytes.length, mediaType: typeof kept === 'string' ? kept : undefined };
}

export async function getArtifact(view: TenantView, hash: string): Promise<Uint8Array | undefined> {
  view.requireGeneration(10, 'getArtifact');
  if (!isStorable(hash)) return undefined;
  const [row] = await view.connection.all('SELECT bytes FROM artifacts WHERE hash = ? AND tenant_id = ?', [hash, view.ownTenant]);
  return row?.['bytes'] instanceof Uint8Array ? new Uint8Array(row['bytes']) : undefined;
}

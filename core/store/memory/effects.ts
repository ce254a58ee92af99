import { parseJson } from '../../json/read.ts';
import type { Json } from '../../json/value.ts';
import { artifactHash } from '../artifact.ts';
import { checkedArtifact, checkedEffect, checkedReservation } from '../checked/effects.ts';
import type * as port from '../port.ts';
import { requireFence } from '../validate.ts';
import type { TenantView } from './tenant-view.ts';

/** Effects of tool calls, their reservations, and artifacts. */

export function recordToolEffect(view: TenantView, effect: port.ToolEffect): void {
  const checked = checkedEffect(effect);
  view.requireTenant(view.ownTenant);
  const { effects } = view.tables;
  if (!effects.has(checked.idempotencyKey)) effects.set(checked.idempotencyKey, { ...checked, tenantId: view.ownTenant });
}

export function getToolEffect({ tables, isVisible }: TenantView, idempotencyKey: string): Json | undefined {
  const effect = tables.effects.get(idempotencyKey);
  return effect !== undefined && isVisible(effect) ? parseJson(effect.result) : undefined;
}

export function reserveToolEffect(view: TenantView, reservation: port.Reservation): port.ReservationResult {
  const { idempotencyKey, owner, fence, timeToLive } = checkedReservation(reservation);
  const expiresAt = view.time(timeToLive);
  view.requireTenant(view.ownTenant);
  const { reservations } = view.tables;
  const key = keyOf(view, idempotencyKey);
  const held = reservations.get(key);
  if (held !== undefined && held.owner !== owner && held.expiresAt > view.time()) return { outcome: 'held', owner: held.owner, expiresAt: held.expiresAt };
  reservations.set(key, { owner, fence, expiresAt });
  return { outcome: 'acquired' };
}

export function releaseToolReservation(view: TenantView, idempotencyKey: string, owner: string, fence: port.Fence): void {
  const checked = requireFence(fence, `the reservation ${JSON.stringify(idempotencyKey)}`);
  const key = keyOf(view, idempotencyKey);
  const held = view.tables.reservations.get(key);
  if (held?.owner === owner && held.fence === checked) view.tables.reservations.delete(key);
}

export function putArtifact(view: TenantView, given: Uint8Array, type?: port.Optional<string>): port.Artifact {
  const { bytes, mediaType } = checkedArtifact(given, type);
  view.requireTenant(view.ownTenant);
  const hash = artifactHash(bytes);
  const key = keyOf(view, hash);
  const kept = view.tables.artifacts.get(key) ?? { bytes: new Uint8Array(bytes), mediaType };
  view.tables.artifacts.set(key, kept);
  return { hash, size: bytes.length, mediaType: kept.mediaType };
}

export function getArtifact(view: TenantView, hash: string): Uint8Array | undefined {
  const kept = view.tables.artifacts.get(keyOf(view, hash));
  return kept && new Uint8Array(kept.bytes);
}

/** A key that is unique within a tenant. */
function keyOf({ ownTenant }: TenantView, key: string): string {
  return JSON.stringify([ownTenant, key]);
}

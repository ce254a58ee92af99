import { DatabaseError } from '../errors.ts';
import type * as port from '../port.ts';
import { jsonText, optionalText, requireFence, requireId, requireMilliseconds, requireText, shown } from '../validate.ts';

export interface CheckedEffect {
  readonly idempotencyKey: string;
  readonly executionId: string;
  readonly nodeId: string;
  readonly result: string;
}

export function checkedEffect({ idempotencyKey, executionId, nodeId, result }: port.ToolEffect): CheckedEffect {
  const where = `the effect ${shown(idempotencyKey)}`;
  return {
    idempotencyKey: requireText(idempotencyKey, 'idempotency key of an effect'),
    executionId: requireId(executionId, 'an execution'),
    nodeId: requireText(nodeId, `nodeId of ${where}`),
    result: jsonText(result, where),
  };
}

export function checkedReservation(reservation: port.Reservation): port.Reservation {
  const { idempotencyKey, executionId, nodeId, owner, fence, timeToLive } = reservation;
  const where = `the reservation ${shown(idempotencyKey)}`;
  return {
    idempotencyKey: requireText(idempotencyKey, 'idempotency key of a reservation'),
    executionId: requireId(executionId, 'an execution'),
    nodeId: requireText(nodeId, `nodeId of ${where}`),
    owner: requireText(owner, `owner of ${where}`),
    fence: requireFence(fence, where),
    timeToLive: requireMilliseconds(timeToLive, `timeToLive of ${where}`),
  };
}

export interface CheckedArtifact {
  readonly bytes: Uint8Array;
  readonly mediaType: string | undefined;
}

export function checkedArtifact(bytes: Uint8Array, mediaType: port.Optional<string>): CheckedArtifact {
  if (!(bytes instanceof Uint8Array)) throw new DatabaseError(`The bytes of an artifact are ${shown(bytes)}; a Uint8Array is required.`);
  return { bytes, mediaType: optionalText(mediaType, 'media type of an artifact') };
}

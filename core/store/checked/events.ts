import type { Status } from '../../jamjet/status.ts';
import type { Plain } from '../../json/plain.ts';
import { compareKeys } from '../../json/value.ts';
import { DatabaseError } from '../errors.ts';
import { eventText, typeOf } from '../event-text.ts';
import type * as port from '../port.ts';
import { tenantOfRecord } from '../tenant.ts';
import { integerOr, jsonText, requireId, requireInteger, requireStatus, requireTime, shown } from '../validate.ts';

export interface CheckedEvent {
  readonly id: string;
  readonly executionId: string;
  readonly kind: string;
  readonly createdAt: string;
  readonly tenantId: string;
}

export function checkedEvent(event: port.NewEvent<Plain>, { unknownKinds }: port.AppendOptions, generation: number, view: string | undefined): CheckedEvent {
  const id = requireId(event.id, 'an event');
  const executionId = requireId(event.executionId, 'an execution');
  const where = `event ${id} of ${executionId}`;
  return {
    id,
    executionId,
    kind: eventText(event.kind, where, { generation, unknownKinds: unknownKinds === true }),
    createdAt: requireTime(event.createdAt, `createdAt of ${where}`),
    tenantId: tenantOfRecord(view, event.tenantId, where),
  };
}

/** The type of an event that ends a node's turn. */
export function checkedTurnEnd({ itemId, event }: port.Turn): 'node_completed' | 'node_failed' {
  const type = typeOf(event.kind);
  if (type === 'node_completed' || type === 'node_failed') return type;
  throw new DatabaseError(`The turn of work item ${itemId} must end with node_completed or node_failed, not with ${shown(type)}.`);
}

/** What of the log is read: the events after `sequence`. */
export function checkedRange(
  executionId: string,
  sequence: number,
  limit: port.Optional<number>,
): { readonly sequence: number; readonly limit: number | undefined } {
  return {
    sequence: requireInteger(sequence, `sequence after which events of ${executionId} are read`, Number.MIN_SAFE_INTEGER),
    limit: limit === undefined || limit === null ? undefined : requireInteger(limit, `limit of the events of ${executionId}`),
  };
}

/** The sequence up to which a snapshot is searched. */
export function checkedMoment(executionId: string, sequence: number): number {
  return requireInteger(sequence, `sequence at which a snapshot of ${executionId} is searched`, Number.MIN_SAFE_INTEGER);
}

export interface CheckedSnapshot {
  readonly id: string;
  readonly executionId: string;
  readonly atSequence: number;
  readonly state: string;
  readonly createdAt: string;
  readonly tenantId: string;
  /** Stored from generation 5 on. */
  readonly materialized: { readonly status: Status; readonly completedNodes: string; readonly activeNodes: string; readonly lastSequence: number };
}

export function checkedSnapshot(snapshot: port.Snapshot, generation: number, view: string | undefined): CheckedSnapshot {
  const executionId = requireId(snapshot.executionId, 'an execution');
  const atSequence = requireInteger(snapshot.atSequence, `atSequence of a snapshot of ${executionId}`);
  const where = `the snapshot of ${executionId} at ${atSequence}`;
  const { status, completedNodes, activeNodes, lastSequence } = snapshot;
  const given = Object.entries({ status, completedNodes, activeNodes, lastSequence }).filter(([, value]) => value !== undefined && value !== null);
  if (generation < 5 && given.length > 0) {
    const names = given.map(([name]) => name).join(', ');
    throw new DatabaseError(`This database is of generation ${generation}; storing ${names} with ${where} needs generation 5.`);
  }
  return {
    id: requireId(snapshot.id, 'a snapshot'),
    executionId,
    atSequence,
    state: jsonText(snapshot.state, where),
    createdAt: requireTime(snapshot.createdAt, `createdAt of ${where}`),
    tenantId: tenantOfRecord(view, snapshot.tenantId, where),
    materialized: {
      status: requireStatus(status ?? 'pending', where),
      completedNodes: jsonText(completedNodes ?? {}, where),
      activeNodes: jsonText([...(activeNodes ?? [])].sort(compareKeys), where),
      lastSequence: integerOr(atSequence, lastSequence, `lastSequence of ${where}`),
    },
  };
}

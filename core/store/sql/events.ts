import { compareKeys } from '../../json/value.ts';
import { idOf, kindText, knownId, statusOf, textOf, timeOf } from '../checked.ts';
import { DatabaseError, SequenceConflictError } from '../errors.ts';
import type { NewEvent, Snapshot, StoredEvent, StoredSnapshot } from '../port.ts';
import { noExecution } from '../tenant.ts';
import { toEvent, toSnapshot } from './rows.ts';
import type { Scope } from './scope.ts';

/** How often an append is tried again when a program that does not lock took its sequence. */
const TRIES = 10;

/**
 * One statement: it locks the execution's row, takes the highest sequence and one more. A database that looks at its
 * rows as they were before the lock was granted (Postgres) may find that sequence taken; with the lock held first it
 * sees all that other writers of this kind committed.
 */
export async function appendEvent(scope: Scope, event: NewEvent): Promise<number> {
  const row = rowOf(scope, event);
  if (scope.tenant !== undefined) await scope.mustSee(row.executionId);
  // Inside a transaction a failed statement would be the end of it: the lock comes first.
  if (scope.connection.inside) return appendLocked(scope, row);
  for (let tries = 1; ; tries++) {
    try {
      return await (tries === 1 ? inserted(scope, row) : scope.transaction((inside) => appendLocked(inside, row)));
    } catch (error) {
      if (!(error instanceof SequenceConflictError) || tries === TRIES) throw error;
    }
  }
}

async function appendLocked(scope: Scope, row: EventRow): Promise<number> {
  const { lock } = scope.connection.dialect;
  if (lock !== '') await scope.connection.all(`SELECT 1 FROM workflow_executions WHERE execution_id = ?${lock}`, [row.executionId]);
  return inserted(scope, row);
}

interface EventRow {
  readonly id: string;
  readonly executionId: string;
  readonly kind: string;
  readonly createdAt: string;
  readonly tenant: string;
}

function rowOf(scope: Scope, { id, executionId, kind, createdAt, tenantId }: NewEvent): EventRow {
  return {
    id: idOf(id, 'an event'),
    executionId: idOf(executionId, 'an execution'),
    kind: kindText(kind),
    createdAt: timeOf(createdAt),
    tenant: scope.owner({ tenantId }),
  };
}

async function inserted(scope: Scope, { id, executionId, kind, createdAt, tenant }: EventRow): Promise<number> {
  const [row] = await scope.connection.all(scope.connection.dialect.append, [id, kind, createdAt, tenant, executionId]);
  if (row === undefined) throw noExecution(executionId);
  return Number(row['sequence']);
}

export async function getEventsSince(scope: Scope, executionId: string, sequence: number, limit?: number): Promise<StoredEvent[]> {
  const id = knownId(executionId);
  if (id === undefined) return [];
  const [tail, params] = limit === undefined ? ['', []] : [' LIMIT ?', [limit]];
  const select = 'SELECT id, execution_id, sequence, kind_json, created_at, tenant_id FROM events WHERE execution_id = ? AND sequence > ?';
  return (await scope.all(select, [id, sequence], `ORDER BY sequence${tail}`, params)).map(toEvent);
}

export async function latestSequence(scope: Scope, executionId: string): Promise<number> {
  const id = knownId(executionId);
  const row = id && (await scope.get('SELECT coalesce(max(sequence), 0) AS latest FROM events WHERE execution_id = ?', id));
  return row ? Number(row['latest']) : 0;
}

export async function writeSnapshot(scope: Scope, snapshot: Snapshot): Promise<void> {
  const id = idOf(snapshot.executionId, 'an execution');
  if (!Number.isSafeInteger(snapshot.atSequence)) throw new DatabaseError(`${snapshot.atSequence} is not a sequence to take a snapshot at.`);
  const where = `the snapshot of ${id} at ${snapshot.atSequence}`;
  const row = {
    id: idOf(snapshot.id, 'a snapshot'),
    execution_id: id,
    at_sequence: snapshot.atSequence,
    state_json: textOf(snapshot.state, where),
    created_at: timeOf(snapshot.createdAt),
    tenant_id: scope.owner(snapshot),
    ...(scope.generation >= 5 && {
      status: statusOf(snapshot.status ?? 'running'),
      completed_nodes_json: textOf(snapshot.completedNodes ?? {}, where),
      active_nodes_json: textOf([...(snapshot.activeNodes ?? [])].sort(compareKeys), where),
      last_sequence: snapshot.lastSequence ?? 0,
    }),
  };
  const replaced = Object.keys(row).filter((name) => name !== 'execution_id' && name !== 'at_sequence');
  const update = `ON CONFLICT (execution_id, at_sequence) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  await scope.mustSee(id);
  await scope.insert('snapshots', row, update);
}

export async function snapshotAt(scope: Scope, executionId: string, sequence: number): Promise<StoredSnapshot | undefined> {
  const id = knownId(executionId);
  if (id === undefined) return undefined;
  const [row] = await scope.all('SELECT * FROM snapshots WHERE execution_id = ? AND at_sequence <= ?', [id, sequence], 'ORDER BY at_sequence DESC LIMIT 1');
  return row && toSnapshot(row);
}

import { compareKeys } from '../../json/value.ts';
import { DatabaseError, SequenceConflictError } from '../errors.ts';
import type { NewEvent, Snapshot, StoredEvent, StoredSnapshot } from '../port.ts';
import { unknownExecution } from '../tenant.ts';
import { eventText, jsonText, parseId, requireId, requireStatus, requireTime } from '../validate.ts';
import { toEvent, toSnapshot } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** How many times an append is attempted while a program that does not lock keeps taking its sequence. */
const MAX_ATTEMPTS = 10;

/**
 * Appends in one statement, which locks the execution's row and takes the next sequence. In Postgres the statement reads the
 * events as they were before the lock was granted, so the sequence may be taken. Then the next attempt acquires the lock in a
 * statement of its own and sees everything that other writers of this kind have committed.
 */
export async function appendEvent(view: TenantView, event: NewEvent): Promise<number> {
  const row = newEventRow(view, event);
  if (view.tenant !== undefined) await view.requireExecution(row.executionId);
  // In Postgres a failed statement would abort the caller's transaction, so the lock is acquired first.
  if (view.connection.inTransaction) return appendLocked(view, row);
  for (let attempt = 1; ; attempt++) {
    try {
      return await (attempt === 1 ? insertEvent(view, row) : view.transaction((inside) => appendLocked(inside, row)));
    } catch (error) {
      if (!(error instanceof SequenceConflictError) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function appendLocked(view: TenantView, row: EventRow): Promise<number> {
  const { lock } = view.connection.dialect;
  if (lock !== '') await view.connection.all(`SELECT 1 FROM workflow_executions WHERE execution_id = ?${lock}`, [row.executionId]);
  return insertEvent(view, row);
}

interface EventRow {
  readonly id: string;
  readonly executionId: string;
  readonly kind: string;
  readonly createdAt: string;
  readonly tenant: string;
}

function newEventRow(view: TenantView, { id, executionId, kind, createdAt, tenantId }: NewEvent): EventRow {
  return {
    id: requireId(id, 'an event'),
    executionId: requireId(executionId, 'an execution'),
    kind: eventText(kind),
    createdAt: requireTime(createdAt),
    tenant: view.tenantOf({ tenantId }),
  };
}

async function insertEvent(view: TenantView, { id, executionId, kind, createdAt, tenant }: EventRow): Promise<number> {
  const [row] = await view.connection.all(view.connection.dialect.append, [id, kind, createdAt, tenant, executionId]);
  if (row === undefined) throw unknownExecution(executionId);
  return Number(row['sequence']);
}

export async function getEventsSince(view: TenantView, executionId: string, sequence: number, limit?: number): Promise<StoredEvent[]> {
  const id = parseId(executionId);
  if (id === undefined) return [];
  const [tail, params] = limit === undefined ? ['', []] : [' LIMIT ?', [limit]];
  const select = 'SELECT id, execution_id, sequence, kind_json, created_at, tenant_id FROM events WHERE execution_id = ? AND sequence > ?';
  return (await view.all(select, [id, sequence], `ORDER BY sequence${tail}`, params)).map(toEvent);
}

export async function latestSequence(view: TenantView, executionId: string): Promise<number> {
  const id = parseId(executionId);
  const row = id && (await view.get('SELECT coalesce(max(sequence), 0) AS latest FROM events WHERE execution_id = ?', id));
  return row ? Number(row['latest']) : 0;
}

export async function writeSnapshot(view: TenantView, snapshot: Snapshot): Promise<void> {
  const id = requireId(snapshot.executionId, 'an execution');
  if (!Number.isSafeInteger(snapshot.atSequence)) throw new DatabaseError(`${snapshot.atSequence} is not a sequence at which a snapshot can be written.`);
  const where = `the snapshot of ${id} at ${snapshot.atSequence}`;
  const row = {
    id: requireId(snapshot.id, 'a snapshot'),
    execution_id: id,
    at_sequence: snapshot.atSequence,
    state_json: jsonText(snapshot.state, where),
    created_at: requireTime(snapshot.createdAt),
    tenant_id: view.tenantOf(snapshot),
    ...(view.generation >= 5 && {
      status: requireStatus(snapshot.status ?? 'running'),
      completed_nodes_json: jsonText(snapshot.completedNodes ?? {}, where),
      active_nodes_json: jsonText([...(snapshot.activeNodes ?? [])].sort(compareKeys), where),
      last_sequence: snapshot.lastSequence ?? 0,
    }),
  };
  const replaced = Object.keys(row).filter((name) => name !== 'execution_id' && name !== 'at_sequence');
  const update = `ON CONFLICT (execution_id, at_sequence) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  await view.requireExecution(id);
  await view.insert('snapshots', row, update);
}

export async function snapshotAt(view: TenantView, executionId: string, sequence: number): Promise<StoredSnapshot | undefined> {
  const id = parseId(executionId);
  if (id === undefined) return undefined;
  const [row] = await view.all('SELECT * FROM snapshots WHERE execution_id = ? AND at_sequence <= ?', [id, sequence], 'ORDER BY at_sequence DESC LIMIT 1');
  return row && toSnapshot(row);
}

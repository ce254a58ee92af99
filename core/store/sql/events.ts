import type { Plain } from '../../json/plain.ts';
import { type CheckedEvent, checkedEvent, checkedMoment, checkedRange, checkedSnapshot } from '../checked/events.ts';
import { SequenceConflictError } from '../errors.ts';
import type { AppendOptions, NewEvent, Optional, Snapshot, StoredEvent, StoredSnapshot } from '../port.ts';
import { unknownExecution } from '../tenant.ts';
import { parseId } from '../validate.ts';
import { integer, toEvent, toSnapshot } from './rows.ts';
import type { TenantView } from './tenant-view.ts';

/** How many times an append is attempted while a program that does not lock keeps taking its sequence. */
const MAX_ATTEMPTS = 10;

/**
 * Appends in one statement, which locks the execution's row and takes the next sequence. In Postgres the statement reads the
 * events as they were before the lock was granted, so the sequence may be taken. Then the next attempt acquires the lock in a
 * statement of its own and sees everything that other writers of this kind have committed.
 */
export async function appendEvent(view: TenantView, event: NewEvent<Plain>, options: AppendOptions): Promise<number> {
  const row = checkedEvent(event, options, view.generation, view.tenant);
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

async function appendLocked(view: TenantView, row: CheckedEvent): Promise<number> {
  const { lock } = view.connection.dialect;
  if (lock !== '') await view.connection.all(`SELECT 1 FROM workflow_executions WHERE execution_id = ?${lock}`, [row.executionId]);
  return insertEvent(view, row);
}

async function insertEvent(view: TenantView, { id, executionId, kind, createdAt, tenantId }: CheckedEvent): Promise<number> {
  const { connection } = view;
  try {
    const [row] = await connection.all(connection.dialect.append, [id, kind, createdAt, tenantId, executionId]);
    if (row === undefined) throw unknownExecution(executionId);
    return integer(row['sequence'], `The sequence of event ${id}`);
  } catch (error) {
    throw await view.explained(error, `An event ${id} exists already.`, tenantId, executionId);
  }
}

export async function getEventsSince(view: TenantView, executionId: string, after: number, most?: Optional<number>): Promise<StoredEvent[]> {
  const { sequence, limit } = checkedRange(executionId, after, most);
  const id = parseId(executionId);
  if (id === undefined) return [];
  const [tail, params] = limit === undefined ? ['', []] : [' LIMIT ?', [limit]];
  const select = 'SELECT id, execution_id, sequence, kind_json, created_at, tenant_id FROM events WHERE execution_id = ? AND sequence > ?';
  return (await view.all(select, [id, sequence], `ORDER BY sequence${tail}`, params)).map(toEvent);
}

export async function latestSequence(view: TenantView, executionId: string): Promise<number> {
  const id = parseId(executionId);
  const row = id && (await view.get('SELECT coalesce(max(sequence), 0) AS latest FROM events WHERE execution_id = ?', id));
  return row ? integer(row['latest'], `The latest sequence of ${executionId}`) : 0;
}

export async function writeSnapshot(view: TenantView, snapshot: Snapshot): Promise<void> {
  const checked = checkedSnapshot(snapshot, view.generation, view.tenant);
  const { id, executionId, materialized } = checked;
  const row = {
    id,
    execution_id: executionId,
    at_sequence: checked.atSequence,
    state_json: checked.state,
    created_at: checked.createdAt,
    tenant_id: checked.tenantId,
    ...(view.generation >= 5 && {
      status: materialized.status,
      completed_nodes_json: materialized.completedNodes,
      active_nodes_json: materialized.activeNodes,
      last_sequence: materialized.lastSequence,
    }),
  };
  const replaced = Object.keys(row).filter((name) => name !== 'execution_id' && name !== 'at_sequence');
  const update = `ON CONFLICT (execution_id, at_sequence) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  await view.requireExecution(executionId);
  await view.insert('snapshots', row, `A snapshot ${id} exists already.`, update);
}

export async function snapshotAt(view: TenantView, executionId: string, at: number): Promise<StoredSnapshot | undefined> {
  const sequence = checkedMoment(executionId, at);
  const id = parseId(executionId);
  if (id === undefined) return undefined;
  const [row] = await view.all('SELECT * FROM snapshots WHERE execution_id = ? AND at_sequence <= ?', [id, sequence], 'ORDER BY at_sequence DESC LIMIT 1');
  return row && toSnapshot(row);
}

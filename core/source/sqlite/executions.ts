import type { TableColumns } from '../../jamjet/generation.ts';
import { hyphenated, idDigits } from '../../jamjet/ids.ts';
import type { ExecutionRow } from '../../jamjet/rows.ts';
import type { ExecutionSort } from '../../vocabulary.ts';
import { type ExecutionListing, type ExecutionPage, type ExecutionQuery, searchWords } from '../port.ts';
import type { Query, SqlRow, SqlValue } from './connection.ts';

interface ListedExecutions extends ExecutionPage {
  /** The ids that are not stored as text, by the text that is shown. */
  readonly storedIds: readonly (readonly [shown: string, stored: SqlValue])[];
}

/** One page of the list of executions. Only names from this file become part of a statement; values are bound. */
export function listExecutions(all: Query, columns: TableColumns, query: ExecutionQuery): ListedExecutions {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  if (query.status !== undefined) {
    conditions.push('x.status = ?');
    params.push(query.status);
  }
  if (query.workflow !== undefined) {
    conditions.push('x.workflow_id = ?');
    params.push(query.workflow);
  }
  const searched = ['x.execution_id', 'x.workflow_id', 'x.workflow_version', 'x.status', executionColumn(columns, 'tenant_id', "''")];
  for (const word of searchWords(query.text)) {
    conditions.push(`(${searched.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`);
    const digits = idDigits(word);
    params.push(contains(digits === undefined ? word : hyphenated(digits)), ...searched.slice(1).map(() => contains(word)));
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const direction = query.descending ? 'DESC' : 'ASC';
  const [count] = all(`SELECT count(*) FROM workflow_executions AS x ${where}`, ...params);
  const rows = all(
    `SELECT p.*, (SELECT count(*) FROM events AS e WHERE e.execution_id = p.execution_id),
         (SELECT count(*) FROM snapshots AS s WHERE s.execution_id = p.execution_id), ${lastSequenceOf('p')}
       FROM (SELECT ${executionColumns(columns)} FROM workflow_executions AS x ${where}
             ORDER BY ${orderBy(columns, query.sort)} ${direction}, x.execution_id LIMIT ? OFFSET ?) AS p`,
    ...params,
    query.limit,
    query.offset,
  );
  const storedIds = rows.filter(([id]) => typeof id !== 'string').map(([id]): [string, SqlValue] => [String(id), id as SqlValue]);
  return { rows: rows.map(toListing), total: Number(count?.[0] ?? 0), storedIds };
}

/** The columns of an execution (of the alias `x`), in the order in which {@link toExecution} expects them. */
export function executionColumns(columns: TableColumns): string {
  return `x.execution_id, x.workflow_id, x.workflow_version, x.status, x.started_at, x.updated_at, x.completed_at,
    ${executionColumn(columns, 'tenant_id', "'default'")}, ${executionColumn(columns, 'parent_execution_id', 'NULL')}, ${executionColumn(columns, 'segment_number', '0')}`;
}

/** A column that only some generations have, or its substitute. */
function executionColumn(columns: TableColumns, column: 'tenant_id' | 'parent_execution_id' | 'segment_number', substitute: string): string {
  return columns.get('workflow_executions')?.has(column) ? `x.${column}` : substitute;
}

function orderBy(columns: TableColumns, sort: ExecutionSort): string {
  const orders: Readonly<Record<ExecutionSort, string>> = {
    status: 'x.status',
    workflow: 'x.workflow_id || char(10) || x.workflow_version',
    started: 'x.started_at',
    updated: 'x.updated_at',
    duration: 'julianday(x.updated_at) - julianday(x.started_at)',
    events: lastSequenceOf('x'),
    snapshots: '(SELECT count(*) FROM snapshots AS s WHERE s.execution_id = x.execution_id)',
    // Not a number: in ORDER BY, that would mean a column of the result.
    tenant: executionColumn(columns, 'tenant_id', "''"),
    segment: executionColumn(columns, 'segment_number', "''"),
  };
  return orders[sort];
}

function lastSequenceOf(alias: string): string {
  return `(SELECT max(sequence) FROM events AS e WHERE e.execution_id = ${alias}.execution_id AND sequence <= 9007199254740991)`;
}

function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export function toExecution(row: SqlRow): ExecutionRow {
  const [id, workflowId, workflowVersion, status, startedAt, updatedAt, completedAt, tenantId, parentId, segment] = row;
  return {
    id: String(id),
    workflowId: String(workflowId),
    workflowVersion: String(workflowVersion),
    status: String(status),
    startedAt: String(startedAt),
    updatedAt: String(updatedAt),
    completedAt: completedAt === null ? undefined : String(completedAt),
    tenantId: String(tenantId),
    parentId: parentId === null ? undefined : String(parentId),
    segment: Number(segment),
  };
}

function toListing(row: SqlRow): ExecutionListing {
  return { ...toExecution(row), events: Number(row[10]), snapshots: Number(row[11]), lastSequence: Math.floor(Number(row[12] ?? 0)) };
}

import type { TableColumns } from '../../jamjet/generation.ts';
import { hyphenated, idDigits } from '../../jamjet/ids.ts';
import type { ExecutionRow } from '../../jamjet/rows.ts';
import type { ExecutionSort } from '../../vocabulary.ts';
import {
  type ExecutionFilter,
  type ExecutionListing,
  type ExecutionPage,
  type ExecutionQuery,
  type FacetCount,
  type LackingExecution,
  searchWords,
} from '../port.ts';
import type { Query, SqlRow, SqlValue } from './connection.ts';

interface ListedExecutions extends ExecutionPage {
  /** The ids that are not stored as text, by the text that is shown. */
  readonly storedIds: readonly (readonly [shown: string, stored: SqlValue])[];
}

/**
 * One page of the list of executions. Only names from this file become part of a statement; values are bound.
 *
 * @param ids the ids that the query asks for, as they are stored.
 */
export function listExecutions(all: Query, columns: TableColumns, query: ExecutionQuery, ids?: readonly SqlValue[]): ListedExecutions {
  const only = ids === undefined ? [] : [{ sql: `x.execution_id IN (${ids.map(() => '?').join(', ')})`, params: ids }];
  const { where, params } = whereOf([...only, ...limits(columns, query), ...sought(columns, query).map(({ condition }) => condition)]);
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

/** A part of a WHERE clause, and the values for its question marks. */
interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

type FilteredColumn = 'status' | 'workflow' | 'tenant' | 'hasParent';

/** What a filter says of columns. @param except a column about which it is not asked. */
function limits(columns: TableColumns, filter: ExecutionFilter, except?: FilteredColumn): Condition[] {
  const { status, workflow, tenant, startedFrom, startedTo, hasParent } = filter;
  const conditions: Condition[] = [];
  const add = (sql: string, ...params: SqlValue[]): void => void conditions.push({ sql, params });
  if (status !== undefined && except !== 'status') add('x.status = ?', status);
  if (workflow !== undefined && except !== 'workflow') add('x.workflow_id = ?', workflow);
  if (tenant !== undefined && except !== 'tenant') add(`${facetColumn(columns, 'tenant')} = ?`, tenant);
  if (startedFrom !== undefined) add('julianday(x.started_at) >= julianday(?)', startedFrom);
  if (startedTo !== undefined) add('julianday(x.started_at) <= julianday(?)', startedTo);
  if (hasParent !== undefined && except !== 'hasParent') {
    add(`${executionColumn(columns, 'parent_execution_id', 'NULL')} IS ${hasParent ? 'NOT ' : ''}NULL`);
  }
  return conditions;
}

/** What is searched for in the rows, each with the word that it is about; undefined for a failure. */
function sought(columns: TableColumns, { text, hasError }: ExecutionFilter): { readonly word: string | undefined; readonly condition: Condition }[] {
  const searched = ['x.execution_id', 'x.workflow_id', 'x.workflow_version', 'x.status', executionColumn(columns, 'tenant_id', "''")];
  const words = searchWords(text).map((word) => {
    const digits = idDigits(word);
    const sql = `(${searched.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`;
    return { word, condition: { sql, params: [contains(digits === undefined ? word : hyphenated(digits)), ...searched.slice(1).map(() => contains(word))] } };
  });
  return hasError === true ? [...words, { word: undefined, condition: { sql: FAILED, params: [] } }] : words;
}

const FAILED = `x.status = 'failed'`;

function whereOf(conditions: readonly Condition[]): { readonly where: string; readonly params: readonly SqlValue[] } {
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`;
  return { where, params: conditions.flatMap(({ params }) => params) };
}

/** The executions that the filter allows, except those whose rows have all that is searched for. */
export function lackingExecutions(all: Query, columns: TableColumns, query: ExecutionQuery): { readonly id: SqlValue; readonly lacks: LackingExecution }[] {
  const parts = sought(columns, query);
  if (parts.length === 0) return [];
  const { where, params } = whereOf(limits(columns, query));
  const found = parts.map(({ condition }) => `ifnull(${condition.sql}, 0)`);
  const rows = all(
    `SELECT x.execution_id, ${found.join(', ')} FROM workflow_executions AS x ${where}
     ORDER BY ${orderBy(columns, query.sort)} ${query.descending ? 'DESC' : 'ASC'}, x.execution_id`,
    ...parts.flatMap(({ condition }) => condition.params),
    ...params,
  );
  return rows.flatMap(([id, ...has]) => {
    const lacking = parts.filter((_, i) => Number(has[i]) === 0);
    if (lacking.length === 0) return [];
    const words = lacking.flatMap(({ word }) => (word === undefined ? [] : [word]));
    return [{ id: id as SqlValue, lacks: { id: String(id), words, error: words.length < lacking.length } }];
  });
}

/** How many executions there are of each value of a column, which the filter does not limit. */
export function countBy(all: Query, columns: TableColumns, column: Exclude<FilteredColumn, 'hasParent'>, filter: ExecutionFilter): FacetCount[] {
  const { where, params } = whereOf([...limits(columns, filter, column), ...sought(columns, filter).map(({ condition }) => condition)]);
  const rows = all(
    `SELECT ${facetColumn(columns, column)}, count(*) FROM workflow_executions AS x ${where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000`,
    ...params,
  );
  return rows.map(([name, count]) => ({ name: String(name), count: Number(count) }));
}

/** How many executions a filter leaves, how many with a parent, whether or not it asks for one, and how many that failed, likewise. */
export function countMatching(all: Query, columns: TableColumns, filter: ExecutionFilter): { matching: number; withParent: number; withError: number } {
  const count = (conditions: readonly Condition[]): number => {
    const { where, params } = whereOf(conditions);
    return Number(all(`SELECT count(*) FROM workflow_executions AS x ${where}`, ...params)[0]?.[0] ?? 0);
  };
  const { hasParent: _, ...withoutParent } = filter;
  const searched = (of: ExecutionFilter): Condition[] => sought(columns, of).map(({ condition }) => condition);
  return {
    matching: count([...limits(columns, filter), ...searched(filter)]),
    withParent: count([...limits(columns, { ...withoutParent, hasParent: true }), ...searched(filter)]),
    withError: count([...limits(columns, filter), ...searched({ ...filter, hasError: true })]),
  };
}

/** The time at which the last execution started; null when there is none. */
export function newestStart(all: Query): string | null {
  const [row] = all('SELECT x.started_at FROM workflow_executions AS x ORDER BY julianday(x.started_at) DESC LIMIT 1');
  return row === undefined ? null : String(row[0]);
}

function facetColumn(columns: TableColumns, column: Exclude<FilteredColumn, 'hasParent'>): string {
  if (column === 'tenant') return executionColumn(columns, 'tenant_id', "'default'");
  return column === 'status' ? 'x.status' : 'x.workflow_id';
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

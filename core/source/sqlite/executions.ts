import type { TableColumns } from '../../jamjet/generation.ts';
import { idParts } from '../../jamjet/ids.ts';
import type { ExecutionSort } from '../../vocabulary.ts';
import { toExecution } from '../execution-row.ts';
import { FAILED_STATUS, type Group } from '../facets.ts';
import { contains } from '../like-pattern.ts';
import { type ExecutionFilter, type ExecutionListing, type ExecutionQuery, type LackingExecution, searchWords } from '../port.ts';
import type { Query, SqlRow, SqlValue } from './connection.ts';
import type { DatabaseShape } from './recognise.ts';
import type { Condition } from './turns.ts';

/** One execution of a list: its key, the value that the list is sorted by, and its id. */
export type OrderedRow = readonly [key: SqlValue, by: SqlValue | Uint8Array, id: SqlValue, ...rest: unknown[]];
type LackingRow = readonly [key: SqlValue, by: SqlValue | Uint8Array, id: SqlValue, lacks: LackingExecution];

/** How an execution is found again: by its rowid, or in a table without rowids by its id. */
function keyOf({ executionRowid }: DatabaseShape): string {
  return `x.${executionRowid ?? 'execution_id'}`;
}

/**
 * The executions in a range that a query lists, in no order. Only names from this file become part of a statement; values are bound.
 *
 * @param range further conditions.
 */
export function matchingExecutions(all: Query, shape: DatabaseShape, query: ExecutionQuery, range: readonly Condition[]): OrderedRow[] {
  const { columns } = shape;
  const { where, params } = whereOf([...range, ...limits(columns, query), ...sought(columns, query).map(({ condition }) => condition)]);
  return all(
    `SELECT ${keyOf(shape)}, ${sortedBy(columns, query.sort)}, x.execution_id FROM workflow_executions AS x ${where}`,
    ...params,
  ) as unknown as OrderedRow[];
}

/** The executions with these keys as they are listed, in no order, each after its key. */
export function listings(all: Query, shape: DatabaseShape, keys: readonly SqlValue[]): (readonly [key: SqlValue, id: SqlValue, row: ExecutionListing])[] {
  const { where, params } = whereOf([isOneOf(keyOf(shape), keys)]);
  const rows = all(
    `SELECT ${executionColumns(shape.columns)}, (SELECT count(*) FROM events AS e WHERE e.execution_id = x.execution_id),
       (SELECT count(*) FROM snapshots AS s WHERE s.execution_id = x.execution_id), ${lastSequenceOf('x')}, ${keyOf(shape)}
     FROM workflow_executions AS x ${where}`,
    ...params,
  );
  return rows.map((row) => [row.at(-1) as SqlValue, row[0] as SqlValue, toListing(row)]);
}

export function isOneOf(column: string, values: readonly SqlValue[]): Condition {
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, params: values };
}

/** NULL before numbers before text, as SQLite sorts them. */
export function compareOrdered(a: OrderedRow, b: OrderedRow, descending: boolean): number {
  return compareStored(a[1], b[1]) * (descending ? -1 : 1) || compareStored(a[2], b[2]);
}

function compareStored(a: OrderedRow[1], b: OrderedRow[1]): number {
  if (typeof a !== typeof b) return rank(a) - rank(b) || (Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0);
  if (a === null || b === null) return rank(a) - rank(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(value: OrderedRow[1]): number {
  if (value === null) return 0;
  return typeof value === 'string' ? 2 : typeof value === 'object' ? 3 : 1;
}

/** What a filter says of columns, and what must not be in them. */
function limits(columns: TableColumns, filter: ExecutionFilter): Condition[] {
  const { status, workflow, tenant, startedFrom, startedTo, hasParent, text } = filter;
  const conditions: Condition[] = [];
  const add = (sql: string, ...params: SqlValue[]): void => void conditions.push({ sql, params });
  if (status !== undefined) add('x.status = ?', status);
  if (workflow !== undefined) add('x.workflow_id = ?', workflow);
  if (tenant !== undefined) add(`${executionColumn(columns, 'tenant_id', "'default'")} = ?`, tenant);
  if (startedFrom !== undefined) add('julianday(x.started_at) >= julianday(?)', startedFrom);
  if (startedTo !== undefined) add('julianday(x.started_at) <= julianday(?)', startedTo);
  for (const word of searchWords(text).unwanted) {
    const { sql, params } = hasWord(columns, word);
    add(`NOT ifnull(${sql}, 0)`, ...params);
  }
  if (hasParent !== undefined) {
    add(`${executionColumn(columns, 'parent_execution_id', 'NULL')} IS ${hasParent ? 'NOT ' : ''}NULL`);
  }
  return conditions;
}

/** What is searched for in the rows, each with the word that it is about; undefined for a failure. */
function sought(columns: TableColumns, { text, hasError }: ExecutionFilter): { readonly word: string | undefined; readonly condition: Condition }[] {
  const words = searchWords(text).wanted.map((word) => ({ word, condition: hasWord(columns, word) }));
  return hasError === true ? [...words, { word: undefined, condition: { sql: FAILED, params: [] } }] : words;
}

/** Whether one of the searched columns has a word. */
function hasWord(columns: TableColumns, word: string): Condition {
  const names = ['x.workflow_id', 'x.workflow_version', 'x.status', executionColumn(columns, 'tenant_id', "''")];
  const searched = [...idParts(word).map((part) => ['x.execution_id', part] as const), ...names.map((column) => [column, word] as const)];
  const sql = `(${searched.map(([column]) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`;
  return { sql, params: searched.map(([, part]) => contains(part)) };
}

const FAILED = `x.status = '${FAILED_STATUS}'`;

function whereOf(conditions: readonly Condition[]): { readonly where: string; readonly params: readonly SqlValue[] } {
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`;
  return { where, params: conditions.flatMap(({ params }) => params) };
}

/** The executions in a range that the filter allows, except those whose rows have all that is searched for. */
export function lackingExecutions(all: Query, shape: DatabaseShape, query: ExecutionQuery, range: readonly Condition[]): LackingRow[] {
  const { columns } = shape;
  const parts = sought(columns, query);
  const { where, params } = whereOf([...range, ...limits(columns, query)]);
  const found = parts.map(({ condition }) => `ifnull(${condition.sql}, 0)`);
  const rows = all(
    `SELECT ${keyOf(shape)}, ${sortedBy(columns, query.sort)}, x.execution_id, ${found.join(', ')} FROM workflow_executions AS x ${where}`,
    ...parts.flatMap(({ condition }) => condition.params),
    ...params,
  ) as unknown as OrderedRow[];
  const words = searchWords(query.text).wanted;
  return rows.flatMap(([key, by, id, ...has]): LackingRow[] => {
    if (has.every((one) => Number(one) === 1)) return [];
    const lacks = { id: String(id), words: words.filter((_, i) => Number(has[i]) === 0), error: query.hasError === true && Number(has.at(-1)) === 0 };
    return [[key, by, id, lacks]];
  });
}

/** The groups of the executions in a range that have the text of a filter and started when it says. */
export function groupsOf(all: Query, columns: TableColumns, { text, startedFrom, startedTo }: ExecutionFilter, range: readonly Condition[]): SqlRow[] {
  const filter: ExecutionFilter = { text, startedFrom, startedTo };
  const { where, params } = whereOf([...range, ...limits(columns, filter), ...sought(columns, filter).map(({ condition }) => condition)]);
  return all(
    `SELECT x.status, x.workflow_id, ${executionColumn(columns, 'tenant_id', "'default'")}, ${executionColumn(columns, 'parent_execution_id', 'NULL')} IS NOT NULL,
       count(*), max(julianday(x.started_at)), x.started_at FROM workflow_executions AS x ${where} GROUP BY 1, 2, 3, 4`,
    ...params,
  );
}

/** Adds rows of {@link groupsOf} to the groups of other ranges. */
export function addGroups(groups: Map<string, Group>, rows: readonly SqlRow[]): void {
  for (const [status, workflow, tenant, parent, count, day, started] of rows) {
    const key = JSON.stringify([String(status), String(workflow), String(tenant), Number(parent)]);
    const known = groups.get(key);
    const isNewer = known === undefined || (day !== null && (known.newestDay === null || Number(day) > known.newestDay));
    groups.set(key, {
      status: String(status),
      workflow: String(workflow),
      tenant: String(tenant),
      hasParent: Number(parent) === 1,
      count: Number(count) + (known?.count ?? 0),
      newest: isNewer ? String(started) : known.newest,
      newestDay: isNewer ? (day as number | null) : known.newestDay,
    });
  }
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

function sortedBy(columns: TableColumns, sort: ExecutionSort): string {
  const orders: Readonly<Record<ExecutionSort, string>> = {
    status: 'x.status',
    workflow: 'x.workflow_id || char(10) || x.workflow_version',
    started: 'x.started_at',
    updated: 'x.updated_at',
    duration: 'julianday(x.updated_at) - julianday(x.started_at)',
    events: lastSequenceOf('x'),
    snapshots: '(SELECT count(*) FROM snapshots AS s WHERE s.execution_id = x.execution_id)',
    tenant: executionColumn(columns, 'tenant_id', "''"),
    segment: executionColumn(columns, 'segment_number', "''"),
  };
  return orders[sort];
}

function lastSequenceOf(alias: string): string {
  return `(SELECT max(sequence) FROM events AS e WHERE e.execution_id = ${alias}.execution_id AND sequence <= 9007199254740991)`;
}

function toListing(row: SqlRow): ExecutionListing {
  return { ...toExecution(row), events: Number(row[10]), snapshots: Number(row[11]), lastSequence: Math.floor(Number(row[12] ?? 0)) };
}

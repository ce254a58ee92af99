import { idParts } from '../../jamjet/ids.ts';
import { normalTime } from '../../jamjet/time.ts';
import type { ExecutionSort } from '../../vocabulary.ts';
import { toExecution } from '../execution-row.ts';
import { FAILED_STATUS, type Group } from '../facets.ts';
import { contains } from '../like-pattern.ts';
import { type ExecutionFilter, type ExecutionListing, type ExecutionQuery, type LackingExecution, searchWords } from '../port.ts';
import { areEqual, type Column, equals, finiteTimeOf, integerText, isoTime, isPlaced, type Layout, textOf, timeOf } from './layout.ts';
import type { Query } from './reading.ts';
import type { Row } from './session.ts';
import { Values } from './values.ts';

/** The executions of a query from its offset on, as they are listed, and how many match. */
export async function listExecutions(query: Query, layout: Layout, wanted: ExecutionQuery): Promise<{ rows: ExecutionListing[]; total: number }> {
  const values = new Values();
  const where = whereOf([...limits(layout, wanted, values), ...sought(layout, wanted, values)]);
  const from = `FROM ${layout.tables.executions} AS x ${where}`;
  const count = query(`SELECT count(*) ${from}`, [...values.list]);
  const order = orderOf(layout, wanted);
  // The server computes what it selects for the rows before the page, too, so the counts are selected of the page.
  const page = `SELECT * ${from} ${order} OFFSET ${values.add(wanted.offset)}::bigint LIMIT ${values.add(wanted.limit)}::bigint`;
  const rows = query(
    `SELECT ${executionColumns(layout)}, (SELECT count(*) FROM ${layout.tables.events} AS e WHERE ${isOf(layout.event.id, layout)}),
       (SELECT count(*) FROM ${layout.tables.snapshots} AS s WHERE ${isOf(layout.snapshot.id, layout)}), ${lastSequence(layout)}
     FROM (${page}) AS x ${order}`,
    values.list,
  );
  const [[counted], listed] = await Promise.all([count, rows]);
  return { rows: listed.map(toListing), total: Number(counted?.[0]) };
}

/** The executions that the filter allows, except those whose rows have all that is searched for. */
export async function lackingExecutions(query: Query, layout: Layout, wanted: ExecutionQuery): Promise<LackingExecution[]> {
  const values = new Values();
  const parts = sought(layout, wanted, values).map((part) => `coalesce(${part}, false)`);
  const where = whereOf([...limits(layout, wanted, values), `NOT (${parts.join(' AND ')})`]);
  const rows = await query(
    `SELECT ${textOf(layout.execution.id)}, ${parts.join(', ')} FROM ${layout.tables.executions} AS x ${where} ${orderOf(layout, wanted)}`,
    values.list,
  );
  const words = searchWords(wanted.text).wanted;
  return rows.map(([id, ...has]) => ({ id: String(id), words: words.filter((_, i) => has[i] === 'f'), error: wanted.hasError === true && has.at(-1) === 'f' }));
}

/** How many executions there are by status, workflow, tenant and parent, of those that have the text of a filter and started when it says. */
export async function groupExecutions(query: Query, layout: Layout, { text, startedFrom, startedTo, ids }: ExecutionFilter): Promise<Group[]> {
  const values = new Values();
  const filter: ExecutionFilter = { text, startedFrom, startedTo, ids };
  const { status, workflowId, tenantId, parentId, startedAt } = layout.execution;
  const started = timeOf(startedAt);
  const where = whereOf([...limits(layout, filter, values), ...sought(layout, filter, values)]);
  const newest =
    startedAt.type === 'timestamptz'
      ? textOf({ ...startedAt, sql: `max(${startedAt.sql})` })
      : `max((${textOf(startedAt)}) COLLATE "C") FILTER (WHERE ${started} IS NOT NULL)`;
  const rows = await query(
    `SELECT ${[status, workflowId, tenantId].map(textOf).join(', ')}, ${parentId.sql} IS NOT NULL, count(*), ${newest}, extract(epoch FROM max(${started}))
     FROM ${layout.tables.executions} AS x ${where} GROUP BY 1, 2, 3, 4`,
    values.list,
  );
  return rows.map(([of, workflow, tenant, hasParent, count, last, day]) => ({
    status: String(of),
    workflow: String(workflow),
    tenant: String(tenant),
    hasParent: hasParent === 't',
    count: Number(count),
    newest: isoTime(String(last)),
    newestDay: day === null || day === undefined ? null : Number(day),
  }));
}

/** The columns of an execution, in the order in which {@link toExecution} expects them. */
export function executionColumns({ execution }: Layout): string {
  const { id, workflowId, workflowVersion, status, startedAt, updatedAt, completedAt, tenantId, parentId, segment } = execution;
  return [id, workflowId, workflowVersion, status, startedAt, updatedAt, completedAt, tenantId, parentId, segment].map(textOf).join(', ');
}

function toListing(row: Row): ExecutionListing {
  return { ...toExecution(row, isoTime), events: Number(row[10]), snapshots: Number(row[11]), lastSequence: Number(row[12] ?? 0) };
}

/** What a filter says of columns, and what must not be in them. */
function limits({ execution }: Layout, filter: ExecutionFilter, values: Values): string[] {
  const { status, workflow, tenant, startedFrom, startedTo, hasParent, ids, text } = filter;
  const conditions: string[] = [];
  if (status !== undefined) conditions.push(equals(execution.status, status, values));
  if (workflow !== undefined) conditions.push(equals(execution.workflowId, workflow, values));
  if (tenant !== undefined) conditions.push(equals(execution.tenantId, tenant, values));
  for (const [time, comparison] of [
    [startedFrom, '>='],
    [startedTo, '<='],
  ] as const) {
    if (time === undefined) continue;
    const normal = normalTime(time);
    conditions.push(normal === undefined ? 'false' : `${timeOf(execution.startedAt)} ${comparison} ${timeOf({ sql: values.add(normal), type: 'text' })}`);
  }
  for (const word of searchWords(text).unwanted) conditions.push(`NOT coalesce(${hasWord(execution, word, values)}, false)`);
  if (hasParent !== undefined) conditions.push(`${execution.parentId.sql} IS ${hasParent ? 'NOT ' : ''}NULL`);
  if (ids !== undefined) conditions.push(`${textOf(execution.id)} = ANY (${values.add(ids.filter(isStorable))}::text[])`);
  return conditions;
}

/** What is searched for in the rows: a condition for each word, and then for a failure. */
function sought({ execution }: Layout, { text, hasError }: ExecutionFilter, values: Values): string[] {
  const words = searchWords(text).wanted.map((word) => hasWord(execution, word, values));
  return hasError === true ? [...words, equals(execution.status, FAILED_STATUS, values)] : words;
}

/** Whether one of the searched columns has a word. */
function hasWord({ id, workflowId, workflowVersion, status, tenantId }: Layout['execution'], word: string, values: Values): string {
  if (!isStorable(word)) return 'false';
  const own = idParts(word).map((part) => `${textOf(id)} ILIKE ${values.add(contains(part))}`);
  const pattern = values.add(contains(word));
  return `(${[...own, ...[workflowId, workflowVersion, status, tenantId].map((column) => `${textOf(column)} ILIKE ${pattern}`)].join(' OR ')})`;
}

/** Postgres can store no NUL, and takes none in a comparison. */
function isStorable(text: string): boolean {
  return !text.includes('\0');
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}

/** By code points, whatever the collation of the database; what is missing comes first. */
function orderOf(layout: Layout, { sort, descending }: ExecutionQuery): string {
  return `ORDER BY ${sortedBy(layout, sort)} ${descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}, (${textOf(layout.execution.id)}) COLLATE "C"`;
}

function sortedBy(layout: Layout, sort: ExecutionSort): string {
  const { status, workflowId, workflowVersion, startedAt, updatedAt, tenantId, segment } = layout.execution;
  switch (sort) {
    case 'status':
      return inOrder(status);
    case 'workflow':
      return `(${textOf(workflowId)} || chr(10) || ${textOf(workflowVersion)}) COLLATE "C"`;
    case 'started':
      return inOrder(startedAt);
    case 'updated':
      return inOrder(updatedAt);
    case 'duration':
      return `(${finiteTimeOf(updatedAt)} - ${finiteTimeOf(startedAt)})`;
    case 'events':
      return lastSequence(layout, false);
    case 'snapshots':
      return `(SELECT count(*) FROM ${layout.tables.snapshots} AS s WHERE ${isOf(layout.snapshot.id, layout)})`;
    case 'tenant':
      return inOrder(tenantId);
    case 'segment':
      return segment.type === 'text' ? inOrder(segment) : segment.sql;
  }
}

function inOrder(column: Column): string {
  return column.type === 'timestamptz' || column.type === 'timestamp' ? column.sql : `(${textOf(column)}) COLLATE "C"`;
}

function isOf(id: Column, { execution }: Layout): string {
  return areEqual(id, execution.id);
}

function lastSequence(layout: Layout, asText = true): string {
  const { id, sequence } = layout.event;
  const max = { ...sequence, sql: `max(${sequence.sql})` };
  return `(SELECT ${asText ? integerText(max) : max.sql} FROM ${layout.tables.events} AS e WHERE ${isOf(id, layout)} AND ${isPlaced(sequence)})`;
}

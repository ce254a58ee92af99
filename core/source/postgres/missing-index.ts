import type { SourceRemark } from '../port.ts';
import { NUMBERS, named, quote, type Table } from './layout.ts';

/** A list of fewer executions is sorted in no time. */
const MANY_EXECUTIONS = 100_000;

/** The names of what is read in order. */
interface Ordered {
  readonly executions: string;
  /** When an execution was started. */
  readonly started: string;
  /** The execution of an event. */
  readonly id: string;
}

/** Why reading is slow for want of an index, with the statement that makes it, which only the user ever runs. */
export function missingIndexes(schema: string, tables: ReadonlyMap<string, Table>, { executions, started, id }: Ordered): SourceRemark[] {
  const [events, runs] = [tables.get('events'), tables.get(executions)];
  const remarks: SourceRemark[] = [];
  if (events !== undefined && canBeIndexed(events, id, 'sequence') && !events.indexes.some(({ columns }) => columns[0] === id && columns[1] === 'sequence')) {
    remarks.push({
      text: `Table events has no index by ${id} and sequence, so every page of an execution reads the events of all. Hindsight creates nothing; this index would make it fast.`,
      sql: indexOf(events, named(schema, 'events'), `${quote(id)}, sequence`),
    });
  }
  if (
    runs !== undefined &&
    runs.rows >= MANY_EXECUTIONS &&
    isTable(runs) &&
    !runs.indexes.some((index) => index.columns[0] === started && isInOrder(index, isText(runs, started)))
  ) {
    const about = `about ${Math.round(runs.rows).toLocaleString('en')} executions`;
    remarks.push({
      text: `Table ${executions} has ${about} and no index by ${started} in the order of the list, so the list sorts all of them. Hindsight creates nothing; this index would make it fast.`,
      sql: indexOf(runs, named(schema, executions), `${quote(started)}${isText(runs, started) ? ' COLLATE "C"' : ''} DESC NULLS LAST`),
    });
  }
  return remarks;
}

/** A view has the indexes of what it shows. */
function isTable({ kind }: Table): boolean {
  return kind === 'r' || kind === 'p';
}

/** Whether an index of these columns can be used; see `equals` and `numeric`. */
function canBeIndexed(table: Table, id: string, sequence: string): boolean {
  return isTable(table) && ['uuid', 'text', 'varchar'].includes(table.types.get(id) ?? '') && NUMBERS.has(table.types.get(sequence) ?? '');
}

function isText({ types }: Table, column: string): boolean {
  return types.get(column)?.startsWith('timestamp') !== true;
}

/** Whether what is missing comes first or last as in the list, and texts are ordered by their code points. */
function isInOrder({ order, collation }: Table['indexes'][number], ofText: boolean): boolean {
  return (order === DESCENDING || order === NULLS_FIRST) && (!ofText || collation === 'C');
}

/** Of `pg_index.indoption`. */
const DESCENDING = 1;
const NULLS_FIRST = 2;

/** A partitioned table can only get one while nobody writes. */
function indexOf({ kind }: Table, table: string, columns: string): string {
  return `CREATE INDEX ${kind === 'p' ? '' : 'CONCURRENTLY '}ON ${table} (${columns});`;
}

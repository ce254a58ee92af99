import { notText } from '../chunk-builder.ts';
import type { SourceRemark } from '../port.ts';
import type { Values } from './values.ts';

/** A table, view or partitioned table, as the catalog describes it. */
export interface Table {
  /** The base types of its columns, by name. */
  readonly types: ReadonlyMap<string, string>;
  /** Whether the user may read every column. */
  readonly isReadable: boolean;
  /** Whether row-level security decides which rows the user sees. */
  readonly isFiltered: boolean;
  /** Whether the user may change its rows. */
  readonly isWritable: boolean;
  /** As `pg_class.relkind` has it: `r` a table, `p` a partitioned one, others are views and foreign tables. */
  readonly kind: string;
  /** About how many rows it has; less than 0 when the server does not know. */
  readonly rows: number;
  readonly indexes: readonly Index[];
}

/** An index of a table that has all of its rows. */
export interface Index {
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** Of the first column, as `pg_index.indoption` has it: 1 is descending, 2 is NULLs first. */
  readonly order: number;
  /** Of the first column, when it is a text. */
  readonly collation: string | undefined;
}

/** A column in SQL, of the aliases x (executions), e (events) and s (snapshots), and its type. */
export interface Column {
  readonly sql: string;
  readonly type: string;
}

/** Where each thing is found. Only names from the catalog, quoted, and texts of this program become part of a statement. */
export interface Layout {
  readonly schema: string;
  readonly generation: number;
  readonly tables: {
    readonly executions: string;
    readonly events: string;
    readonly snapshots: string;
    readonly definitions?: string;
    readonly artifacts?: string;
    readonly workItems?: string;
  };
  readonly execution: {
    readonly id: Column;
    readonly workflowId: Column;
    readonly workflowVersion: Column;
    readonly status: Column;
    readonly startedAt: Column;
    readonly updatedAt: Column;
    readonly completedAt: Column;
    readonly tenantId: Column;
    readonly parentId: Column;
    readonly segment: Column;
    readonly initialInput: Column;
    /** Whether `initialInput` is the event in which the input is. */
    readonly isInputInEvent: boolean;
    readonly currentState: Column;
  };
  readonly event: {
    readonly id: Column;
    readonly sequence: Column;
    readonly createdAt: Column;
    readonly kind: Column;
    /** What is to become the type of an event that has none; NULL in layouts whose events have theirs. */
    readonly type: Column;
  };
  readonly snapshot: {
    readonly id: Column;
    readonly sequence: Column;
    readonly createdAt: Column;
    readonly state: Column;
    readonly materialized: { readonly status: Column; readonly completed: Column; readonly active: Column; readonly lastSequence: Column } | undefined;
  };
  /** Of (execution, sequence) of events and snapshots. */
  readonly keys: { readonly events: Key; readonly snapshots: Key };
  /** What a reader should know about how the database is stored. */
  readonly remarks: readonly SourceRemark[];
}

/** What the server does for (execution, sequence) of a table. */
export interface Key {
  /** Whether it makes sure that no sequence of an execution occurs twice. */
  readonly isUnique: boolean;
  /** Whether it has the rows of the table in this order. */
  readonly isInOrder: boolean;
}

export type KeyOf = (table: string, id: string, sequence: string) => Key;

/** The tables of the store and of the SQLite files (docs/format.md, Postgres). */
export function storeLayout(schema: string, tables: ReadonlyMap<string, Table>, generation: number, keyOf: KeyOf): Layout {
  const of = (alias: string, table: string) => {
    const types = tables.get(table)?.types;
    return (name: string, substitute = 'NULL::text'): Column => {
      const type = types?.get(name);
      return type === undefined ? { sql: substitute, type: 'text' } : { sql: `${alias}.${quote(name)}`, type };
    };
  };
  const [x, e, s] = [of('x', 'workflow_executions'), of('e', 'events'), of('s', 'snapshots')];
  const has = (table: string): boolean => tables.get(table)?.isReadable === true;
  const isMaterialized = tables.get('snapshots')?.types.has('last_sequence') === true;
  return {
    schema,
    generation,
    tables: {
      executions: named(schema, 'workflow_executions'),
      events: named(schema, 'events'),
      snapshots: named(schema, 'snapshots'),
      ...(has('workflow_definitions') && { definitions: named(schema, 'workflow_definitions') }),
      ...(has('artifacts') && { artifacts: named(schema, 'artifacts') }),
      ...(has('work_items') && tables.get('work_items')?.types.has('retry_after') && { workItems: named(schema, 'work_items') }),
    },
    execution: {
      id: x('execution_id'),
      workflowId: x('workflow_id'),
      workflowVersion: x('workflow_version'),
      status: x('status'),
      startedAt: x('started_at'),
      updatedAt: x('updated_at'),
      completedAt: x('completed_at'),
      tenantId: x('tenant_id', `'default'::text`),
      parentId: x('parent_execution_id'),
      segment: x('segment_number', `'0'::text`),
      initialInput: x('initial_input'),
      isInputInEvent: false,
      currentState: x('current_state'),
    },
    event: {
      id: e('execution_id'),
      sequence: numeric(e('sequence')),
      createdAt: e('created_at'),
      kind: e('kind_json'),
      type: { sql: 'NULL::text', type: 'text' },
    },
    snapshot: {
      id: s('execution_id'),
      sequence: numeric(s('at_sequence')),
      createdAt: s('created_at'),
      state: s('state_json'),
      materialized: isMaterialized
        ? { status: s('status'), completed: s('completed_nodes_json'), active: s('active_nodes_json'), lastSequence: s('last_sequence') }
        : undefined,
    },
    keys: { events: keyOf('events', 'execution_id', 'sequence'), snapshots: keyOf('snapshots', 'execution_id', 'at_sequence') },
    remarks: remarksOf(tables, [
      ['workflow_executions', 'initial_input'],
      ['workflow_executions', 'current_state'],
      ['events', 'kind_json'],
      ['snapshots', 'state_json'],
    ]),
  };
}

/** @param json the columns that hold JSON. */
export function remarksOf(tables: ReadonlyMap<string, Table>, json: readonly (readonly [table: string, column: string])[]): SourceRemark[] {
  const respelled = json.filter(([table, column]) => tables.get(table)?.types.get(column) === 'jsonb').map(([table, column]) => `${table}.${column}`);
  const filtered = [...tables].filter(([, { isFiltered }]) => isFiltered).map(([name]) => name);
  return [
    ...(respelled.length === 0
      ? []
      : [
          {
            text: `${respelled.join(', ')} ${respelled.length === 1 ? 'is' : 'are'} stored as jsonb: the order and repetition of keys and the spelling of numbers are not those that were written.`,
          },
        ]),
    ...(filtered.length === 0
      ? []
      : [{ text: `Row-level security is active on ${filtered.join(', ')}: rows may be hidden from this user, and states incomplete.` }]),
  ];
}

/** Quotes a name from the catalog. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function named(schema: string, table: string): string {
  return `${quote(schema)}.${quote(table)}`;
}

export const INTEGERS: ReadonlySet<string> = new Set(['int2', 'int4', 'int8']);
export const NUMBERS: ReadonlySet<string> = new Set([...INTEGERS, 'numeric', 'float4', 'float8']);

/** A sequence as a number, by which the index of the column can be used when it is one. Texts that are no integers are NULL. */
export function numeric(column: Column): Column {
  if (NUMBERS.has(column.type)) return column;
  const text = `${column.sql}::text`;
  return { sql: `(CASE WHEN ${text} ~ '^-?[0-9]{1,30}$' THEN ${text}::numeric END)`, type: 'numeric' };
}

/** The largest sequence that a number of JavaScript holds exactly. */
const LAST = 9_007_199_254_740_991;

/** The condition that a row has a place in a log: its sequence is an integer, and for events at least 1. */
export function isPlaced({ sql, type }: Column, from = 1): string {
  const range = `${sql} BETWEEN ${from} AND ${LAST}`;
  return INTEGERS.has(type) ? range : `(${range} AND ${sql} = floor(${sql}))`;
}

/** A sequence as the text of an integer. */
export function integerText({ sql, type }: Column): string {
  return INTEGERS.has(type) ? `${sql}::text` : `${sql}::numeric(40, 0)::text`;
}

/** A column as text; see {@link isoTime} for times. */
export function textOf({ sql }: Column): string {
  return `${sql}::text`;
}

const SPELLED = /^[^ ]{10} \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;

/** A time as the server spells it in UTC, as the runtime does: the fraction has 0, 3 or 6 digits. Another text stays as it is. */
export function isoTime(text: string): string {
  if (!SPELLED.test(text)) return text;
  const [day, time, fraction] = [text.slice(0, 10), text.slice(11, 19), text.slice(20, -3)];
  return `${day}T${time}${fraction === '' ? '' : `.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}`}+00:00`;
}

const READABLE: ReadonlySet<string> = new Set(['json', 'jsonb', 'text', 'varchar', 'bpchar', 'name', 'citext']);

/** Why a column cannot hold JSON text; undefined when it can. */
export function problemOf({ type }: Column): string | undefined {
  return READABLE.has(type) ? undefined : notText(type === 'bytea' ? 'blob' : type);
}

const UUID = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

/** Compares a column with a text in a way that can use its index. */
export function equals({ sql, type }: Column, value: string, values: Values): string {
  if (type === 'uuid') return UUID.test(value) ? `${sql} = ${values.add(value)}::uuid` : 'false';
  return value.includes('\0') ? 'false' : `${type === 'text' || type === 'varchar' ? sql : `${sql}::text`} = ${values.add(value)}::text`;
}

/** Compares the ids of two tables, which may have different types, in a way that can use an index where they have the same. */
export function areEqual(one: Column, other: Column): string {
  return one.type === other.type ? `${one.sql} = ${other.sql}` : `${textOf(one)} = ${textOf(other)}`;
}

/** The days that there are, from year 1 on: the server refuses others, and with them the whole statement. */
const LEAP_YEAR = '(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)';
const DAY = `(?!0000)(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))|${LEAP_YEAR}-02-29)`;
/** No zone of the world is further from UTC than 14 hours. */
const TIME = `([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-4]):[0-5]\\d)?`;

/** A time for comparing; NULL where a text is none. */
export function timeOf({ sql, type }: Column): string {
  if (type === 'timestamptz') return sql;
  if (type === 'timestamp') return `(${sql} AT TIME ZONE 'UTC')`;
  const text = `${sql}::text`;
  return `(CASE WHEN ${text} ~ '^${DAY}[T ]${TIME}$' THEN ${text}::timestamptz END)`;
}

/** The same, for computing: NULL, too, for the infinite times of the server. */
export function finiteTimeOf(column: Column): string {
  const time = timeOf(column);
  return `(CASE WHEN isfinite(${time}) THEN ${time} END)`;
}

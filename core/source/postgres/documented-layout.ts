import type { TableColumns } from '../../jamjet/generation.ts';
import { areEqual, type Column, type KeyOf, type Layout, named, numeric, remarksOf, type Table } from './layout.ts';

/** The columns of the layout in upstream's document (docs/format.md, Postgres), in which `workflow_id` is the id of an execution. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  workflows: ['id', 'status', 'definition', 'created_at', 'updated_at'],
  events: ['workflow_id', 'sequence', 'event_type', 'payload', 'created_at'],
  snapshots: ['workflow_id', 'at_sequence', 'state', 'created_at'],
};

/** As {@link missingParts} of the layout of the store. */
export function missingDocumentedParts(tables: TableColumns): readonly string[] {
  return Object.entries(REQUIRED).flatMap(([table, columns]) =>
    columns.filter((column) => tables.get(table)?.has(column) !== true).map((column) => `${table}.${column}`),
  );
}

/** @param checksInput whether the server has a function that says whether a text can be read; see {@link fieldOf}. */
export function documentedLayout(schema: string, tables: ReadonlyMap<string, Table>, keyOf: KeyOf, checksInput: boolean): Layout {
  const of =
    (alias: string, table: string) =>
    (name: string): Column => ({ sql: `${alias}.${name}`, type: tables.get(table)?.types.get(name) ?? 'text' });
  const text = (sql: string): Column => ({ sql, type: 'text' });
  const [w, e, s] = [of('x', 'workflows'), of('e', 'events'), of('s', 'snapshots')];
  const defined = (...names: readonly string[]): string => names.map((name) => fieldOf(w('definition'), name, checksInput)).join(', ');
  const started = of('i', 'events');
  // The first start of the log has the input; no other place has.
  const input = `(SELECT i.payload::text FROM ${named(schema, 'events')} AS i WHERE ${areEqual(started('workflow_id'), w('id'))}
    AND lower(replace(i.event_type::text, '_', '')) = 'workflowstarted' ORDER BY ${numeric(started('sequence')).sql} LIMIT 1)`;
  return {
    schema,
    generation: 1,
    tables: { executions: named(schema, 'workflows'), events: named(schema, 'events'), snapshots: named(schema, 'snapshots') },
    execution: {
      id: w('id'),
      workflowId: text(`coalesce(${defined('workflow_id', 'id', 'name')}, 'workflow')`),
      workflowVersion: text(`coalesce(${defined('version', 'workflow_version')}, '')`),
      status: w('status'),
      startedAt: w('created_at'),
      updatedAt: w('updated_at'),
      completedAt: text('NULL::text'),
      tenantId: text(`'default'::text`),
      parentId: text('NULL::text'),
      segment: text(`'0'::text`),
      initialInput: text(`coalesce(${input}, '{}')`),
      isInputInEvent: true,
      currentState: text(`'{}'::text`),
    },
    event: { id: e('workflow_id'), sequence: numeric(e('sequence')), createdAt: e('created_at'), kind: e('payload'), type: e('event_type') },
    snapshot: { id: s('workflow_id'), sequence: numeric(s('at_sequence')), createdAt: s('created_at'), state: s('state'), materialized: undefined },
    keys: { events: keyOf('events', 'workflow_id', 'sequence'), snapshots: keyOf('snapshots', 'workflow_id', 'at_sequence') },
    remarks: [
      {
        text: 'The tables are those of the layout that JamJet describes for Postgres, which has no inputs: that of the first workflow_started is used, or {} where there is none.',
      },
      ...remarksOf(tables, [
        ['events', 'payload'],
        ['snapshots', 'state'],
      ]),
    ],
  };
}

/** A field of a JSON object as text. A definition that is no JSON has none: without the check, one would make the whole list unreadable. */
function fieldOf({ sql, type }: Column, name: string, checksInput: boolean): string {
  const field = `${sql}::jsonb ->> '${name}'`;
  return type === 'jsonb' || !checksInput ? field : `(CASE WHEN pg_input_is_valid(${sql}::text, 'jsonb') THEN ${field} END)`;
}

import type { TableColumns } from '../../jamjet/generation.ts';
import { type Column, type IsUnique, type Layout, named, numeric, oidsOf, remarksOf, type Table } from './layout.ts';

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

/** `NodeCompleted` as `node_completed`. */
const TYPE = `lower(regexp_replace(e.event_type::text, '([a-z0-9])([A-Z])', '\\1_\\2', 'g'))`;
const PAYLOAD = 'e.payload::text';

/** The payload with the type of the event, unless it has one itself. What is no object stays as it is, and is reported. */
const KIND = `(CASE WHEN ltrim(${PAYLOAD}) LIKE '{%' AND NOT e.payload::jsonb ? 'type'
  THEN '{"type":' || to_json(${TYPE})::text || (CASE WHEN e.payload::jsonb = '{}' THEN '}' ELSE ',' || substr(ltrim(${PAYLOAD}), 2) END)
  ELSE ${PAYLOAD} END)`;

export function documentedLayout(schema: string, tables: ReadonlyMap<string, Table>, isUnique: IsUnique): Layout {
  const of =
    (alias: string, table: string) =>
    (name: string): Column => ({ sql: `${alias}.${name}`, type: tables.get(table)?.types.get(name) ?? 'text' });
  const text = (sql: string): Column => ({ sql, type: 'text' });
  const [w, e, s] = [of('x', 'workflows'), of('e', 'events'), of('s', 'snapshots')];
  const defined = (...names: readonly string[]): string => names.map((name) => `x.definition::jsonb ->> '${name}'`).join(', ');
  // The first start of the log has the input; no other place has.
  const input = `coalesce((SELECT i.payload::jsonb -> 'initial_input' FROM ${named(schema, 'events')} AS i
    WHERE i.workflow_id = x.id AND lower(replace(i.event_type::text, '_', '')) = 'workflowstarted' ORDER BY i.sequence LIMIT 1), '{}')::text`;
  return {
    schema,
    generation: 1,
    tables: { executions: named(schema, 'workflows'), events: named(schema, 'events'), snapshots: named(schema, 'snapshots') },
    oids: oidsOf(tables),
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
      initialInput: text(input),
      currentState: text(`'{}'::text`),
    },
    event: { id: e('workflow_id'), sequence: numeric(e('sequence')), createdAt: e('created_at'), kind: text(KIND) },
    snapshot: { id: s('workflow_id'), sequence: numeric(s('at_sequence')), createdAt: s('created_at'), state: s('state'), materialized: undefined },
    unique: { events: isUnique('events', 'workflow_id', 'sequence'), snapshots: false },
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

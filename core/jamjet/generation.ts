/**
 * Which columns a table has in which generation of the format (jamjet-format.md §1). The generation of a file
 * is told from the columns that are there, because the migration table may be missing.
 */
const REQUIRED_COLUMNS = {
  workflow_executions: [
    'execution_id',
    'workflow_id',
    'workflow_version',
    'status',
    'initial_input',
    'current_state',
    'started_at',
    'updated_at',
    'completed_at',
  ],
  events: ['execution_id', 'sequence', 'kind_json', 'created_at'],
  snapshots: ['execution_id', 'at_sequence', 'state_json', 'created_at'],
} as const;

export type TableColumns = ReadonlyMap<string, ReadonlySet<string>>;

/** What is needed and not there, as `table` or `table.column`. Empty: this is a JamJet database. */
export function missingParts(tables: TableColumns): readonly string[] {
  const missing: string[] = [];
  for (const [table, columns] of Object.entries(REQUIRED_COLUMNS)) {
    const present = tables.get(table);
    if (present === undefined) missing.push(table);
    else missing.push(...columns.filter((column) => !present.has(column)).map((column) => `${table}.${column}`));
  }
  return missing;
}

/** Each migration by something only it adds, newest first. */
const MARKS: readonly (readonly [generation: number, table: string, column: string])[] = [
  [11, 'tool_reservations', 'idempotency_key'],
  [10, 'artifacts', 'hash'],
  [9, 'proj_approvals', 'tool_name'],
  [8, 'projector_checkpoints', 'projection_name'],
  [7, 'workflow_executions', 'parent_execution_id'],
  [6, 'tool_effects', 'idempotency_key'],
  [5, 'snapshots', 'last_sequence'],
  [4, 'work_items', 'lease_epoch'],
  [3, 'events', 'tenant_id'],
  [2, 'work_items', 'max_attempts'],
];

/** 1 to 11: the newest migration of which the tables show a trace. */
export function generationOf(tables: TableColumns): number {
  return MARKS.find(([, table, column]) => tables.get(table)?.has(column) === true)?.[0] ?? 1;
}

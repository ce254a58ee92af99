/**
 * The columns without which a database cannot be read. The generation of a database is detected from its columns, because
 * its migration table may be missing (docs/format.md, Generations).
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

/** The required tables and columns that are missing, as `table` or `table.column`. Empty for a JamJet database. */
export function missingParts(tables: TableColumns): readonly string[] {
  const missing: string[] = [];
  for (const [table, columns] of Object.entries(REQUIRED_COLUMNS)) {
    const present = tables.get(table);
    if (present === undefined) missing.push(table);
    else missing.push(...columns.filter((column) => !present.has(column)).map((column) => `${table}.${column}`));
  }
  return missing;
}

/** For each migration a column that only it adds, newest first. */
const ADDED_COLUMNS: readonly (readonly [generation: number, table: string, column: string])[] = [
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

/** The newest migration, from 1 to 11, that has added a column to these tables. */
export function generationOf(tables: TableColumns): number {
  return ADDED_COLUMNS.find(([, table, column]) => tables.get(table)?.has(column) === true)?.[0] ?? 1;
}

/** The tables that the debugger reads, or by which it recognises a generation. */
export const KNOWN_TABLES: readonly string[] = [
  ...new Set([...Object.keys(REQUIRED_COLUMNS), ...ADDED_COLUMNS.map(([, table]) => table), 'workflow_definitions', 'audit_log']),
];

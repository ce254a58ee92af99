import Database from 'better-sqlite3';
import { MADE_AT } from './made-sources.ts';

const UNIQUE = ', UNIQUE (execution_id, sequence)';

interface MadeFile {
  /** The rows of `events` of the execution `run`, in the order in which they are inserted. */
  readonly events: readonly { readonly sequence: unknown; readonly kind: unknown; readonly at?: string }[];
  readonly input?: unknown;
  /** Whether the sequence is unique in an execution. */
  readonly unique?: boolean;
  readonly snapshots?: readonly { readonly at: number; readonly state: unknown }[];
  /** Run before the tables are created. */
  readonly before?: string;
}

/** Writes a database of generation 1 with one execution, `run`, and no checks on what is in it. */
export function makeFile(path: string, { events, input = '{}', unique = true, snapshots = [], before = '' }: MadeFile): void {
  const database = new Database(path);
  database.exec(`${before};
    CREATE TABLE workflow_executions (execution_id TEXT PRIMARY KEY, workflow_id TEXT, workflow_version TEXT, status TEXT, initial_input TEXT,
      current_state TEXT, started_at TEXT, updated_at TEXT, completed_at TEXT);
    CREATE TABLE events (execution_id TEXT, sequence INTEGER, kind_json TEXT, created_at TEXT${unique ? UNIQUE : ''});
    CREATE TABLE snapshots (execution_id TEXT, at_sequence INTEGER, state_json TEXT, created_at TEXT)`);
  database.prepare(`INSERT INTO workflow_executions VALUES ('run', 'w', '1', 'running', ?, '{}', ?, ?, NULL)`).run(input, MADE_AT, MADE_AT);
  const insert = database.prepare(`INSERT INTO events VALUES ('run', ?, ?, ?)`);
  database.transaction(() => {
    for (const { sequence, kind, at = MADE_AT } of events) insert.run(sequence, kind, at);
    for (const { at, state } of snapshots) database.prepare(`INSERT INTO snapshots VALUES ('run', ?, ?, ?)`).run(at, state, MADE_AT);
  })();
  database.close();
}

/** An event that sets one key of the state. */
export function sets(sequence: number, key: string, value: unknown): { readonly sequence: number; readonly kind: string } {
  return { sequence, kind: JSON.stringify({ type: 'node_completed', node_id: key, output: null, state_patch: { [key]: value }, duration_ms: 1 }) };
}

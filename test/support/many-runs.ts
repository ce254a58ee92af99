import Database from 'better-sqlite3';

/**
 * Writes a database with many short executions: run n started n seconds after the first one, every tenth has failed, and in every
 * thousandth that did not, the node `rare_node` failed once.
 */
export function makeManyRuns(path: string, count: number): void {
  const database = new Database(path);
  database.exec(`
    CREATE TABLE workflow_executions (execution_id TEXT PRIMARY KEY, workflow_id TEXT, workflow_version TEXT, status TEXT, initial_input TEXT,
      current_state TEXT, started_at TEXT, updated_at TEXT, completed_at TEXT, tenant_id TEXT);
    CREATE TABLE events (execution_id TEXT, sequence INTEGER, kind_json TEXT, created_at TEXT, UNIQUE (execution_id, sequence));
    CREATE TABLE snapshots (execution_id TEXT, at_sequence INTEGER, state_json TEXT, created_at TEXT, UNIQUE (execution_id, at_sequence));
    CREATE TEMP TABLE runs AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      SELECT i, printf('%08x-0000-4000-8000-000000000000', i) AS id, strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-06-01 00:00:00', '+' || i || ' seconds') AS at FROM n;
    INSERT INTO workflow_executions SELECT id, 'workflow-' || (i % 3), '1', CASE WHEN i % 10 = 0 THEN 'failed' ELSE 'completed' END, '{}', '{}', at, at, at,
      'tenant-' || (i % 2) FROM runs;
    INSERT INTO events SELECT id, 1, json_object('type', 'node_started', 'node_id', 'usual', 'worker_id', 'w', 'attempt', 1), at FROM runs;
    INSERT INTO events SELECT id, 2, json_object('type', 'node_failed', 'node_id', 'rare_node', 'error', 'quota exhausted', 'attempt', 1, 'retryable', json('true')), at
      FROM runs WHERE i % 1000 = 1;`);
  database.close();
}

/**
 * The tables of the SQLite files with native types (docs/format.md, Postgres). JSON is `json`, because `jsonb` would reorder
 * keys and respell numbers. The versions are those of the runtime's own migrations.
 */
export interface PostgresMigration {
  readonly version: number;
  readonly description: string;
  readonly sql: string;
}

export const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS hindsight_migrations (
  version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now())`;

const TENANT = `tenant_id text NOT NULL DEFAULT 'default' REFERENCES tenants(id)`;
const EXECUTION = 'execution_id uuid NOT NULL REFERENCES workflow_executions(execution_id)';

export const MIGRATIONS: readonly PostgresMigration[] = [
  {
    version: 3,
    description: 'tables of generation 3',
    sql: `
CREATE TABLE tenants (id text PRIMARY KEY, name text NOT NULL, status text NOT NULL DEFAULT 'active', policy_json json, limits_json json,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE workflow_definitions (workflow_id text NOT NULL, version text NOT NULL, ir_json json NOT NULL, created_at timestamptz NOT NULL, ${TENANT},
  PRIMARY KEY (tenant_id, workflow_id, version));
CREATE TABLE workflow_executions (execution_id uuid PRIMARY KEY, workflow_id text NOT NULL, workflow_version text NOT NULL, status text NOT NULL,
  initial_input json NOT NULL, current_state json NOT NULL, started_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, completed_at timestamptz, ${TENANT});
CREATE TABLE events (id uuid PRIMARY KEY, ${EXECUTION}, sequence bigint NOT NULL, kind_json json NOT NULL, created_at timestamptz NOT NULL, ${TENANT},
  CONSTRAINT events_execution_id_sequence_key UNIQUE (execution_id, sequence));
CREATE TABLE snapshots (id uuid PRIMARY KEY, ${EXECUTION}, at_sequence bigint NOT NULL, state_json json NOT NULL, created_at timestamptz NOT NULL, ${TENANT},
  UNIQUE (execution_id, at_sequence));
CREATE TABLE work_items (id uuid PRIMARY KEY, ${EXECUTION}, node_id text NOT NULL, queue_type text NOT NULL, payload_json json NOT NULL,
  attempt bigint NOT NULL DEFAULT 0, status text NOT NULL DEFAULT 'pending', worker_id text, lease_expires_at timestamptz, created_at timestamptz NOT NULL,
  claimed_at timestamptz, completed_at timestamptz, max_attempts bigint NOT NULL DEFAULT 3, retry_after timestamptz, ${TENANT});
CREATE TABLE dead_letter_items (id uuid PRIMARY KEY, ${EXECUTION}, node_id text NOT NULL, queue_type text NOT NULL, payload_json json NOT NULL,
  attempt bigint NOT NULL, last_error text NOT NULL, created_at timestamptz NOT NULL, dead_lettered_at timestamptz NOT NULL, ${TENANT});
CREATE TABLE api_tokens (id uuid PRIMARY KEY, token_hash text NOT NULL UNIQUE, name text NOT NULL, role text NOT NULL DEFAULT 'developer',
  created_at timestamptz NOT NULL, expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz, ${TENANT});
CREATE TABLE timers (id uuid PRIMARY KEY, execution_id uuid NOT NULL, node_id text NOT NULL, fire_at timestamptz NOT NULL, correlation_key text,
  fired boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL, fired_at timestamptz, ${TENANT});
CREATE TABLE cron_jobs (id uuid PRIMARY KEY, name text NOT NULL UNIQUE, cron_expression text NOT NULL, workflow_id text NOT NULL,
  workflow_version text NOT NULL DEFAULT '1.0.0', input_json json NOT NULL DEFAULT '{}', enabled boolean NOT NULL DEFAULT true, last_run_at timestamptz,
  next_run_at timestamptz NOT NULL, created_at timestamptz NOT NULL, ${TENANT});
CREATE TABLE agents (id uuid PRIMARY KEY, uri text NOT NULL UNIQUE, card_json json NOT NULL, status text NOT NULL DEFAULT 'registered',
  registered_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, last_heartbeat timestamptz, ${TENANT});
CREATE INDEX idx_executions_status ON workflow_executions(status);
CREATE INDEX idx_executions_updated_at ON workflow_executions(updated_at);
CREATE INDEX idx_snapshots_execution ON snapshots(execution_id, at_sequence DESC);
CREATE INDEX idx_work_items_status_queue ON work_items(status, queue_type, created_at);
CREATE INDEX idx_work_items_execution ON work_items(execution_id);
CREATE INDEX idx_work_items_lease ON work_items(lease_expires_at) WHERE status = 'claimed';
CREATE INDEX idx_dlq_execution ON dead_letter_items(execution_id);
CREATE INDEX idx_dlq_dead_lettered_at ON dead_letter_items(dead_lettered_at);
CREATE INDEX idx_timers_fire_at ON timers(fire_at) WHERE NOT fired;
CREATE INDEX idx_timers_execution ON timers(execution_id);
CREATE INDEX idx_cron_next_run ON cron_jobs(next_run_at) WHERE enabled;
CREATE INDEX idx_agents_status ON agents(status);
CREATE INDEX idx_wf_defs_tenant ON workflow_definitions(tenant_id, workflow_id, version);
CREATE INDEX idx_executions_tenant ON workflow_executions(tenant_id, status);
CREATE INDEX idx_agents_tenant ON agents(tenant_id, status);
CREATE INDEX idx_tokens_tenant ON api_tokens(tenant_id);
CREATE INDEX idx_work_items_tenant ON work_items(tenant_id, status, queue_type);
CREATE INDEX idx_events_tenant ON events(tenant_id, execution_id);
CREATE INDEX idx_snapshots_tenant ON snapshots(tenant_id, execution_id);
CREATE INDEX idx_timers_tenant ON timers(tenant_id);
CREATE INDEX idx_cron_jobs_tenant ON cron_jobs(tenant_id);`,
  },
  {
    version: 4,
    description: 'lease fence',
    sql: `
CREATE TABLE store_identity (id bigint PRIMARY KEY CHECK (id = 1), term bigint NOT NULL DEFAULT 0);
INSERT INTO store_identity (id, term) VALUES (1, 0);
ALTER TABLE work_items ADD COLUMN lease_epoch bigint NOT NULL DEFAULT 0, ADD COLUMN lease_fence bigint NOT NULL DEFAULT 0;`,
  },
  {
    version: 5,
    description: 'snapshot materialized',
    sql: `
ALTER TABLE snapshots ADD COLUMN status text NOT NULL DEFAULT 'running', ADD COLUMN completed_nodes_json json NOT NULL DEFAULT '{}',
  ADD COLUMN active_nodes_json json NOT NULL DEFAULT '[]', ADD COLUMN last_sequence bigint NOT NULL DEFAULT 0;`,
  },
  {
    version: 6,
    description: 'tool effects',
    sql: `
CREATE TABLE tool_effects (idempotency_key text PRIMARY KEY, execution_id uuid NOT NULL, node_id text NOT NULL, result_json json NOT NULL,
  tenant_id text NOT NULL DEFAULT 'default', recorded_at timestamptz NOT NULL);
CREATE INDEX idx_tool_effects_execution ON tool_effects(execution_id);`,
  },
  {
    version: 7,
    description: 'segment links',
    sql: 'ALTER TABLE workflow_executions ADD COLUMN parent_execution_id uuid, ADD COLUMN segment_number bigint NOT NULL DEFAULT 0;',
  },
  {
    version: 9,
    description: 'projector',
    sql: `
CREATE TABLE proj_approvals (execution_id uuid NOT NULL, node_id text NOT NULL, status text NOT NULL, user_id text, comment text, last_sequence bigint NOT NULL,
  tenant_id text NOT NULL DEFAULT 'default', updated_at timestamptz NOT NULL, tool_name text, approver text, context_json json,
  PRIMARY KEY (execution_id, node_id));
CREATE TABLE projector_checkpoints (projection_name text NOT NULL, execution_id uuid NOT NULL, last_sequence bigint NOT NULL,
  tenant_id text NOT NULL DEFAULT 'default', updated_at timestamptz NOT NULL, PRIMARY KEY (projection_name, execution_id));`,
  },
  {
    version: 10,
    description: 'artifacts',
    sql: `
CREATE TABLE artifacts (tenant_id text NOT NULL DEFAULT 'default', hash text NOT NULL, bytes bytea NOT NULL, size bigint NOT NULL, media_type text,
  created_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, hash));
CREATE INDEX idx_artifacts_hash ON artifacts(hash);`,
  },
  {
    version: 11,
    description: 'tool reservations',
    sql: `
CREATE TABLE tool_reservations (idempotency_key text NOT NULL, execution_id uuid NOT NULL, node_id text NOT NULL, owner text NOT NULL,
  lease_fence bigint NOT NULL, expires_at timestamptz NOT NULL, tenant_id text NOT NULL DEFAULT 'default', reserved_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, idempotency_key));
CREATE INDEX idx_tool_reservations_execution ON tool_reservations(execution_id);
CREATE INDEX idx_tool_reservations_expires ON tool_reservations(expires_at);`,
  },
];

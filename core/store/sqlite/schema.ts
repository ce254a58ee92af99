/**
 * The tables of generation 3, and what each later migration adds (docs/format.md, Tables). A runtime accepts a file by the
 * rows of its migration table, not by the text of these statements.
 */

export interface Migration {
  readonly version: number;
  readonly description: string;
  /** SHA-384 of the runtime's own migration file, in hex. */
  readonly checksum: string;
  readonly sql: string;
}

const TENANT = `tenant_id TEXT NOT NULL DEFAULT 'default' REFERENCES tenants(id)`;

const GENERATION_3 = `
CREATE TABLE tenants (id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'active', policy_json TEXT, limits_json TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now')), updated_at TEXT NOT NULL DEFAULT (datetime('now')));
CREATE TABLE workflow_definitions (workflow_id TEXT NOT NULL, version TEXT NOT NULL, ir_json TEXT NOT NULL, created_at TEXT NOT NULL, ${TENANT},
  PRIMARY KEY (tenant_id, workflow_id, version));
CREATE TABLE workflow_executions (execution_id TEXT PRIMARY KEY, workflow_id TEXT NOT NULL, workflow_version TEXT NOT NULL, status TEXT NOT NULL,
  initial_input TEXT NOT NULL, current_state TEXT NOT NULL, started_at TEXT NOT NULL, updated_at TEXT NOT NULL, completed_at TEXT, ${TENANT});
CREATE TABLE events (id TEXT PRIMARY KEY, execution_id TEXT NOT NULL REFERENCES workflow_executions(execution_id), sequence INTEGER NOT NULL,
  kind_json TEXT NOT NULL, created_at TEXT NOT NULL, ${TENANT}, UNIQUE (execution_id, sequence));
CREATE TABLE snapshots (id TEXT PRIMARY KEY, execution_id TEXT NOT NULL REFERENCES workflow_executions(execution_id), at_sequence INTEGER NOT NULL,
  state_json TEXT NOT NULL, created_at TEXT NOT NULL, ${TENANT}, UNIQUE (execution_id, at_sequence));
CREATE TABLE work_items (id TEXT PRIMARY KEY, execution_id TEXT NOT NULL REFERENCES workflow_executions(execution_id), node_id TEXT NOT NULL,
  queue_type TEXT NOT NULL, payload_json TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'pending', worker_id TEXT,
  lease_expires_at TEXT, created_at TEXT NOT NULL, claimed_at TEXT, completed_at TEXT, max_attempts INTEGER NOT NULL DEFAULT 3, retry_after TEXT, ${TENANT});
CREATE TABLE dead_letter_items (id TEXT PRIMARY KEY, execution_id TEXT NOT NULL REFERENCES workflow_executions(execution_id), node_id TEXT NOT NULL,
  queue_type TEXT NOT NULL, payload_json TEXT NOT NULL, attempt INTEGER NOT NULL, last_error TEXT NOT NULL, created_at TEXT NOT NULL,
  dead_lettered_at TEXT NOT NULL, ${TENANT});
CREATE TABLE api_tokens (id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL DEFAULT 'developer',
  created_at TEXT NOT NULL, expires_at TEXT, last_used_at TEXT, revoked_at TEXT, ${TENANT});
CREATE TABLE timers (id TEXT PRIMARY KEY, execution_id TEXT NOT NULL, node_id TEXT NOT NULL, fire_at TEXT NOT NULL, correlation_key TEXT,
  fired INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, fired_at TEXT, ${TENANT});
CREATE TABLE cron_jobs (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, cron_expression TEXT NOT NULL, workflow_id TEXT NOT NULL,
  workflow_version TEXT NOT NULL DEFAULT '1.0.0', input_json TEXT NOT NULL DEFAULT '{}', enabled INTEGER NOT NULL DEFAULT 1, last_run_at TEXT,
  next_run_at TEXT NOT NULL, created_at TEXT NOT NULL, ${TENANT});
CREATE TABLE agents (id TEXT PRIMARY KEY, uri TEXT NOT NULL UNIQUE, card_json TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'registered',
  registered_at TEXT NOT NULL, updated_at TEXT NOT NULL, last_heartbeat TEXT, ${TENANT});
CREATE INDEX idx_agents_status ON agents(status);
CREATE INDEX idx_agents_uri ON agents(uri);
CREATE INDEX idx_executions_status ON workflow_executions(status);
CREATE INDEX idx_executions_updated_at ON workflow_executions(updated_at);
CREATE INDEX idx_events_execution_seq ON events(execution_id, sequence);
CREATE INDEX idx_snapshots_execution ON snapshots(execution_id, at_sequence DESC);
CREATE INDEX idx_work_items_status_queue ON work_items(status, queue_type);
CREATE INDEX idx_work_items_execution ON work_items(execution_id);
CREATE INDEX idx_work_items_lease ON work_items(lease_expires_at) WHERE status = 'claimed';
CREATE INDEX idx_dlq_execution ON dead_letter_items(execution_id);
CREATE INDEX idx_dlq_dead_lettered_at ON dead_letter_items(dead_lettered_at);
CREATE INDEX idx_api_tokens_hash ON api_tokens(token_hash) WHERE revoked_at IS NULL;
CREATE INDEX idx_timers_fire_at ON timers(fire_at) WHERE fired = 0;
CREATE INDEX idx_timers_execution ON timers(execution_id);
CREATE INDEX idx_cron_next_run ON cron_jobs(next_run_at) WHERE enabled = 1;
CREATE INDEX idx_wf_defs_tenant ON workflow_definitions(tenant_id, workflow_id, version);
CREATE INDEX idx_executions_tenant ON workflow_executions(tenant_id, status);
CREATE INDEX idx_agents_tenant ON agents(tenant_id, status);
CREATE INDEX idx_tokens_tenant ON api_tokens(tenant_id);
CREATE INDEX idx_work_items_tenant ON work_items(tenant_id, status, queue_type);
CREATE INDEX idx_events_tenant ON events(tenant_id, execution_id);
CREATE INDEX idx_snapshots_tenant ON snapshots(tenant_id, execution_id);
CREATE INDEX idx_timers_tenant ON timers(tenant_id);
CREATE INDEX idx_cron_jobs_tenant ON cron_jobs(tenant_id);
`;

/** The first three migrations are one script here, because no released runtime stops between them. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    description: 'initial',
    checksum: '3175d701372b00a926530843088fc36133b91d160cdc5c3044e28af86da74a47fa6b0ae7263116226f4e601b0836c98d',
    sql: GENERATION_3,
  },
  {
    version: 2,
    description: 'production',
    checksum: '52f32b8c05c152eac47e93d31c64eb285cb141a33b0dc19fafaf9f9e01fdf14f39c209760ee7fb762814038722438649',
    sql: '',
  },
  {
    version: 3,
    description: 'tenant isolation',
    checksum: '44d7545db99a39d93d990a496501fe4e9e4568411603aef4a5e6adaac97075d3d0a1b0aa1008dcabe443070ada6b6a94',
    sql: '',
  },
  {
    version: 4,
    description: 'lease fence',
    checksum: '3dedce81e9941800b519ab18a7882a42fa1d9fb2dd118138da34b46aae28450c65fca6b81bfaf82f47b6c8d244a3ff69',
    sql: `CREATE TABLE store_identity (id INTEGER PRIMARY KEY CHECK (id = 1), term INTEGER NOT NULL DEFAULT 0);
      INSERT INTO store_identity (id, term) VALUES (1, 0);
      ALTER TABLE work_items ADD COLUMN lease_epoch INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE work_items ADD COLUMN lease_fence INTEGER NOT NULL DEFAULT 0;`,
  },
  {
    version: 5,
    description: 'snapshot materialized',
    checksum: 'c9bc95affd6c921958dbb9272b4f9da56c4d23499f651db07f72408c9398351834e4daddf161da1a249cbd272e4b215e',
    sql: `ALTER TABLE snapshots ADD COLUMN status TEXT NOT NULL DEFAULT 'running';
      ALTER TABLE snapshots ADD COLUMN completed_nodes_json TEXT NOT NULL DEFAULT '{}';
      ALTER TABLE snapshots ADD COLUMN active_nodes_json TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE snapshots ADD COLUMN last_sequence INTEGER NOT NULL DEFAULT 0;`,
  },
  {
    version: 6,
    description: 'tool effects',
    checksum: 'b057cd575c9b7b00335d8dfee4bdb73d8a003615599b12ef99128bc41b58fb12715540db9c655ea9f6d03be14f3cf8f2',
    sql: `CREATE TABLE tool_effects (idempotency_key TEXT PRIMARY KEY, execution_id TEXT NOT NULL, node_id TEXT NOT NULL, result_json TEXT NOT NULL,
        tenant_id TEXT NOT NULL DEFAULT 'default', recorded_at TEXT NOT NULL);
      CREATE INDEX idx_tool_effects_execution ON tool_effects(execution_id);`,
  },
  {
    version: 7,
    description: 'segment links',
    checksum: '009f235c122c773cd1be156e196857535fef126177339ece9307c5134e595907315b393ddcdbb31fbb9ee6a5796af5a7',
    sql: `ALTER TABLE workflow_executions ADD COLUMN parent_execution_id TEXT;
      ALTER TABLE workflow_executions ADD COLUMN segment_number INTEGER NOT NULL DEFAULT 0;`,
  },
  {
    version: 8,
    description: 'projector',
    checksum: '343970b8ab6f819e4d81d34b3815e695ed9ec401de9bff09145b167289b65c42172cd7ca3a68be6bbe6f13fd7f97310e',
    sql: `CREATE TABLE proj_approvals (execution_id TEXT NOT NULL, node_id TEXT NOT NULL, status TEXT NOT NULL, user_id TEXT, comment TEXT,
        last_sequence INTEGER NOT NULL, tenant_id TEXT NOT NULL DEFAULT 'default', updated_at TEXT NOT NULL, PRIMARY KEY (execution_id, node_id));
      CREATE TABLE projector_checkpoints (projection_name TEXT NOT NULL, execution_id TEXT NOT NULL, last_sequence INTEGER NOT NULL,
        tenant_id TEXT NOT NULL DEFAULT 'default', updated_at TEXT NOT NULL, PRIMARY KEY (projection_name, execution_id));`,
  },
  {
    version: 9,
    description: 'proj approvals pending fields',
    checksum: 'e96724526189de96ff9ebbe7b1d3beae6676b2c9d623260bcba8e33883ef52f74ebbd2d9812cb41a4b3086d3c17b0d53',
    sql: `ALTER TABLE proj_approvals ADD COLUMN tool_name TEXT;
      ALTER TABLE proj_approvals ADD COLUMN approver TEXT;
      ALTER TABLE proj_approvals ADD COLUMN context_json TEXT;`,
  },
  {
    version: 10,
    description: 'artifacts',
    checksum: 'bd516b8a3ab67793d81bc185e4dcd7038137649251694170cf97c6b5f27c5e5a6bf30cf9715df2bef42abac6b1453ebd',
    sql: `CREATE TABLE artifacts (tenant_id TEXT NOT NULL DEFAULT 'default', hash TEXT NOT NULL, bytes BLOB NOT NULL, size INTEGER NOT NULL,
        media_type TEXT, created_at TEXT NOT NULL, PRIMARY KEY (tenant_id, hash));
      CREATE INDEX idx_artifacts_hash ON artifacts(hash);`,
  },
  {
    version: 11,
    description: 'tool reservations',
    checksum: 'd7a0aca349e9d869142638e90b8c96c58963be9dbfde3c464b775b731cc4ce4b8a3522010d8b8223279a6f60a814a93c',
    sql: `CREATE TABLE tool_reservations (idempotency_key TEXT NOT NULL, execution_id TEXT NOT NULL, node_id TEXT NOT NULL, owner TEXT NOT NULL,
        lease_fence INTEGER NOT NULL, expires_at TEXT NOT NULL, tenant_id TEXT NOT NULL DEFAULT 'default', reserved_at TEXT NOT NULL,
        PRIMARY KEY (tenant_id, idempotency_key));
      CREATE INDEX idx_tool_reservations_execution ON tool_reservations(execution_id);
      CREATE INDEX idx_tool_reservations_expires ON tool_reservations(expires_at);`,
  },
];

export const MIGRATION_TABLE = `CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
  installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)`;

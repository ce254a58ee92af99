import type Database from 'better-sqlite3';
import { entryHash } from '../../core/jamjet/audit.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { shownId } from '../../core/jamjet/ids.ts';
import type { AuditRow } from '../../core/jamjet/rows.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { Random } from './random.ts';

/** As the runtime's audit log makes it at its start, outside the migrations. */
const TABLE = `CREATE TABLE audit_log (id TEXT PRIMARY KEY, event_id TEXT NOT NULL, execution_id TEXT NOT NULL, sequence INTEGER NOT NULL,
  event_type TEXT NOT NULL, actor_id TEXT NOT NULL, actor_type TEXT NOT NULL, tool_call_hash TEXT, policy_decision TEXT,
  http_request_id TEXT, http_method TEXT, http_path TEXT, ip_address TEXT, created_at TEXT NOT NULL, raw_event TEXT NOT NULL,
  tenant_id TEXT NOT NULL DEFAULT 'default', expires_at TEXT, redacted INTEGER NOT NULL DEFAULT 0, prev_hash TEXT, entry_hash TEXT, signature TEXT)`;

interface Decision {
  readonly id: string;
  readonly execution_id: string;
  readonly sequence: number;
  readonly kind_json: string;
  readonly created_at: string;
  readonly tenant_id: string;
}

/** Writes an entry for each decision of the database, in the order of their times, each with the hash of the one before it. */
export function writeAuditLog(database: Database.Database, seed: number): void {
  const random = new Random(seed);
  database.exec(TABLE);
  const decisions = database
    .prepare(
      `SELECT id, execution_id, sequence, kind_json, created_at, tenant_id FROM events WHERE kind_json LIKE '{"type":"approval_received"%' ORDER BY created_at, id`,
    )
    .all() as Decision[];
  let last: string | null = null;
  for (const decision of decisions) {
    const reading = readEvent(decision.kind_json);
    if (!reading.ok) throw new Error(reading.reason);
    const { fields } = reading.event;
    const entry: AuditRow = {
      id: random.uuid(),
      event_id: decision.id,
      execution_id: shownId(decision.execution_id),
      sequence: BigInt(decision.sequence),
      event_type: 'approval_received',
      actor_id: String(fields.get('user_id')),
      actor_type: 'human',
      tool_call_hash: null,
      policy_decision: null,
      http_request_id: null,
      http_method: 'POST',
      http_path: `/executions/${decision.execution_id}/approve`,
      ip_address: null,
      created_at: decision.created_at,
      raw_event: canonicalJson(fields),
      tenant_id: decision.tenant_id,
      expires_at: null,
      redacted: 0n,
      prev_hash: last,
      entry_hash: null,
      signature: null,
    };
    const hashed: AuditRow = { ...entry, entry_hash: entryHash(entry) ?? null };
    last = hashed.entry_hash;
    const names = Object.keys(hashed);
    database.prepare(`INSERT INTO audit_log (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`).run(hashed);
  }
}

import { HASHED_TEXTS } from '../../jamjet/audit.ts';
import type { AuditRow } from '../../jamjet/rows.ts';
import type { SqlRow, SqlValue } from './connection.ts';

const TEXTS = ['id', 'event_id', 'execution_id', ...HASHED_TEXTS, 'tenant_id', 'expires_at', 'prev_hash', 'entry_hash', 'signature'] as const;
const INTEGERS = ['sequence', 'redacted'] as const;

/** The rows that are read at once. */
const PAGE = 500;

/** The entries of the audit log in the order in which they were written, which only the rowid tells. @param columns those that the table has. */
export async function* auditPages(
  read: (sql: string, ...params: readonly SqlValue[]) => Promise<SqlRow[]>,
  columns: ReadonlySet<string>,
): AsyncGenerator<readonly AuditRow[]> {
  const column = (name: string): string => (columns.has(name) ? name : 'NULL');
  const select = `SELECT rowid, ${[...TEXTS, ...INTEGERS].map(column).join(', ')} FROM audit_log WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`;
  let last: SqlValue = BigInt(-Number.MAX_SAFE_INTEGER);
  for (;;) {
    const rows = await read(select, last);
    if (rows.length > 0) yield rows.map(entryOf);
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.[0] as SqlValue;
  }
}

function entryOf(row: SqlRow): AuditRow {
  const texts = TEXTS.map((name, i) => [name, textOf(row[i + 1])]);
  const integers = INTEGERS.map((name, i) => [name, integerOf(row[i + 1 + TEXTS.length])]);
  return Object.fromEntries([...texts, ...integers]) as unknown as AuditRow;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function integerOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null;
}

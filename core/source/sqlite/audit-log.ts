import { HASHED_TEXTS } from '../../jamjet/audit.ts';
import type { AuditRow } from '../../jamjet/rows.ts';
import type { SqlRow, SqlValue } from './connection.ts';

const TEXTS = ['id', 'event_id', 'execution_id', ...HASHED_TEXTS, 'tenant_id', 'expires_at', 'prev_hash', 'entry_hash', 'signature'] as const;
const INTEGERS = ['sequence', 'redacted'] as const;

/** The most rows that are read at once, and about how many characters of their events, which takes a few milliseconds. */
const PAGE = 500;
const PAGE_TEXT = 512 * 1024;
const FIRST_PAGE = 50;

/** The entries of the audit log in the order in which they were written, which only the rowid tells. @param columns those that the table has. */
export async function* auditPages(
  read: (sql: string, ...params: readonly SqlValue[]) => Promise<SqlRow[]>,
  columns: ReadonlySet<string>,
): AsyncGenerator<readonly AuditRow[]> {
  const column = (name: string): string => (columns.has(name) ? name : 'NULL');
  const select = `SELECT rowid, ${[...TEXTS, ...INTEGERS].map(column).join(', ')} FROM audit_log WHERE rowid > ? ORDER BY rowid LIMIT ?`;
  const event = 1 + TEXTS.indexOf('raw_event');
  let limit = FIRST_PAGE;
  let last: SqlValue = BigInt(-Number.MAX_SAFE_INTEGER);
  for (;;) {
    const rows = await read(select, last, limit);
    if (rows.length > 0) yield rows.map(entryOf);
    if (rows.length < limit) return;
    last = rows.at(-1)?.[0] as SqlValue;
    const text = rows.reduce((sum, row) => sum + (textOf(row[event])?.length ?? 0), 0);
    limit = Math.max(1, Math.min(PAGE, Math.floor((rows.length * PAGE_TEXT) / Math.max(1, text))));
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

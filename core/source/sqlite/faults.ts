import { FaultError, type FaultKind } from '../../fault.ts';

/** The Faults for SQLite's result codes, by prefix of their names. */
const KINDS: readonly (readonly [prefix: string, kind: FaultKind])[] = [
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_NOTADB', 'not-a-database'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_READONLY_ROLLBACK', 'needs-recovery'],
  ['SQLITE_READONLY', 'folder-read-only'],
  ['SQLITE_CANTOPEN', 'permission-denied'],
  ['SQLITE_PERM', 'permission-denied'],
  ['SQLITE_AUTH', 'permission-denied'],
  ['SQLITE_IOERR', 'damaged'],
  ['SQLITE_TOOBIG', 'too-large'],
  ['SQLITE_NOMEM', 'too-large'],
  // A view that cannot be evaluated, a module that is not there, a schema of a newer version.
  ['SQLITE_ERROR', 'unreadable-schema'],
  ['SQLITE_SCHEMA', 'unreadable-schema'],
  ['SQLITE_INTERRUPT', 'cancelled'],
];

/** The names of numeric result codes, which Node's own driver reports. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'SQLITE_ERROR'],
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [14, 'SQLITE_CANTOPEN'],
  [18, 'SQLITE_TOOBIG'],
  [26, 'SQLITE_NOTADB'],
]);

/** The Fault for an error of the driver; any other error is returned unchanged. */
export function sqliteFault(error: unknown, subject: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  const name = typeof errcode === 'number' ? (NAMES.get(errcode & 0xff) ?? '') : String(code ?? '');
  const kind = KINDS.find(([prefix]) => name.startsWith(prefix))?.[1];
  return kind === undefined ? error : new FaultError(kind, { subject, detail: error.message });
}

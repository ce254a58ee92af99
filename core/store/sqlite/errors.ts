import { ConstraintError, DatabaseError, StoreError } from '../errors.ts';
import { isBusy } from './patience.ts';

/** What is wrong with a file, to follow its path. */
const OF_THE_FILE: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'is not an SQLite database.',
  SQLITE_READONLY: 'is read-only.',
  SQLITE_READONLY_DIRECTORY: 'is in a read-only folder, but a database in WAL mode needs to write there.',
  SQLITE_CANTOPEN: 'cannot be opened: it is a folder, its folder is missing, or you may not read it.',
  SQLITE_CANTOPEN_ISDIR: 'is a folder, not a database.',
  SQLITE_FULL: 'is on a full disk; nothing was written.',
  SQLITE_CORRUPT: 'is damaged.',
};

/** Converts an error of the driver. The message does not repeat the values of the statement. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const { code = '', message } = error as { readonly code?: string; readonly message?: string };
  if (isBusy(error)) return new DatabaseError(`${path} is locked by another program; try again when it has finished.`, error);
  if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE') return new ConstraintError('duplicate', undefined, error);
  if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return new ConstraintError('reference', undefined, error);
  const known = OF_THE_FILE[code];
  if (known !== undefined) return new DatabaseError(`${path} ${known}`, error);
  return new DatabaseError(`The database ${path} reported an error: ${(message ?? String(error)).replace(/\.$/, '')}.`, error);
}

import { ConstraintError, DatabaseError, SequenceConflictError, type StoreError } from '../errors.ts';
import type { Value } from '../sql/connection.ts';

const MESSAGES: Readonly<Record<string, string>> = {
  '28P01': 'The server refused the login: check the user and the password.',
  '28000': 'The server refused the login: check the user, and whether it may connect from here.',
  '3D000': 'There is no such database on the server.',
  '3F000': 'There is no such schema in the database.',
  '42501': 'The user lacks a permission; the store creates tables and writes rows.',
  '53300': 'The server has no free connection; try again, or use fewer.',
  '57014': 'The statement took longer than the server allows.',
  '57P01': 'The server closed the connection; nothing of the operation was written.',
  '57P03': 'The server is starting or stopping; try again.',
  '40P01': 'Two transactions waited for each other; this one was rolled back and can be retried.',
  '25006': 'The database is read-only.',
  '22P05': 'The text contains a character that the database cannot store.',
  '22021': 'The text contains a NUL character, which Postgres cannot store.',
  '22003': 'A number is beyond the range of its column.',
  ECONNREFUSED: 'No Postgres server answers at that address.',
  ENOTFOUND: 'The name of the server is unknown.',
  EAI_AGAIN: 'The name of the server could not be looked up.',
  ETIMEDOUT: 'The server did not answer in time.',
  ECONNRESET: 'The connection was lost; the operation may or may not have been written.',
  ENOENT: 'There is no Postgres socket in that folder.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate of the server is signed by an unknown authority; provide its certificate with sslrootcert.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate of the server is self-signed; provide it with sslrootcert.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate of the server is signed by an unknown authority; provide its certificate with sslrootcert.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the server is for another name.',
  CERT_HAS_EXPIRED: 'The certificate of the server has expired.',
};

/** Converts an error of the driver. The message does not repeat the values of the statement. */
export function toStoreError(error: unknown, params: readonly Value[] = []): StoreError {
  const { code = '', message = String(error), constraint } = error as { readonly code?: string; readonly message?: string; readonly constraint?: string };
  if (code === '23505' && constraint === 'events_execution_id_sequence_key') return new SequenceConflictError(String(params.at(-1) ?? ''));
  if (code === '23505') return new ConstraintError('duplicate', constraint, error);
  if (code === '23503') return new ConstraintError('reference', constraint, error);
  const known = MESSAGES[code];
  if (known !== undefined) return new DatabaseError(known, error);
  if (/client password must be/.test(message)) return new DatabaseError('The server asks for a password, and the URL has none.', error);
  if (/does not support SSL/.test(message)) return new DatabaseError('The server does not speak TLS; use sslmode=disable if plain text is intended.', error);
  if (/terminated|Connection ended/i.test(message)) return new DatabaseError('The connection was lost; the operation may or may not have been written.', error);
  if (/timeout/i.test(message)) return new DatabaseError('The server did not answer in time.', error);
  return new DatabaseError(`The database reported an error: ${message.replace(/\.$/, '')}.`, error);
}

import { FaultError, type FaultKind } from '../../fault.ts';
import type { AddressError } from '../../postgres/address.ts';

const UNKNOWN_AUTHORITY =
  'the certificate of the server is signed by an unknown authority; give its certificate with sslrootcert=FILE, or choose sslmode=no-verify to trust any server';

/** The Faults for SQLSTATEs, for codes of the system and for codes of TLS. */
const KINDS: Readonly<Record<string, readonly [kind: FaultKind, detail?: string]>> = {
  '28P01': ['login-refused', 'check the user and the password'],
  '28000': ['login-refused', 'check the user, and whether it may connect from here'],
  '3D000': ['cannot-connect', 'there is no such database on the server'],
  '42501': ['permission-denied'],
  '53300': ['cannot-connect', 'the server has no free connection; try again'],
  '57P03': ['cannot-connect', 'the server is starting or stopping; try again'],
  '57014': ['timed-out'],
  '40001': ['busy', 'the replica cancelled the query for what it replays; try again, or read from the primary'],
  '55P03': ['busy'],
  '22021': ['bad-request', 'Postgres cannot store a NUL character, so nothing can be found with one'],
  '54000': ['too-large'],
  '53200': ['too-large', 'the server has not enough memory'],
  ECONNREFUSED: ['cannot-connect', 'no Postgres server answers at that address'],
  ENOTFOUND: ['cannot-connect', 'the name of the server is unknown'],
  EAI_AGAIN: ['cannot-connect', 'the name of the server could not be looked up'],
  ETIMEDOUT: ['cannot-connect', 'the server did not answer in time'],
  EHOSTUNREACH: ['cannot-connect', 'the server cannot be reached from here'],
  ENETUNREACH: ['cannot-connect', 'the server cannot be reached from here'],
  ENOENT: ['cannot-connect', 'there is no Postgres socket in that folder'],
  EACCES: ['cannot-connect', 'the socket of the server may not be used'],
  SELF_SIGNED_CERT_IN_CHAIN: ['cannot-connect', UNKNOWN_AUTHORITY],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['cannot-connect', UNKNOWN_AUTHORITY],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['cannot-connect', UNKNOWN_AUTHORITY],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['cannot-connect', UNKNOWN_AUTHORITY],
  ERR_TLS_CERT_ALTNAME_INVALID: ['cannot-connect', 'the certificate of the server is for another name'],
  CERT_HAS_EXPIRED: ['cannot-connect', 'the certificate of the server has expired'],
  CERT_NOT_YET_VALID: ['cannot-connect', 'the certificate of the server is not valid yet'],
};

/** Errors of the driver that have no code. */
const MESSAGES: readonly { readonly pattern: RegExp; readonly meaning: readonly [kind: FaultKind, detail?: string] }[] = [
  { pattern: /client password must be|no password/i, meaning: ['login-refused', 'it asks for a password, and none was given'] },
  { pattern: /does not support SSL/, meaning: ['cannot-connect', 'the server does not speak TLS; use sslmode=disable if plain text is intended'] },
  { pattern: /timeout expired|timeout exceeded|connection timeout/i, meaning: ['cannot-connect', 'the server did not answer in time'] },
  { pattern: /read timeout/i, meaning: ['timed-out'] },
];

/** The Fault for an error of the driver; any other error is returned unchanged. @param subject the database, without a password. */
export function postgresFault(error: unknown, subject: string): unknown {
  if (!(error instanceof Error) || error instanceof FaultError) return error;
  if (isLost(error)) return new FaultError('connection-lost', { subject });
  const { code = '' } = error as { readonly code?: string };
  const [kind, detail] = KINDS[code] ?? MESSAGES.find(({ pattern }) => pattern.test(error.message))?.meaning ?? [];
  if (kind === 'timed-out') return new FaultError(kind, { subject: `A query of ${subject}` });
  if (kind !== undefined) return new FaultError(kind, { subject, ...(detail !== undefined && { detail }) });
  // Five characters: an error of the server. Everything else is one of ours.
  return /^[0-9A-Z]{5}$/.test(code) ? new FaultError('server-error', { subject, detail: error.message.replace(/\.$/, '') }) : error;
}

/** The connection was closed by the server or the network, so that another one may do. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '' } = error as { readonly code?: string };
  if (/^(57P0[125]|08...|25P03|ECONNRESET|EPIPE)$/.test(code)) return true;
  return /Connection terminated|connection error and is not queryable|Client was closed/i.test(error.message) && !/timeout/i.test(error.message);
}

/** A replica had to cancel the query, because it replayed the removal of rows that the query might have read. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && /conflict with recovery/i.test(error.message);
}

/** The transaction had failed before, by another statement. */
export function isInFailed(error: unknown): boolean {
  return codeOf(error) === '25P02';
}

/** Somebody cancelled the query. */
export function isCancelled(error: unknown): boolean {
  return codeOf(error) === '57014' && !/timeout/i.test((error as Error).message);
}

/** A server that is not there, or not yet. */
export function isAway(error: unknown): boolean {
  return ['ECONNREFUSED', '57P03', 'ENOENT'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown }).code);
}

/** @param error whose message is a sentence without the password. */
export function addressFault({ message }: AddressError): FaultError {
  return new FaultError('bad-address', { detail: message.replace(/^(A|The) /, (word) => word.toLowerCase()).replace(/\.$/, '') });
}

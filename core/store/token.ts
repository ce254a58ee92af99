import { createHash, randomBytes } from 'node:crypto';

/** A new API token: `jj_` and 64 hex digits. */
export function newToken(): string {
  return `jj_${randomBytes(32).toString('hex')}`;
}

/** The part of a token that is stored: its SHA-256 in hex. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

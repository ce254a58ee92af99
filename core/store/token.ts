import { createHash, randomBytes } from 'node:crypto';

/** An API token as it is handed out, once: `jj_` and 64 hex digits. */
export function newToken(): string {
  return `jj_${randomBytes(32).toString('hex')}`;
}

/** What is kept of a token: its SHA-256, in hex. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

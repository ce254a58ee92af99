import { createHash } from 'node:crypto';

/** What an artifact is known by: the SHA-256 of its bytes, in lower-case hex (jamjet-format.md §7). */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

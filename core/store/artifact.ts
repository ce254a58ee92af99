import { createHash } from 'node:crypto';

/** The name of an artifact: the SHA-256 of its bytes in lower-case hex (docs/format.md, Artifacts). */
export function artifactHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import { createHash } from 'node:crypto';
import { type ArtifactText, MAX_COPIED } from '../contract/values.ts';
import { FaultError } from '../fault.ts';

/**
 * An artifact for reading, compared with its name.
 *
 * @param bytes undefined when there is none.
 * @throws FaultError `too-large` when it is longer than can be shown.
 */
export function artifactText(bytes: Uint8Array | undefined, hash: string): ArtifactText {
  if (bytes === undefined) return { verdict: 'missing', bytes: 0, text: '' };
  if (bytes.length > MAX_COPIED) throw new FaultError('too-large', { subject: 'The artifact', detail: `${bytes.length} bytes` });
  const isSound = createHash('sha256').update(bytes).digest('hex') === hash;
  return { verdict: isSound ? 'sound' : 'damaged', bytes: bytes.length, text: Buffer.from(bytes).toString('utf8') };
}

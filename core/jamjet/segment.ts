import { createHash } from 'node:crypto';
import { type ExecutionId, hyphenated } from './ids.ts';

const SEGMENT_NAMESPACE = '6a8ef5c3d3a44b9c8b2e4f5d6e7a8c9b';

/** The id of a segment of a continued execution: a UUID v5 (RFC 9562 §5.5) of its parent's id and its own number. */
export function segmentId(parent: ExecutionId, segment: number): ExecutionId {
  const hash = createHash('sha1').update(Buffer.from(SEGMENT_NAMESPACE, 'hex')).update(`${parent}:${segment}`).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  return hyphenated(hash.subarray(0, 16).toString('hex'));
}

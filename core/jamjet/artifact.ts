import { isObject, type Json, JsonNumber } from '../json/value.ts';

/** What stands for an output that is stored among the artifacts (docs/format.md, Artifacts). */
export interface ArtifactReference {
  /** The SHA-256 of the stored bytes, as 64 lower-case hexadecimal digits. */
  readonly hash: string;
  /** In bytes, as the reference says. */
  readonly size: number;
  readonly mediaType: string | null;
}

/** The reference that a value is; undefined for every other shape, which is plain data, as in the runtime. */
export function artifactReference(value: Json | undefined): ArtifactReference | undefined {
  const reference = isObject(value) && value.size === 1 ? value.get('$artifact') : undefined;
  if (!isObject(reference) || reference.size !== 3) return undefined;
  const [hash, size, mediaType] = [reference.get('hash'), reference.get('size'), reference.get('media_type')];
  const bytes = size instanceof JsonNumber ? Number(size.text) : size;
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0 || (size instanceof JsonNumber && !/^\d+$/.test(size.text))) return undefined;
  return mediaType === null || typeof mediaType === 'string' ? { hash, size: bytes, mediaType } : undefined;
}

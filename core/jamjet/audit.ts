import { createHash, createHmac } from 'node:crypto';
import { idDigits } from './ids.ts';
import type { AuditRow } from './rows.ts';

/** The hashes of the audit log (docs/format.md, The audit log). */

const SEPARATOR = Buffer.from([0x1f]);

/**
 * The hash of an entry over its 19 fields, as lower-case hexadecimal digits.
 *
 * @returns undefined when an id is no UUID or an integer is missing: then no hash can be right.
 */
export function entryHash(entry: AuditRow): string | undefined {
  const [id, eventId] = [uuidBytes(entry.id), uuidBytes(entry.event_id)];
  const { sequence, redacted } = entry;
  if (id === undefined || eventId === undefined || sequence === null || redacted === null) return undefined;
  if (BigInt.asIntN(64, sequence) !== sequence || (redacted !== 0n && redacted !== 1n)) return undefined;
  const number = Buffer.alloc(8);
  number.writeBigInt64LE(sequence);
  const hash = createHash('sha256');
  const add = (field: Buffer | string | null): void => {
    if (field !== null) hash.update(field);
    hash.update(SEPARATOR);
  };
  add(id);
  add(eventId);
  add(entry.execution_id);
  add(number);
  for (const name of HASHED_TEXTS) add(entry[name]);
  add(entry.tenant_id);
  add(entry.expires_at);
  add(Buffer.from([Number(redacted)]));
  add(entry.prev_hash);
  return hash.digest('hex');
}

/** The texts that follow one another in the hash, which are also columns. */
export const HASHED_TEXTS = [
  'event_type',
  'actor_id',
  'actor_type',
  'tool_call_hash',
  'policy_decision',
  'http_request_id',
  'http_method',
  'http_path',
  'ip_address',
  'created_at',
  'raw_event',
] as const;

/** The signature of an entry whose hash has this text, as lower-case hexadecimal digits. */
export function entrySignature(hash: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(hash).digest('hex');
}

/** Only the form that the runtime writes: in any other, the text could change without the bytes. */
function uuidBytes(text: string | null): Buffer | undefined {
  if (text === null || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return undefined;
  return Buffer.from(idDigits(text) ?? '', 'hex');
}

import { FaultError } from '../fault.ts';
import type { Finding } from '../finding.ts';
import { entryHash, entrySignature } from '../jamjet/audit.ts';
import { readEvent } from '../jamjet/event.ts';
import { shownId } from '../jamjet/ids.ts';
import type { AuditRow } from '../jamjet/rows.ts';
import { canonicalJson } from '../json/print.ts';
import type { Source } from '../source/port.ts';

/** What the audit log says when it is recomputed. */
export interface AuditReport {
  readonly entries: number;
  /** Entries whose hash and link are right and that equal their event. */
  readonly sound: number;
  readonly signed: number;
  /** How many signatures are right; undefined when no key was given. */
  readonly verified: number | undefined;
  /** The hash of the newest entry, to be noted and checked later; undefined when there is none. */
  readonly head: string | undefined;
  /** Whether an expected hash is that of the newest entry, that of an earlier one, or of none; undefined when none was expected. */
  readonly expected: 'head' | 'earlier' | 'missing' | undefined;
  /** The first 1,000; {@link breaks} counts all. */
  readonly findings: readonly AuditFinding[];
  readonly breaks: number;
}

/** A Finding about an entry. */
interface AuditFinding extends Finding {
  /** Counted from 1, in the order in which the log was written. */
  readonly entry: number;
  readonly entryId: string;
  readonly executionId: string;
}

interface AuditOptions {
  /** With which the signatures are checked. */
  readonly key?: Uint8Array | undefined;
  /** The hash of an entry that was noted before. */
  readonly expect?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly pause?: (() => Promise<void>) | undefined;
}

const MAX_FINDINGS = 1000;
const MAX_SHOWN = 60;

/** What an audit log proves when no break is found, and what it does not. */
export const AUDIT_PROVES =
  'No event that has an entry was changed since, unless the entry and all later ones were rewritten, which a signature or a head hash that was noted before would show.';
export const AUDIT_DOES_NOT_PROVE = 'It does not prove that the newest entries were not removed, and says nothing of events without an entry.';

/** Recomputes the audit log. @throws FaultError `nothing-to-audit` when the database has none. */
export async function auditChain(source: Source, { key, expect, signal, pause }: AuditOptions = {}): Promise<AuditReport> {
  const log = source.auditLog(signal);
  if (log === undefined) throw new FaultError('nothing-to-audit', { subject: (await source.describe(signal)).name });
  const findings: AuditFinding[] = [];
  let [entries, sound, signed, verified, breaks] = [0, 0, 0, 0, 0];
  let [head, last]: [string | undefined, string | null] = [undefined, null];
  let isExpectedThere = false;
  for await (const page of log) {
    for (const entry of page) {
      entries++;
      const found = await entryFindings(source, entry, last, key, signal);
      for (const { kind, detail } of found) {
        const sequence = entry.sequence === null ? 0 : Number(entry.sequence);
        if (findings.length < MAX_FINDINGS)
          findings.push({ kind, detail, sequence, entry: entries, entryId: shown(entry.id), executionId: shown(entry.execution_id) });
      }
      breaks += found.length;
      if (found.length === 0) sound++;
      if (entry.signature !== null) signed++;
      if (key !== undefined && entry.signature !== null && !found.some(({ kind }) => kind === 'audit-signature')) verified++;
      last = entry.entry_hash;
      head = entry.entry_hash ?? undefined;
      isExpectedThere ||= expect !== undefined && entry.entry_hash === expect.toLowerCase();
    }
    await pause?.();
    signal?.throwIfAborted();
  }
  const expected = expect === undefined ? undefined : head === expect.toLowerCase() ? 'head' : isExpectedThere ? 'earlier' : 'missing';
  if (expected === 'missing') {
    const detail = `The expected hash ${shown(expect ?? null)} is that of no entry: entries were removed or rewritten.`;
    findings.push({ kind: 'audit-head', sequence: 0, detail, entry: entries, entryId: '', executionId: '' });
    breaks++;
  }
  return { entries, sound, signed, verified: key === undefined ? undefined : verified, head, expected, findings, breaks };
}

async function entryFindings(
  source: Source,
  entry: AuditRow,
  last: string | null,
  key: Uint8Array | undefined,
  signal?: AbortSignal,
): Promise<Pick<Finding, 'kind' | 'detail'>[]> {
  const found: Pick<Finding, 'kind' | 'detail'>[] = [];
  const name = `The entry ${shown(entry.id)}`;
  const hash = entryHash(entry);
  if (hash === undefined || hash !== entry.entry_hash) {
    found.push({
      kind: 'audit-hash',
      detail: `${name} has the hash ${shown(entry.entry_hash)}; its fields give ${hash ?? 'none, because an id or a number is not one'}.`,
    });
  }
  if (entry.prev_hash !== last) {
    found.push({
      kind: 'audit-link',
      detail: `${name} follows ${shown(entry.prev_hash)}; the entry before it has ${last === null ? 'none, because there is none' : shown(last)}.`,
    });
  }
  if (key !== undefined && entry.signature !== null && (entry.entry_hash === null || entrySignature(entry.entry_hash, key) !== entry.signature)) {
    found.push({ kind: 'audit-signature', detail: `${name} has a signature that was not made of its hash with this key.` });
  }
  const difference = await eventDifference(source, entry, signal);
  if (difference !== undefined) found.push({ kind: 'audit-event', detail: `${name} ${difference}.` });
  return found;
}

/** How an entry differs from its event; undefined when it does not. What was redacted cannot be compared. */
async function eventDifference(source: Source, entry: AuditRow, signal?: AbortSignal): Promise<string | undefined> {
  if (entry.event_id === null) return 'names no event';
  const event = await source.eventById(entry.event_id, signal);
  if (event === undefined) return `is of the event ${shown(entry.event_id)}, which is not in the database`;
  if (entry.execution_id !== shownId(event.executionId) && entry.execution_id !== event.executionId)
    return `names the execution ${shown(entry.execution_id)}; its event is of ${event.executionId}`;
  if (entry.sequence !== BigInt(event.sequence)) return `names the sequence ${entry.sequence}; its event has ${event.sequence}`;
  const reading = readEvent(event.text);
  if (!reading.ok) return `is of an event that cannot be read: ${reading.reason}`;
  if (entry.event_type !== reading.event.kind.type) return `names the kind ${shown(entry.event_type)}; its event is ${reading.event.kind.type}`;
  if (entry.redacted === 0n && entry.raw_event !== canonicalJson(reading.event.fields)) return 'holds another text than its event';
  return undefined;
}

function shown(text: string | null): string {
  if (text === null) return 'none';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

import { FaultError } from '../fault.ts';
import type { Finding } from '../finding.ts';
import { entryHash, entrySignature } from '../jamjet/audit.ts';
import { readEvent } from '../jamjet/event.ts';
import { type ExecutionId, shownId } from '../jamjet/ids.ts';
import type { AuditRow } from '../jamjet/rows.ts';
import { canonicalJson } from '../json/print.ts';
import type { IdentifiedEvent, Source } from '../source/port.ts';

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
  /** The first ones; {@link breaks} counts all. */
  readonly findings: readonly AuditFinding[];
  readonly breaks: number;
}

/** A Finding about an entry. */
export interface AuditFinding extends Finding {
  /** Counted from 1, in the order in which the log was written. */
  readonly entry: number;
  readonly entryId: string;
  /** As the entry names it. */
  readonly executionId: string;
  /** The execution of its event; undefined when there is no such event. */
  readonly eventOf: ExecutionId | undefined;
}

interface AuditOptions {
  /** With which the signatures are checked. */
  readonly key?: Uint8Array | undefined;
  /** The hash of an entry that was noted before. */
  readonly expect?: string | undefined;
  /** The most findings that are kept; all are counted. */
  readonly limit?: number;
  readonly signal?: AbortSignal | undefined;
  /** Awaited after each entry. */
  readonly pause?: (() => Promise<void>) | undefined;
}

const MAX_FINDINGS = 1000;
const MAX_SHOWN = 60;

/** Recomputes the audit log. @throws FaultError `nothing-to-audit` when the database has none. */
export async function auditChain(source: Source, options: AuditOptions = {}): Promise<AuditReport> {
  let last: AuditReport | undefined;
  for await (const report of auditReports(source, options)) last = report;
  if (last === undefined) throw new FaultError('nothing-to-audit', { subject: (await source.describe(options.signal)).name });
  return last;
}

/** The same as far as it has got, after each page and at the end; nothing when the database has no audit log. The reports share their list of findings. */
export async function* auditReports(source: Source, { key, expect, limit = MAX_FINDINGS, signal, pause }: AuditOptions = {}): AsyncGenerator<AuditReport> {
  const log = source.auditLog(signal);
  if (log === undefined) return;
  const findings: AuditFinding[] = [];
  let [entries, sound, signed, verified, breaks] = [0, 0, 0, 0, 0];
  let [head, last]: [string | undefined, string | null] = [undefined, null];
  let isExpectedThere = false;
  const report = (expected?: AuditReport['expected']): AuditReport => {
    return { entries, sound, signed, verified: key === undefined ? undefined : verified, head, expected, findings, breaks };
  };
  for await (const page of log) {
    for (const entry of page) {
      entries++;
      const event = entry.event_id === null ? undefined : await source.eventById(entry.event_id, signal);
      const found = entryFindings(entry, event, last, key);
      const about = { entry: entries, entryId: shown(entry.id), executionId: shown(entry.execution_id), eventOf: event?.executionId };
      const sequence = entry.sequence === null ? 0 : Number(entry.sequence);
      for (const { kind, detail } of found) if (findings.length < limit) findings.push({ kind, detail, sequence, ...about });
      breaks += found.length;
      if (found.length === 0) sound++;
      if (entry.signature !== null) signed++;
      if (key !== undefined && entry.signature !== null && !found.some(({ kind }) => kind === 'audit-signature')) verified++;
      last = entry.entry_hash;
      head = entry.entry_hash ?? undefined;
      isExpectedThere ||= expect !== undefined && entry.entry_hash === expect.toLowerCase();
      await pause?.();
      signal?.throwIfAborted();
    }
    yield report();
  }
  const expected = expect === undefined ? undefined : head === expect.toLowerCase() ? 'head' : isExpectedThere ? 'earlier' : 'missing';
  if (expected === 'missing') {
    const detail = `The expected hash ${shown(expect ?? null)} is that of no entry: entries were removed or rewritten.`;
    findings.push({ kind: 'audit-head', sequence: 0, detail, entry: entries, entryId: '', executionId: '', eventOf: undefined });
    breaks++;
  }
  yield report(expected);
}

/** Whether a finding is about an entry that names this execution, or whose event is one of its events. */
export function concerns({ executionId, eventOf }: AuditFinding, id: ExecutionId): boolean {
  return eventOf === id || executionId === shown(id) || executionId === shown(shownId(id));
}

function entryFindings(
  entry: AuditRow,
  event: IdentifiedEvent | undefined,
  last: string | null,
  key: Uint8Array | undefined,
): Pick<Finding, 'kind' | 'detail'>[] {
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
  const difference = eventDifference(entry, event);
  if (difference !== undefined) found.push({ kind: 'audit-event', detail: `${name} ${difference}.` });
  return found;
}

/** How an entry differs from its event; undefined when it does not. What was redacted cannot be compared. */
function eventDifference(entry: AuditRow, event: IdentifiedEvent | undefined): string | undefined {
  if (entry.event_id === null) return 'names no event';
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

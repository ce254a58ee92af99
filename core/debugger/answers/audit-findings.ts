import { type AuditFinding, type AuditReport, auditReports, concerns } from '../../audit/chain.ts';
import type { AuditFindings } from '../../contract/findings.ts';
import type { Finding } from '../../finding.ts';
import { idDigits } from '../../jamjet/ids.ts';
import type { Source, SourceVersion } from '../../source/port.ts';
import { visible } from '../../visible.ts';
import type { OpenExecution } from '../open-execution.ts';
import { Pacer, type Pause } from '../pacing.ts';

/** The most findings that are kept of all executions, and that are listed for one. */
const MAX_KEPT = 10_000;
const MAX_LISTED = 1000;

/** The audit log of a source as far as it has been read. */
interface AuditReading {
  readonly read: number;
  /** Nobody knows how many there are without reading them, so it is as many as have been read. */
  readonly of: number;
  readonly report: AuditReport;
  /** The version of the source when the reading began; undefined when it does not change. */
  readonly version: string | undefined;
}

/** Recomputes the audit log of a source in short steps. */
export async function* auditOf(source: Source, pause: Pause, signal: AbortSignal): AsyncGenerator<AuditReading> {
  const version = (await source.version(signal))?.text;
  const pacer = new Pacer(pause);
  const paced = async (): Promise<void> => {
    if (pacer.isDue) await pacer.pause(signal);
  };
  for await (const report of auditReports(source, { limit: MAX_KEPT, signal, pause: paced })) {
    yield { read: report.entries, of: report.entries, report, version };
  }
}

/** What has been found for one execution. @param now the version of the source. That of a copy tells of the original, which is not read. */
export function auditFindingsOf(execution: OpenExecution, known: AuditReading | undefined, now: SourceVersion | undefined): Omit<AuditFindings, 'state'> {
  const { entries = 0, signed = 0, breaks = 0, findings = [] } = known?.report ?? {};
  const found = findings.flatMap((finding) => findingFor(execution, finding) ?? []);
  const listed = found.slice(0, MAX_LISTED).sort((a, b) => a.sequence - b.sequence);
  const isOutdated = known !== undefined && now?.isOutdated === false && known.version !== now.text;
  return { entries, signed, breaks, kept: findings.length, total: found.length, findings: listed, isOutdated };
}

/** A finding as it is shown for an execution; undefined when it concerns another one. */
function findingFor({ id, lastSequence }: OpenExecution, finding: AuditFinding): Finding | undefined {
  const { kind, sequence } = finding;
  // Ids and hashes may be any text.
  const detail = visible(finding.detail);
  if (concerns(finding, id)) {
    // The sequence that an entry names may be what was changed.
    const isThere = Number.isSafeInteger(sequence) && sequence >= 0 && sequence <= lastSequence;
    return { kind, detail, sequence: isThere ? sequence : 0 };
  }
  // An entry that was removed may have been of any execution, as may one that names none.
  const namesNone = finding.eventOf === undefined && idDigits(finding.executionId)?.length !== 32;
  return kind === 'audit-link' || namesNone ? { kind, detail, sequence: 0, isOfDatabase: true } : undefined;
}

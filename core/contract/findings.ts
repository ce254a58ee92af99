import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { execution, sourceId } from './cursor.ts';
import type { ReadingState } from './executions.ts';
import { request } from './request.ts';

export interface FindingsList {
  /** How many there are; of those in the log, the list has only the first ones. */
  readonly total: number;
  /** In the order of the log. */
  readonly findings: readonly Finding[];
  /** Whether everything has been checked. Until then there may be more. */
  readonly complete: boolean;
  /** Bytes of the changes of the state that have no room in memory, so that answers that need them take longer. */
  readonly setAside: number;
}

/** What the audit log of the database says, without its signatures, for which a key is needed. */
export interface AuditFindings {
  readonly state: ReadingState;
  /** How many entries have been read, of all executions, and how many of them are signed. */
  readonly entries: number;
  readonly signed: number;
  /** How many breaks were found in them, of all executions. */
  readonly breaks: number;
  /** How many of those, the first ones, were told apart by execution. */
  readonly kept: number;
  /** How many of them concern this execution, or the database and not one execution. */
  readonly total: number;
  /** The first of those. */
  readonly findings: readonly Finding[];
  /** Whether the database was written to since the log was read, so that reading it again may say something else. */
  readonly isOutdated: boolean;
}

const ofSource = z.strictObject({ source: sourceId });

export const findingRequests = {
  'findings.list': request(execution)<FindingsList>(),
  /** null when the database has no audit log, and before the execution itself is checked. */
  'findings.audit': request(execution)<AuditFindings | null>(),
  'findings.audit.stop': request(ofSource)<null>(),
  /** Ends the reading, so that the next request begins it anew. */
  'findings.audit.forget': request(ofSource)<null>(),
} as const;

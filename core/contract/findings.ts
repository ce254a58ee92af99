import type { Finding } from '../finding.ts';
import { execution } from './cursor.ts';
import { request } from './request.ts';

export interface FindingsList {
  /** How many there are; of those in the log, the list has only the first ones. */
  readonly total: number;
  /** In the order of the log. */
  readonly findings: readonly Finding[];
  /** Whether everything has been checked. Until then there may be more. */
  readonly complete: boolean;
}

export const findingRequests = {
  'findings.list': request(execution)<FindingsList>(),
} as const;

import { z } from 'zod';
import type { ExecutionPage, Facets } from '../source/port.ts';
import { EXECUTION_SORTS, type MinimapCell } from '../vocabulary.ts';
import { execution, sourceId } from './cursor.ts';
import { request } from './request.ts';

export interface ExecutionView {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  /** As the row has it; the status at the cursor is in the frame. */
  readonly status: string;
  readonly startedAt: string;
  readonly tenantId: string;
  readonly lastSequence: number;
  readonly snapshotCount: number;
  readonly segment: number;
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly notes: readonly string[];
}

/** What a list says of an execution besides its row. null for one that is too long to read for a list. */
export type RunDigest = {
  /** A miniature: each cell stands for some of the events. */
  readonly cells: readonly MinimapCell[];
  readonly tokens: number;
  /** In US dollars. */
  readonly costUsd: number;
  /** The error of the last failure; null when nothing failed. */
  readonly error: string | null;
} | null;

const executionQuery = z.strictObject({
  status: z.string().max(100).optional(),
  workflow: z.string().max(500).optional(),
  text: z.string().max(500).optional(),
  sort: z.enum(EXECUTION_SORTS),
  descending: z.boolean(),
  offset: z.int().min(0),
  limit: z.int().min(1).max(500),
});

export const executionRequests = {
  'executions.page': request(z.strictObject({ source: sourceId, ...executionQuery.shape }))<ExecutionPage>(),
  'executions.facets': request(z.strictObject({ source: sourceId }))<Facets>(),
  'executions.digest': request(execution)<RunDigest>(),
  /** @param execution an id in any spelling, or the beginning of one. */
  'executions.open': request(execution)<ExecutionView>(),
  /** Stops its indexing and frees its memory. */
  'executions.close': request(execution)<null>(),
} as const;

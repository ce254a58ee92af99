import { z } from 'zod';
import type { ExecutionListing, ExecutionPage, Facets } from '../source/port.ts';
import { EXECUTION_SORTS, type MinimapCell, ROW_FORMS } from '../vocabulary.ts';
import { execution, rowWindow, sourceId } from './cursor.ts';
import type { ApprovalView } from './explain.ts';
import { request } from './request.ts';
import type { ValueText } from './values.ts';

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
  /** How many calls used tokens and have no recorded cost, so that {@link costUsd} is only a part. */
  readonly unpriced: number;
  /** How often a node was tried again. */
  readonly retries: number;
  /** The error of the last failure; null when nothing failed. */
  readonly error: string | null;
  /** Why it ended or what it waits for; null when it completed. */
  readonly reason: string | null;
} | null;

/** The middle of some numbers, and how far they are from it: as the standard deviation, but from the median of the distances. */
export interface Middle {
  readonly median: number;
  readonly spread: number;
}

/** What is usual for a workflow, from its newest runs that completed; null for what too few of them say. */
export interface UsualRun {
  readonly runs: number;
  /** In milliseconds. */
  readonly duration: Middle | null;
  readonly events: Middle | null;
  readonly tokens: Middle | null;
  readonly retries: Middle | null;
}

/** Runs that ended or wait for one cause. */
export interface CauseView extends CauseKey {
  readonly runs: number;
  /** How many of them, the newest ones, the list can be limited to. */
  readonly listed: number;
  /** The workflows and the nodes where it occurred, at most 20 of each. */
  readonly workflows: readonly string[];
  readonly nodes: readonly string[];
  /** When the first and the last of the runs started. */
  readonly first: string;
  readonly last: string;
  /** How many of them started when: equal spans of time, in milliseconds, the oldest first; those of all causes end at one moment. */
  readonly starts: { readonly span: number; readonly counts: readonly number[] };
  /** The newest ones. */
  readonly examples: readonly {
    readonly execution: string;
    /** Where it began; null when no event says it. */
    readonly sequence: number | null;
    readonly sentence: string;
    readonly startedAt: string;
  }[];
}

/** How far something is read from all executions. */
export type ReadingState = 'reading' | 'whole' | 'stopped';

export interface CausesView {
  /** How many executions are read, and how many there are. */
  readonly read: number;
  readonly of: number;
  /** Those whose rows say that they completed are counted and not read. */
  readonly completed: number;
  /** How many cannot be read to their end, where the database is damaged. */
  readonly unreadable: number;
  /** Runs of causes beyond the first 1,000. */
  readonly others: number;
  readonly state: ReadingState;
  /** How long the reading took until now. */
  readonly milliseconds: number;
  /** The most frequent first. */
  readonly groups: readonly CauseView[];
}

/** Why an execution is listed whose row does not have what is searched for: one of its events has it. */
export interface FoundInEvents {
  readonly sequence: number;
  /** The word that was found; null when a failure was searched for. */
  readonly word: string | null;
  readonly node: string | null;
  /** The error of the event; null when the word is in the node. */
  readonly error: string | null;
}

export interface FoundPage {
  readonly from: number;
  /** In the order of the list, as far as the events are searched. */
  readonly rows: readonly { readonly row: ExecutionListing; readonly found: readonly FoundInEvents[] }[];
  readonly total: number;
  /** How many executions are searched, and how many will be. */
  readonly searched: number;
  readonly of: number;
  /** How many of those that are searched cannot be read to their end, where the database is damaged. */
  readonly unreadable: number;
  readonly complete: boolean;
  /** What those are that were found, once the search is complete; null before, and when there are none. */
  readonly facets: Facets | null;
}

/** The approvals of all executions, as far as they are read. */
export interface ApprovalsView {
  readonly read: number;
  readonly of: number;
  readonly unreadable: number;
  readonly pending: number;
  readonly total: number;
  readonly state: ReadingState;
  readonly milliseconds: number;
  /** Pending ones first, those that wait longest at the top; then those of the newest runs. At most 1,000 of each. */
  readonly rows: readonly (ApprovalView & { readonly execution: string; readonly workflow: string })[];
}

const time = z.string().max(50);
/** By which the runs of a cause are found. */
const causeKey = z.strictObject({ kind: z.string().max(50), cause: z.string().max(1000) });
export type CauseKey = Readonly<z.output<typeof causeKey>>;
const executionFilter = {
  status: z.string().max(100).optional(),
  workflow: z.string().max(500).optional(),
  tenant: z.string().max(500).optional(),
  text: z.string().max(500).optional(),
  startedFrom: time.optional(),
  startedTo: time.optional(),
  hasParent: z.boolean().optional(),
  hasError: z.boolean().optional(),
  /** Only the runs of this cause, as they were grouped. */
  cause: causeKey.optional(),
};
const executionOrder = { sort: z.enum(EXECUTION_SORTS), descending: z.boolean() };
const list = z.strictObject({ source: sourceId, ...executionFilter, ...executionOrder });
export type ExecutionList = z.output<typeof list>;

/** Indexes in the list: first those of the rows that match, then those of the executions that are found by their events. */
const ranges = z.array(z.tuple([z.int().min(0), z.int().min(0)])).max(10_000);

export const executionRequests = {
  'executions.page': request(z.strictObject({ ...list.shape, offset: z.int().min(0), limit: z.int().min(1).max(500) }))<ExecutionPage>(),
  'executions.facets': request(z.strictObject({ source: sourceId, ...executionFilter }))<Facets>(),
  /** The executions whose nodes or errors have what is searched for and their rows do not. It starts a search, of which each source has one. */
  'executions.found': request(z.strictObject({ ...list.shape, ...rowWindow.shape }))<FoundPage>(),
  /** Ends this search, unless another one has taken its place. */
  'executions.found.cancel': request(list)<null>(),
  /** The ids of some rows of a list. */
  'executions.ids': request(z.strictObject({ ...list.shape, ranges, limit: z.int().min(1).max(1000) }))<readonly string[]>(),
  /** Some rows of a list with all that is stored of them. */
  'executions.text': request(z.strictObject({ ...list.shape, ranges, form: z.enum(ROW_FORMS) }))<ValueText>(),
  /** @param row what the row of the execution says. */
  'executions.digest': request(
    z.strictObject({
      ...execution.shape,
      row: z.strictObject({ status: z.string().max(1000), workflowId: z.string().max(1000), workflowVersion: z.string().max(1000) }),
    }),
  )<RunDigest>(),
  'executions.usual': request(z.strictObject({ source: sourceId, workflow: z.string().max(1000) }))<UsualRun>(),
  /** Why the runs ended or wait, grouped, as far as they are read. It starts the reading, of which each source has one. */
  'executions.causes': request(z.strictObject({ source: sourceId }))<CausesView>(),
  'executions.approvals': request(z.strictObject({ source: sourceId }))<ApprovalsView>(),
  /** Ends such a reading; what is known stays. */
  'executions.stop': request(z.strictObject({ source: sourceId, what: z.enum(['causes', 'approvals']) }))<null>(),
  /** Ends one of them, or both, so that the next request begins anew. */
  'executions.forget': request(z.strictObject({ source: sourceId, what: z.enum(['causes', 'approvals']).optional() }))<null>(),
  /** @param execution an id in any spelling, or the beginning of one. */
  'executions.open': request(execution)<ExecutionView>(),
  /** Stops its indexing and frees its memory. */
  'executions.close': request(execution)<null>(),
} as const;

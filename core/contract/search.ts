import { z } from 'zod';
import { execution, rowWindow, sequence } from './cursor.ts';
import { request } from './request.ts';

/** One place in an event where the text was found. */
export interface SearchHit {
  readonly sequence: number;
  readonly type: string | null;
  readonly node: string | null;
  /** In the event, such as `/output/text`. */
  readonly path: string;
  readonly inKey: boolean;
  readonly before: string;
  readonly found: string;
  readonly after: string;
}

export interface SearchPage {
  readonly from: number;
  readonly hits: readonly SearchHit[];
  /** How many hits there are, as far as the log has been searched, and in how many events. Only the first 10,000 can be requested. */
  readonly total: number;
  readonly events: number;
  /** In how many artifacts. */
  readonly artifacts: number;
  /** The last sequence that has been searched. */
  readonly searched: number;
  readonly complete: boolean;
  /** Whether the user ended it before it was complete. */
  readonly stopped: boolean;
}

const searchQuery = z.strictObject({
  text: z.string().min(1).max(10_000),
  regex: z.boolean(),
  matchCase: z.boolean(),
  wholeWord: z.boolean(),
  artifacts: z.boolean(),
});

export const searchRequests = {
  /**
   * A part of the hits. The first request for a text starts the search, which replaces the one before it. A search that ended
   * before the sequence `upTo`, because the log has grown since or because it was stopped, goes on from where it ended.
   */
  'search.page': request(z.strictObject({ ...execution.shape, ...rowWindow.shape, query: searchQuery, upTo: sequence.optional() }))<SearchPage>(),
  /** Ends the search that runs; what it has found can still be requested. */
  'search.stop': request(execution)<null>(),
} as const;

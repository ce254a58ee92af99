import { cursor, execution } from './cursor.ts';
import { request } from './request.ts';

/** What a run has used up to a sequence. */
export interface CostsAt {
  readonly tokens: number;
  /** In US dollars; at least that much when there are calls without a recorded cost. */
  readonly costUsd: number;
  /** How many calls used tokens and have no recorded cost. */
  readonly unpriced: number;
  /** The sum of the durations of nodes, in milliseconds. */
  readonly durationMs: number;
  readonly failures: number;
  readonly retries: number;
}

export interface CostPoint extends CostsAt {
  readonly sequence: number;
  /** The size of the state as compact JSON, in bytes. */
  readonly stateBytes: number;
}

export const costRequests = {
  /** Exact sums up to the cursor. */
  'costs.at': request(cursor)<CostsAt>(),
  /** Points at equal distances over the whole log, the last one at its end. */
  'costs.tracks': request(execution)<readonly CostPoint[]>(),
} as const;

import { cursor, execution } from './cursor.ts';
import { request } from './request.ts';

/** What a run has used up to a sequence. */
export interface CostsAt {
  readonly tokens: number;
  /** In US dollars. */
  readonly costUsd: number;
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

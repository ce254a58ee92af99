import { fromPlain } from '../json/plain.ts';
import { compareKeys, type Json, type JsonObject } from '../json/value.ts';

/** A moment with all outputs, ready to be printed or written. */
export interface Moment {
  readonly executionId: string;
  readonly atSequence: number;
  readonly status: string;
  readonly currentState: Json;
  readonly completedNodes: JsonObject;
  readonly activeNodes: readonly string[];
  readonly lastSequence: number;
  readonly incompleteFrom: number | undefined;
}

/** A moment that the runtime could not rebuild. */
export interface RefusedMoment {
  readonly executionId: string;
  readonly atSequence: number;
  /** Why, as a part of a sentence. */
  readonly refused: string;
}

/** The object that the command line prints and an export contains. */
export function momentJson(moment: Moment | RefusedMoment): JsonObject {
  if ('refused' in moment) {
    return new Map<string, Json>([
      ['execution_id', moment.executionId],
      ['at_sequence', fromPlain(moment.atSequence)],
      ['refused', moment.refused],
    ]);
  }
  const object = new Map<string, Json>([
    ['execution_id', moment.executionId],
    ['at_sequence', fromPlain(moment.atSequence)],
    ['status', moment.status],
    ['current_state', moment.currentState],
    ['completed_nodes', moment.completedNodes],
    ['active_nodes', [...moment.activeNodes].sort(compareKeys)],
    ['last_sequence', fromPlain(moment.lastSequence)],
  ]);
  if (moment.incompleteFrom !== undefined) object.set('incomplete_from', fromPlain(moment.incompleteFrom));
  return object;
}

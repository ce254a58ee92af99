import { nearestChange } from '../replay/nearest-change.ts';
import type { Steps } from '../replay/steps.ts';
import type { OpenExecution } from './open-execution.ts';

/** The number of events between two yields. */
const EVENTS_PER_STEP = 50_000;

/** A failure, an event that changed the state, or an event of a node. */
export interface Sought {
  readonly what: 'failure' | 'change' | 'node';
  readonly node?: string | undefined;
}

/** The sequence of the nearest event of a kind after or before `sequence`; null when there is none in that direction. */
export function* nearestEvent({ history }: OpenExecution, sequence: number, { what, node }: Sought, step: 1 | -1): Steps<number | null> {
  const { position, before } = history.locate(sequence);
  if (what === 'change') {
    const found = yield* nearestChange(history, step > 0 ? position : before + 1, step);
    return found === undefined ? null : history.sequenceOf(found);
  }
  const first = step > 0 ? position + 1 : before;
  const isSought = (at: number): boolean =>
    what === 'node'
      ? node !== undefined && history.nodeOf(at) === node
      : history.categoryOf(at) === 'failure' && history.kindOf(at)?.type !== 'retry_scheduled';
  for (let at = first; at >= 0 && at < history.count; at += step) {
    if (isSought(at)) return history.sequenceOf(at);
    if (at % EVENTS_PER_STEP === 0) yield;
  }
  return null;
}

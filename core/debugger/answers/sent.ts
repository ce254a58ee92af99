import { type ModelStart, modelStarts } from '../../explain/model-starts.ts';
import type { ExplainedRun } from '../../explain/run.ts';
import { type SentCall, sentAt } from '../../explain/sent.ts';

/** Which call of a model is meant: the last one at or before a sequence, or the last one of a turn; the last one of all by default. */
export interface SentChoice {
  readonly at?: number | undefined;
  readonly turn?: number | undefined;
}

/** The call that is meant; undefined when there is none. */
export async function sentAnswer(run: ExplainedRun, { at = Number.MAX_SAFE_INTEGER, turn }: SentChoice): Promise<SentCall | undefined> {
  const starts = await modelStarts(run);
  for (let index = lastStartAt(run, starts, at); index >= 0; index--) {
    const call = await sentAt(run, starts[index] as ModelStart);
    if (turn === undefined || call.turn === turn) return call;
  }
  return undefined;
}

/** Every call, in the order of their starts. */
export async function* eachSent(run: ExplainedRun): AsyncGenerator<SentCall> {
  for (const start of await modelStarts(run)) yield sentAt(run, start);
}

/** The index of the last start at or before a sequence; -1 when there is none. */
export function lastStartAt({ history }: ExplainedRun, starts: readonly ModelStart[], sequence: number): number {
  return starts.findLastIndex(({ started }) => history.sequenceOf(started) <= sequence);
}

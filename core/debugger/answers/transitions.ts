import { textAt } from '../../jamjet/chunk.ts';
import type { Plain } from '../../json/plain.ts';
import { knownPositions } from '../../replay/known-positions.ts';
import type { Predicate } from '../../replay/predicate.ts';
import type { ConditionAnswer, ConditionStep, ConditionWork } from '../condition-worker.ts';
import type { OpenExecution } from '../open-execution.ts';
import { noPause, Pacer, type Pause } from '../pacing.ts';
import { WorkerThread } from '../worker-thread.ts';

/** A change of a condition's value, and the event that caused it. Sequence 0 is before the first event. */
type Transition = { readonly sequence: number; readonly value: boolean; readonly type: string | undefined; readonly node_id: string | undefined };

export interface TransitionsAnswer {
  readonly transitions: readonly Transition[] & Plain;
  /** How many there are; more than {@link transitions} has, if a limit was given. */
  readonly total: number;
  /** The first and the last moment from which it was true, and how many there were; 0 is before the first event. */
  readonly firstTrue: number | undefined;
  readonly lastTrue: number | undefined;
  readonly timesTrue: number;
  /** Milliseconds for which it was true, up to the end of the log. */
  readonly held: number;
  /** How often the condition could not be evaluated, which counts as false. */
  readonly errors: number;
  readonly firstError: string | undefined;
}

interface Paced {
  readonly pause?: Pause | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface TransitionsOptions extends Paced {
  /** The most transitions that are returned. */
  readonly limit?: number;
}

/** The characters of patches and events, and the number of events, that are evaluated at a time. */
const BATCH_CHARACTERS = 128 * 1024;
const BATCH_STEPS = 200;

/**
 * The transitions of a condition over the whole log, starting with its value before the first event. The execution must be
 * indexed.
 *
 * @throws FaultError `timed-out`, `cancelled`
 */
export async function transitionsAnswer(
  execution: OpenExecution,
  predicate: Predicate,
  { pause, signal, limit = Number.POSITIVE_INFINITY }: TransitionsOptions = {},
): Promise<TransitionsAnswer> {
  const { history } = execution;
  const transitions: Transition[] = [];
  let [total, errors, firstError] = [0, 0, undefined as string | undefined];
  let [firstTrue, lastTrue, timesTrue, held] = [undefined as number | undefined, undefined as number | undefined, 0, 0];
  let trueFrom: number | undefined;
  /** @param position of the event at which it became true or false, or of the last event. */
  const hold = (position: number, value: boolean): void => {
    if (trueFrom !== undefined) held += history.clock.at(position) - history.clock.at(trueFrom);
    trueFrom = value ? position : undefined;
    if (!value) return;
    lastTrue = sequenceAt(execution, position);
    firstTrue ??= lastTrue;
    timesTrue++;
  };
  for await (const answer of evaluated(execution, predicate, { pause, signal })) {
    for (const { position, value } of answer.transitions) hold(position, value);
    errors += answer.errors;
    firstError ??= answer.firstError;
    total += answer.transitions.length;
    for (const { position, value } of answer.transitions.slice(0, Math.max(0, limit - transitions.length))) {
      const isStart = position < 0;
      transitions.push({
        sequence: sequenceAt(execution, position),
        value,
        type: isStart ? undefined : history.kindOf(position)?.type,
        node_id: isStart ? undefined : history.nodeOf(position),
      });
    }
  }
  hold(history.count - 1, false);
  return { transitions, total, firstTrue, lastTrue, timesTrue, held, errors, firstError };
}

/** The first sequence behind another one at which a condition becomes true. The rest of the log is not evaluated. Otherwise as {@link transitionsAnswer}. */
export async function nextTrue(execution: OpenExecution, predicate: Predicate, after: number, options: Paced = {}): Promise<number | undefined> {
  for await (const { transitions } of evaluated(execution, predicate, options)) {
    const found = transitions.find(({ position, value }) => value && sequenceAt(execution, position) > after);
    if (found !== undefined) return sequenceAt(execution, found.position);
  }
  return undefined;
}

function sequenceAt({ history }: OpenExecution, position: number): number {
  return position < 0 ? 0 : history.sequenceOf(position);
}

/** The transitions of a condition in the parts of the log, one part after another, evaluated in a thread of its own, because a condition may not terminate. */
async function* evaluated(
  execution: OpenExecution,
  { text: condition, usesEvent }: Predicate,
  { pause = noPause, signal }: Paced = {},
): AsyncGenerator<ConditionAnswer> {
  const { row, inputProblem } = execution;
  const work: ConditionWork = { condition, input: inputProblem === undefined ? row.initialInputJson : '{}' };
  const thread = new WorkerThread<readonly ConditionStep[], ConditionAnswer>('condition-worker', work, { subject: 'The condition', signal });
  const pacer = new Pacer(pause);
  try {
    let pending: Promise<ConditionAnswer> | undefined;
    for await (const batch of batches(usesEvent ? stepsWithEvents(execution, signal) : steps(execution))) {
      const answer = await pending;
      // The next batch is put together while this one is evaluated.
      pending = thread.ask(batch);
      if (answer !== undefined) yield answer;
      if (pacer.isDue) await pacer.pause(signal);
    }
    if (pending !== undefined) yield await pending;
  } finally {
    await thread.end();
  }
}

async function* batches(all: Iterable<ConditionStep> | AsyncIterable<ConditionStep>): AsyncGenerator<readonly ConditionStep[]> {
  let batch: ConditionStep[] = [];
  let characters = 0;
  for await (const step of all) {
    batch.push(step);
    characters += step.patches.reduce((sum, { text }) => sum + text.length, step.event?.length ?? 0);
    if (batch.length < BATCH_STEPS && characters < BATCH_CHARACTERS) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function stepAt({ history }: OpenExecution, position: number, event?: string): ConditionStep {
  const { patches } = history;
  const found: { text: string; uses: number }[] = [];
  for (let index = position < 0 ? 0 : patches.countUpTo(position - 1), end = position < 0 ? 0 : patches.countUpTo(position); index < end; index++) {
    found.push({ text: patches.textOf(index), uses: patches.usesOf(index) });
  }
  return { position, status: history.status.at(position), patches: found, event };
}

/** Every event that changes the state or the status. */
function* steps(execution: OpenExecution): Generator<ConditionStep> {
  let status: string | undefined;
  for (let position = -1; position < execution.history.count; position++) {
    const step = stepAt(execution, position);
    if (step.patches.length > 0 || step.status !== status) yield step;
    status = step.status;
  }
}

/** Every event with its text. */
async function* stepsWithEvents(execution: OpenExecution, signal?: AbortSignal): AsyncGenerator<ConditionStep> {
  const { source, id, history } = execution;
  yield stepAt(execution, -1);
  const positionOf = knownPositions(history, 0);
  for await (const chunk of source.scan(id, 0, signal)) {
    for (let i = 0; i < chunk.count; i++) {
      const position = positionOf(chunk.sequences[i] as number);
      if (position !== undefined) yield stepAt(execution, position, chunk.unreadable.has(i) ? undefined : textAt(chunk, i));
    }
  }
}

import type { Cursor } from '../contract/cursor.ts';
import { FaultError } from '../fault.ts';
import type { Engine } from './engine.ts';
import type { OpenExecution } from './open-execution.ts';
import { RunningFilter } from './running-filter.ts';

/** The last filter of each execution, and how it is stopped. */
const filters = new WeakMap<OpenExecution, { readonly running: RunningFilter; readonly stop: AbortController }>();

/**
 * The events of an execution that a filter matches, once enough of them are known. Another filter ends the one before.
 *
 * @param filter '' for none.
 * @param isEnough tells whether what is known by now is enough; otherwise all events that are indexed are tested.
 * @throws FaultError `bad-filter`, or what ended the work.
 */
export async function matchesOf(
  engine: Engine,
  { source, execution }: Pick<Cursor, 'source' | 'execution'>,
  filter: string,
  signal: AbortSignal,
  isEnough: (matches: RunningFilter) => boolean = () => false,
): Promise<RunningFilter | undefined> {
  const { execution: open, closed } = await engine.source(source).execution(execution);
  let last = filters.get(open);
  if (last === undefined || last.running.filter !== filter || last.running.hasFailed) {
    last?.stop.abort(new FaultError('cancelled', { subject: 'The filter' }));
    filters.delete(open);
    if (filter === '') return undefined;
    last = { running: new RunningFilter(open, filter), stop: new AbortController() };
    filters.set(open, last);
  }
  const { running, stop } = last;
  const ends = [engine.source(source).closed, closed, stop.signal];
  const subject = { kind: 'filter', source, execution: open.id } as const;
  running.start((work) => engine.tasks.run(subject, 'filter', work, ...ends), AbortSignal.any(ends));
  await running.until(() => isEnough(running), AbortSignal.any([signal, ...ends]));
  return running;
}

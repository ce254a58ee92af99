import type { Cursor } from '../contract/cursor.ts';
import { FaultError } from '../fault.ts';
import type { Engine } from './engine.ts';
import type { OpenExecution } from './open-execution.ts';
import { RunningFilter } from './running-filter.ts';

/** How many filters of an execution are kept: requests about the one before may still come. */
const MAX = 3;

interface Kept {
  readonly running: RunningFilter;
  readonly stop: AbortController;
  /** How many wait for it. */
  waiting: number;
}

/** The last filters of each execution, the one that was used last at the end. */
const filters = new WeakMap<OpenExecution, Kept[]>();

/**
 * The events of an execution that a filter matches, once enough of them are known. A filter for which nobody waits ends when
 * another one begins.
 *
 * @param filter '' for all events.
 * @param isEnough tells whether what is known by now is enough; otherwise all events that are indexed are tested.
 * @throws FaultError `bad-filter`, or what ended the work.
 */
export async function matchesOf(
  engine: Engine,
  { source, execution }: Pick<Cursor, 'source' | 'execution'>,
  filter: string,
  signal: AbortSignal,
  isEnough: (matches: RunningFilter) => boolean = () => false,
): Promise<RunningFilter> {
  const { execution: open, closed } = await engine.source(source).execution(execution);
  const kept = keptFor(open, filter);
  const { running, stop } = kept;
  const ends = [engine.source(source).closed, closed, stop.signal];
  const subject = { kind: 'filter', source, execution: open.id } as const;
  running.start((work) => engine.tasks.run(subject, 'filter', work, ...ends), AbortSignal.any(ends));
  kept.waiting++;
  try {
    await running.until(() => isEnough(running), AbortSignal.any([signal, ...ends]));
  } finally {
    kept.waiting--;
  }
  return running;
}

/** Ends the filters of an execution for which nobody waits, because none is wanted any more. */
export function endFilters(open: OpenExecution): void {
  retain(open, (one) => one.waiting > 0 || !one.running.isReading);
}

/** The filter, kept or new. */
function keptFor(open: OpenExecution, filter: string): Kept {
  const known = filters.get(open)?.find(({ running }) => running.filter === filter && !running.hasFailed);
  if (known !== undefined) {
    filters.set(open, [...(filters.get(open) ?? []).filter((one) => one !== known), known]);
    return known;
  }
  if (filter !== '') endFilters(open);
  const others = filters.get(open) ?? [];
  retain(open, (one) => one.waiting > 0 || (!one.running.hasFailed && others.indexOf(one) > others.length - MAX));
  const made = { running: new RunningFilter(open, filter), stop: new AbortController(), waiting: 0 };
  filters.set(open, [...(filters.get(open) ?? []), made]);
  return made;
}

function retain(open: OpenExecution, isRetained: (one: Kept) => boolean): void {
  const all = filters.get(open) ?? [];
  for (const one of all) if (!isRetained(one)) one.stop.abort(new FaultError('cancelled', { subject: 'The filter' }));
  filters.set(open, all.filter(isRetained));
}

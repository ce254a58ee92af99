import { textAt } from '../jamjet/chunk.ts';
import type { Pointer } from '../json/pointer.ts';
import { viewedChanges } from '../replay/blame.ts';
import { changedPathsOf, type EventFilter, eventFilter } from '../replay/filter.ts';
import type { FilterContext } from '../replay/filter-terms.ts';
import { FilteredEvent } from '../replay/filtered-event.ts';
import type { History } from '../replay/history.ts';
import type { OpenExecution } from './open-execution.ts';
import { Pacer, type Pause, runPaced } from './pacing.ts';

interface KnownFilter {
  readonly filter: string;
  /** How many events were tested. */
  readonly count: number;
  readonly positions: Uint32Array;
}
const lastFilter = new WeakMap<History, KnownFilter>();

/**
 * The positions of the indexed events that a filter matches. The result for the last filter is cached and extended while the
 * log is indexed. Where the headers do not decide, the events are read again.
 *
 * @throws FaultError `bad-filter`
 */
export async function matchingPositions(execution: OpenExecution, filter: string, pause: Pause, signal?: AbortSignal): Promise<Uint32Array> {
  const { history } = execution;
  const last = lastFilter.get(history);
  const known = last?.filter === filter && last.count <= history.count ? last : { filter, count: 0, positions: new Uint32Array() };
  if (known.count === history.count) return known.positions;
  const { count } = history;
  const parsed = await filterOf(execution, filter, pause, signal);
  const { matching, undecided } = await runPaced(history.positionsWhere(parsed, known.count, count), pause, signal);
  const found = undecided.length === 0 ? [] : await readMatching(execution, undecided, parsed, new Pacer(pause), signal);
  const positions = new Uint32Array(known.positions.length + matching.length + found.length);
  positions.set(known.positions);
  positions.set(matching, known.positions.length);
  positions.set(found, known.positions.length + matching.length);
  if (found.length > 0) positions.subarray(known.positions.length).sort();
  lastFilter.set(history, { filter, count, positions });
  return positions;
}

/** The filter that a text describes, which may ask for everything that is known of the log. @throws FaultError `bad-filter` */
export async function filterOf({ history }: OpenExecution, filter: string, pause: Pause, signal?: AbortSignal): Promise<EventFilter> {
  return eventFilter(filter, await contextOf(history, changedPathsOf(filter), new Pacer(pause), signal));
}

/** What the terms of a filter need to know of the log, as far as it is indexed. */
async function contextOf(history: History, paths: readonly Pointer[], pacer: Pacer, signal?: AbortSignal): Promise<FilterContext> {
  const changes = new Map<Pointer, Set<number>>();
  for (const path of paths) {
    const sequences = new Set<number>();
    for (const change of viewedChanges(history, path, history.count - 1, () => null)) {
      if (change !== undefined) sequences.add(change.sequence);
      else if (pacer.isDue) await pacer.pause(signal);
    }
    changes.set(path, sequences);
  }
  return {
    changes: (path) => (sequence) => changes.get(path)?.has(sequence) === true,
    firstAt: (time) => {
      for (let position = 0; position < history.count; position++) if (history.timeOf(position) >= time) return history.sequenceOf(position);
      return Number.POSITIVE_INFINITY;
    },
  };
}

/** Those of the undecided positions whose text matches. */
async function readMatching(
  { history, source, id }: OpenExecution,
  undecided: Uint32Array,
  filter: EventFilter,
  pacer: Pacer,
  signal?: AbortSignal,
): Promise<number[]> {
  const found: number[] = [];
  const first = history.sequenceOf(undecided[0] as number);
  const end = (undecided.at(-1) as number) + 1;
  let position = history.positionAt(first - 1) + 1;
  let next = 0;
  for await (const chunk of source.scan(id, first - 1, signal)) {
    for (let i = 0; i < chunk.count && position < end; i++, position++) {
      if (undecided[next] !== position) continue;
      next++;
      const event = () => new FilteredEvent(textAt(chunk, i), chunk.unreadable.get(i));
      const test = filter(history.kindOf(position)?.type ?? 'unreadable', history.nodeOf(position));
      if (test(chunk.sequences[i] as number, event) === true) found.push(position);
      if (pacer.isDue) await pacer.pause(signal);
    }
    if (position >= end) break;
  }
  return found;
}

import type { Pointer } from '../json/pointer.ts';
import { viewedChanges } from '../replay/blame.ts';
import { changedPathsOf, type EventFilter, eventFilter } from '../replay/filter.ts';
import type { FilterContext } from '../replay/filter-terms.ts';
import type { History } from '../replay/history.ts';
import type { OpenExecution } from './open-execution.ts';
import { Pacer, type Pause } from './pacing.ts';

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

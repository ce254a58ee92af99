import { CostTrack } from '../replay/cost-track.ts';
import { knownPositions } from '../replay/known-positions.ts';
import type { OpenExecution } from './open-execution.ts';
import { Pacer, type Pause } from './pacing.ts';

const known = new WeakMap<OpenExecution, { readonly count: number; readonly track: Promise<CostTrack> }>();

/** The costs of an execution, which must be indexed. The events are read once; the next requests share the answer. */
export function costTrackOf(execution: OpenExecution, pause: Pause, signal?: AbortSignal): Promise<CostTrack> {
  const { count } = execution.history;
  const last = known.get(execution);
  if (last?.count === count) return last.track;
  // A log that has grown is read on. Who has the track from before sees the same values in it.
  const track = last === undefined ? read(execution, new CostTrack(), pause, signal) : last.track.then((costs) => read(execution, costs, pause, signal));
  known.set(execution, { count, track });
  // The next request tries again.
  track.catch(() => known.delete(execution));
  return track;
}

/** Adds the events that are indexed and not yet in the track. */
async function read({ source, id, history }: OpenExecution, costs: CostTrack, pause: Pause, signal?: AbortSignal): Promise<CostTrack> {
  const pacer = new Pacer(pause);
  const { count } = history;
  const after = costs.count === 0 ? 0 : history.sequenceOf(costs.count - 1);
  const positionOf = knownPositions(history, costs.count);
  for await (const chunk of source.scan(id, after, signal)) {
    costs.append(chunk, (position) => history.kindOf(position)?.type, positionOf);
    if (costs.count >= count) break;
    if (pacer.isDue) await pacer.pause(signal);
  }
  return costs;
}

import { CostTrack } from '../replay/cost-track.ts';
import type { OpenExecution } from './open-execution.ts';
import { Pacer, type Pause } from './pacing.ts';

const known = new WeakMap<OpenExecution, Promise<CostTrack>>();

/** The costs of an execution, which must be indexed. The events are read once; the next requests share the answer. */
export function costTrackOf(execution: OpenExecution, pause: Pause, signal?: AbortSignal): Promise<CostTrack> {
  let track = known.get(execution);
  if (track === undefined) {
    track = read(execution, pause, signal);
    known.set(execution, track);
    // The next request tries again.
    track.catch(() => known.delete(execution));
  }
  return track;
}

async function read({ source, id, history }: OpenExecution, pause: Pause, signal?: AbortSignal): Promise<CostTrack> {
  const costs = new CostTrack();
  const pacer = new Pacer(pause);
  for await (const chunk of source.scan(id, 0, signal)) {
    costs.append(chunk, (position) => (position < history.count ? history.kindOf(position)?.type : undefined));
    if (pacer.isDue) await pacer.pause(signal);
  }
  return costs;
}

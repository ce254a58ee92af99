import { JsonSizes } from '../../json/size.ts';
import type { Costs } from '../../replay/costs.ts';
import { costTrackOf } from '../cost-tracks.ts';
import type { OpenExecution } from '../open-execution.ts';
import { noPause, Pacer, type Pause } from '../pacing.ts';

/** The costs of an execution up to a sequence. */
export interface TrackPoint extends Costs {
  readonly sequence: number;
  /** The size of the state as compact JSON. */
  readonly stateBytes: number;
}

/** Points at equal distances over the whole log, the last one at its end. The execution must be indexed. */
export async function tracks(execution: OpenExecution, points: number, pause: Pause = noPause, signal?: AbortSignal): Promise<TrackPoint[]> {
  const { history } = execution;
  const costs = await costTrackOf(execution, pause, signal);
  const sizes = new JsonSizes();
  const stateAfter = history.states.walk();
  const count = Math.min(points, history.count);
  const found: TrackPoint[] = [];
  const pacer = new Pacer(pause);
  for (let point = 0; point < count; point++) {
    const position = Math.floor(((point + 1) * history.count) / count) - 1;
    found.push({ sequence: history.sequenceOf(position), ...costs.at(position), stateBytes: sizes.of(stateAfter(history.patches.countUpTo(position))) });
    if (pacer.isDue) await pacer.pause(signal);
  }
  return found;
}

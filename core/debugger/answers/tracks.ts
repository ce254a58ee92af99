import { JsonSizes } from '../../json/size.ts';
import { CostTrack } from '../../replay/cost-track.ts';
import type { Costs } from '../../replay/costs.ts';
import type { OpenExecution } from '../open-execution.ts';

/** The costs of an execution up to a sequence. */
export interface TrackPoint extends Costs {
  readonly sequence: number;
  /** The size of the state as compact JSON. */
  readonly stateBytes: number;
}

/** Points at equal distances over the whole log, the last one at its end. The execution must be indexed. */
export async function tracks(execution: OpenExecution, points: number, signal?: AbortSignal): Promise<TrackPoint[]> {
  const { history, source, id } = execution;
  const costs = new CostTrack();
  for await (const chunk of source.scan(id, 0, signal))
    costs.append(chunk, (position) => (position < history.count ? history.kindOf(position)?.type : undefined));
  const sizes = new JsonSizes();
  const stateAfter = history.states.walk();
  const count = Math.min(points, history.count);
  return Array.from({ length: count }, (_, point) => {
    const position = Math.floor(((point + 1) * history.count) / count) - 1;
    return { sequence: history.sequenceOf(position), ...costs.at(position), stateBytes: sizes.of(stateAfter(history.patches.countUpTo(position))) };
  });
}

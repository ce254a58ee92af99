import type { HandlersFor } from '../../contract/contract.ts';
import type { CostsAt } from '../../contract/costs.ts';
import type { Costs } from '../../replay/costs.ts';
import { tracks } from '../answers/tracks.ts';
import { costTrackOf } from '../cost-tracks.ts';
import type { Engine } from '../engine.ts';

const POINTS = 300;

export function costHandlers(engine: Engine) {
  return {
    'costs.at': async (cursor, signal) => {
      const open = await engine.whole(cursor, signal);
      const track = await costTrackOf(open, engine.pause, engine.source(cursor.source).closed);
      return costsAt(track.at(open.history.positionAt(cursor.sequence)));
    },
    'costs.tracks': async (execution, signal) => {
      const points = await tracks(await engine.whole(execution, signal), POINTS, engine.pause, engine.untilClosed(execution.source, signal));
      return points.map(({ sequence, stateBytes, ...costs }) => ({ sequence, stateBytes, ...costsAt(costs) }));
    },
  } satisfies HandlersFor<'costs'>;
}

function costsAt({ inputTokens, outputTokens, costUsd, unpriced, durationMs, failures, retries }: Costs): CostsAt {
  return { tokens: inputTokens + outputTokens, costUsd, unpriced, durationMs, failures, retries };
}

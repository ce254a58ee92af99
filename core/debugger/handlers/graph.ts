import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';

export function graphHandlers(engine: Engine) {
  const whole = (execution: Parameters<Engine['execution']>[0], signal: AbortSignal) =>
    engine.ready({ ...execution, sequence: Number.MAX_SAFE_INTEGER }, signal);
  return {
    'graph.shape': async (execution, cancelled) => (await whole(execution, engine.untilClosed(execution.source, cancelled))).graph.shape(),
    // The layout is shared by requests, so that one that is cancelled does not end it.
    'graph.layout': async (execution, cancelled) =>
      (await whole(execution, engine.untilClosed(execution.source, cancelled))).graph.layout(engine.source(execution.source).closed),
  } satisfies HandlersFor<'graph'>;
}

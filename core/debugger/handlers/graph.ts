import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';

export function graphHandlers(engine: Engine) {
  return {
    'graph.shape': async ({ foldLoops, ...execution }, cancelled) => (await engine.whole(execution, cancelled)).graph.shape(foldLoops),
    // The layout is shared by requests, so that one that is cancelled does not end it.
    'graph.layout': async ({ foldLoops, ...execution }, cancelled) =>
      (await engine.whole(execution, cancelled)).graph.layout(foldLoops, engine.source(execution.source).closed),
  } satisfies HandlersFor<'graph'>;
}

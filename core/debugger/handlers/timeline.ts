import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';
import { runPaced } from '../pacing.ts';
import { timelineView } from '../timeline.ts';

export function timelineHandlers(engine: Engine) {
  return {
    'timeline.view': async ({ from, to, columns, lanes, ...execution }, cancelled) => {
      const signal = engine.untilClosed(execution.source, cancelled);
      return runPaced(timelineView(await engine.execution(execution), { from, to: Math.max(from, to), columns, lanes }), engine.pause, signal);
    },
  } satisfies HandlersFor<'timeline'>;
}

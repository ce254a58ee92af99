import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';
import { runPaced } from '../pacing.ts';
import { timelineView } from '../timeline.ts';

export function timelineHandlers(engine: Engine) {
  return {
    'timeline.view': async ({ from, to, columns, ...execution }, cancelled) => {
      const signal = engine.untilClosed(execution.source, cancelled);
      return runPaced(timelineView(await engine.execution(execution), from, Math.max(from, to), columns), engine.pause, signal);
    },
  } satisfies HandlersFor<'timeline'>;
}

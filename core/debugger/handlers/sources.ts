import type { HandlersOf } from '../../contract.ts';
import type { Engine } from '../engine.ts';

export function sourceHandlers(engine: Engine) {
  return {
    'source.open': (params) => engine.open(params),
    'source.shut': async () => {
      engine.shut();
      return null;
    },
    'task.cancel': async ({ task }) => {
      engine.tasks.cancel(task);
      return null;
    },
  } satisfies HandlersOf<'source' | 'task'>;
}

import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';

export function taskHandlers(engine: Engine) {
  return {
    'tasks.cancel': async ({ task }) => {
      engine.tasks.cancel(task);
      return null;
    },
  } satisfies HandlersFor<'tasks'>;
}

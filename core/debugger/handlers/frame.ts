import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';
import { frameAt } from '../frame/frame.ts';

export function frameHandlers(engine: Engine) {
  return {
    'frame.at': async (params) => frameAt(await engine.execution(params), params),
  } satisfies HandlersFor<'frame'>;
}

import type { HandlersFor } from '../../contract/contract.ts';
import { findingsOf } from '../answers/findings.ts';
import type { Engine } from '../engine.ts';

export function findingHandlers(engine: Engine) {
  return {
    'findings.list': async (execution) => findingsOf(await engine.execution(execution)),
  } satisfies HandlersFor<'findings'>;
}

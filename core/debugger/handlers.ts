import type { EngineHandlers } from '../contract.ts';
import { Engine, type EngineParts } from './engine.ts';
import { eventHandlers } from './handlers/events.ts';
import { executionHandlers } from './handlers/executions.ts';
import { exportHandlers } from './handlers/exports.ts';
import { momentHandlers } from './handlers/moments.ts';
import { sourceHandlers } from './handlers/sources.ts';

/** One function for each request that the engine answers; a missing or an extra one does not compile. */
export function engineHandlers(parts: EngineParts): EngineHandlers {
  const engine = new Engine(parts);
  return {
    ...sourceHandlers(engine),
    ...executionHandlers(engine),
    ...momentHandlers(engine),
    ...eventHandlers(engine),
    ...exportHandlers(engine),
  };
}

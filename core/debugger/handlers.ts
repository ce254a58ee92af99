import type { EngineHandlers } from '../contract/contract.ts';
import { Engine, type EngineParts } from './engine.ts';
import { costHandlers } from './handlers/costs.ts';
import { eventHandlers } from './handlers/events.ts';
import { executionHandlers } from './handlers/executions.ts';
import { explainHandlers } from './handlers/explain.ts';
import { exportHandlers } from './handlers/export.ts';
import { findingHandlers } from './handlers/findings.ts';
import { frameHandlers } from './handlers/frame.ts';
import { graphHandlers } from './handlers/graph.ts';
import { searchHandlers } from './handlers/search.ts';
import { sourceHandlers } from './handlers/sources.ts';
import { taskHandlers } from './handlers/tasks.ts';
import { timelineHandlers } from './handlers/timeline.ts';
import { valueHandlers } from './handlers/values.ts';

/** One function for each request that the engine answers; a missing or an extra one does not compile. */
export function engineHandlers(parts: EngineParts): EngineHandlers {
  const engine = new Engine(parts);
  return {
    ...sourceHandlers(engine),
    ...executionHandlers(engine),
    ...frameHandlers(engine),
    ...valueHandlers(engine),
    ...eventHandlers(engine),
    ...timelineHandlers(engine),
    ...graphHandlers(engine),
    ...findingHandlers(engine),
    ...explainHandlers(engine),
    ...costHandlers(engine),
    ...searchHandlers(engine),
    ...exportHandlers(engine),
    ...taskHandlers(engine),
  };
}

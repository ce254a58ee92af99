import type { Fault } from '../fault.ts';
import { eventRequests } from './events.ts';
import { executionRequests } from './executions.ts';
import { exportRequests, grantedExportRequests } from './export.ts';
import { frameRequests } from './frame.ts';
import type { hostRequests, OpenedSource } from './host.ts';
import type { HandlersOf, ParamsOf } from './request.ts';
import { grantedSourceRequests, sourceRequests } from './sources.ts';
import { type TaskUpdate, taskRequests } from './tasks.ts';
import { timelineRequests } from './timeline.ts';
import { valueRequests } from './values.ts';

/**
 * Everything that may be asked across a process border, by nouns. Schemas guard requests only; payloads and states never
 * pass through them (they would lose `__proto__`). The renderer imports types from here, nothing else.
 */

/** What a page may ask of the engine. */
export const pageRequests = {
  ...sourceRequests,
  ...executionRequests,
  ...frameRequests,
  ...valueRequests,
  ...eventRequests,
  ...timelineRequests,
  ...exportRequests,
  ...taskRequests,
} as const;

/** What a host alone may ask of it: that a database is opened, or a file written. */
const grantedRequests = { ...grantedSourceRequests, ...grantedExportRequests } as const;

export const engineRequests = { ...pageRequests, ...grantedRequests } as const;
export type EngineRequests = typeof engineRequests;
/** One function for each request; a missing or an extra one does not compile. */
export type EngineHandlers = HandlersOf<EngineRequests>;
/** The part of them that answers the requests of some nouns: `executions.…`, `export.…`. */
export type HandlersFor<Noun extends string> = Pick<EngineHandlers, Extract<keyof EngineRequests, `${Noun}.${string}`>>;

/** Everything that a page may ask: of the engine, and of its host. */
export type PageRequests = typeof pageRequests & typeof hostRequests;

export type Params<N extends keyof (EngineRequests & PageRequests)> = ParamsOf<(EngineRequests & PageRequests)[N]>;

/** What the engine tells without being asked. */
export interface EnginePushes {
  readonly task: TaskUpdate;
}

/** What a page is told without asking: the engine's pushes, and its host's. */
export interface PagePushes extends EnginePushes {
  readonly sourceOpened: OpenedSource;
  readonly fault: Fault;
  /** The engine was started again; these are open in it. */
  readonly engineRestarted: readonly OpenedSource[];
  /** A command from the native menu. */
  readonly command: { readonly id: string };
}

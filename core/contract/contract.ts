import type { Fault } from '../fault.ts';
import { costRequests } from './costs.ts';
import { eventRequests } from './events.ts';
import { executionRequests } from './executions.ts';
import { explainRequests } from './explain.ts';
import { exportRequests, grantedExportRequests } from './export.ts';
import { findingRequests } from './findings.ts';
import { frameRequests } from './frame.ts';
import { graphRequests } from './graph.ts';
import type { hostRequests, OpenedSource, RecentSource } from './host.ts';
import type { HandlersOf, ParamsOf } from './request.ts';
import { searchRequests } from './search.ts';
import { grantedSourceRequests, type SourceChange, sourceRequests } from './sources.ts';
import { type TaskUpdate, taskRequests } from './tasks.ts';
import { timelineRequests } from './timeline.ts';
import { valueRequests } from './values.ts';

/**
 * The requests across process borders, grouped by nouns. Schemas guard requests only; payloads and states never pass through
 * them, because they would lose keys such as `__proto__`. The renderer imports only types from here.
 */

/** The requests that a page may send to the engine. */
export const pageRequests = {
  ...sourceRequests,
  ...executionRequests,
  ...frameRequests,
  ...valueRequests,
  ...eventRequests,
  ...timelineRequests,
  ...graphRequests,
  ...findingRequests,
  ...explainRequests,
  ...costRequests,
  ...searchRequests,
  ...exportRequests,
  ...taskRequests,
} as const;

/** The requests that only a host may send to the engine: opening a database, writing a file. */
const grantedRequests = { ...grantedSourceRequests, ...grantedExportRequests } as const;

export const engineRequests = { ...pageRequests, ...grantedRequests } as const;
export type EngineRequests = typeof engineRequests;
/** One function for each request; a missing or an extra one does not compile. */
export type EngineHandlers = HandlersOf<EngineRequests>;
/** The handlers for the requests of one noun, such as `executions.…`. */
export type HandlersFor<Noun extends string> = Pick<EngineHandlers, Extract<keyof EngineRequests, `${Noun}.${string}`>>;

/** The requests that a page may send, to the engine or to its host. */
export type PageRequests = typeof pageRequests & typeof hostRequests;

export type Params<N extends keyof (EngineRequests & PageRequests)> = ParamsOf<(EngineRequests & PageRequests)[N]>;

/** The messages that the engine sends without a request. */
export interface EnginePushes {
  readonly task: TaskUpdate;
  readonly sourceChanged: SourceChange;
}

/** The messages that a page receives without a request, from the engine and from its host. */
export interface PagePushes extends EnginePushes {
  readonly sourceOpened: OpenedSource;
  readonly fault: Fault;
  /** The engine was restarted; these sources are open in it. */
  readonly engineRestarted: readonly OpenedSource[];
  /** A command from the native menu. */
  readonly command: { readonly id: string };
  /** The recent files have changed. */
  readonly recent: readonly RecentSource[];
  /** A recent file was chosen in the native menu. */
  readonly openRecent: { readonly path: string };
}

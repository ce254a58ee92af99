import { QueryClient } from '@tanstack/react-query';
import type { SourceId } from '../../core/contract/cursor.ts';
import { FaultRejection } from '../client.ts';

/**
 * The cache of answers that are not part of a frame, by request and parameters. An answer is shown only for its own
 * parameters, except where a view keeps the previous answer (see {@link useAnswer}).
 */

/** How long unused answers are kept, in milliseconds, so that going back needs no request. */
const CACHE_TIME = 60_000;
const TIMELINE_CACHE_TIME = 2000;

export function createQueries(): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: CACHE_TIME,
        // Comparing typed arrays and long lists costs more than drawing them.
        structuralSharing: false,
      },
    },
  });
  // A drag passes many parts of the timeline, of hundreds of kilobytes each, to which nobody goes back.
  for (const name of ['timeline.view', 'timeline.matches', 'timeline.tracks']) queries.setQueryDefaults([name], { gcTime: TIMELINE_CACHE_TIME });
  return queries;
}

/**
 * Requests the answers on screen again; others are requested when they are shown.
 *
 * @param execution only answers about this execution.
 * @param restart whether to cancel requests that are pending.
 */
export function refetch(queries: QueryClient, source: SourceId, execution?: string, restart = true): void {
  // What is explained, the costs, the tracks and the graph wait for the whole log, so an answer that is there stays right while the log is checked.
  const mayChange = (name: unknown): boolean => restart || !/^(explain\.|graph\.|costs\.|timeline\.tracks)/.test(String(name));
  const isMeant: IsMeant = (name, params) => mayChange(name) && params?.source === source && (execution === undefined || params.execution === execution);
  // While a log is indexed this is called often, and cancelling pending requests each time would keep them from ever finishing.
  void invalidate(queries, isMeant, restart);
}

/** The same after the engine was restarted, but for what took too long: that would end the engine again, and again. */
export function refetchAfterRestart(queries: QueryClient, source: SourceId): void {
  const tookTooLong = (error: unknown): boolean => error instanceof FaultRejection && error.fault.kind === 'timed-out';
  void queries.invalidateQueries({
    predicate: ({ queryKey: [, params], state }) => (params as About)?.source === source && !tookTooLong(state.error),
  });
}

/** Requests the pages of a search again. @param goesOn whether the search does. */
export function refetchSearch(queries: QueryClient, execution: string, goesOn: boolean): void {
  refetchGrowing(queries, goesOn, (name, params) => name === 'search.page' && params?.execution === execution);
}

/** Requests the events again that a filter matches. @param goesOn whether more are looked for. */
export function refetchMatches(queries: QueryClient, execution: string, goesOn: boolean): void {
  const mayGrow = (name: unknown): boolean => name === 'events.page' || name === 'timeline.matches';
  refetchGrowing(queries, goesOn, (name, params) => mayGrow(name) && params?.execution === execution && (params.filter ?? '') !== '');
}

/** Requests what was found in the events of executions again. @param goesOn whether the search does. */
export function refetchFound(queries: QueryClient, source: SourceId, goesOn: boolean): void {
  refetchGrowing(queries, goesOn, (name, params) => name === 'executions.found' && params?.source === source);
}

/** Requests again what is read from all runs. @param goesOn whether more runs are read. */
export function refetchReading(queries: QueryClient, kind: 'causes' | 'approvals', source: SourceId, goesOn: boolean): void {
  refetchGrowing(queries, goesOn, (name, params) => name === `executions.${kind}` && params?.source === source);
}

/** Requests again what the audit log says. @param goesOn whether more of it is read. */
export function refetchAudit(queries: QueryClient, source: SourceId, goesOn: boolean): void {
  refetchGrowing(queries, goesOn, (name, params) => name === 'findings.audit' && params?.source === source);
}

/** Requests everything about a log again that has grown, except a search, which would begin anew with every event. */
export function refetchGrown(queries: QueryClient, source: SourceId, execution: string): void {
  refetchTwice(queries, false, (name, params) => params?.source === source && params.execution === execution && name !== 'search.page');
}

/** Requests the list of executions again, with what its filters count. The events are not counted again: that reads the whole database. */
export function refetchList(queries: QueryClient, source: SourceId): Promise<void> {
  const isOfList = (name: unknown): boolean => /^executions\.(page|facets|causes|approvals)$/.test(String(name));
  return invalidate(queries, (name, params) => isOfList(name) && params?.source === source, false);
}

/** What requests are about that are about something. */
type About = { readonly source?: SourceId; readonly execution?: string; readonly filter?: string } | undefined;
type IsMeant = (name: unknown, params: About) => boolean;

/** @param restart whether pending requests are begun again. */
function invalidate(queries: QueryClient, isMeant: IsMeant, restart: boolean): Promise<void> {
  return queries.invalidateQueries({ predicate: ({ queryKey: [name, params] }) => isMeant(name, params as About) }, { cancelRefetch: restart });
}

/** Requests answers again that grow, while what they are about goes on, and at its end. */
function refetchGrowing(queries: QueryClient, goesOn: boolean, isMeant: IsMeant): void {
  if (goesOn) void invalidate(queries, isMeant, false);
  else refetchTwice(queries, true, isMeant);
}

/** Twice, because a request that is under way may not be begun again, and its answer may be an older one. @param restart whether it is begun again where it can be. */
function refetchTwice(queries: QueryClient, restart: boolean, isMeant: IsMeant): void {
  void invalidate(queries, isMeant, restart).then(() => invalidate(queries, isMeant, restart));
}

/** Removes all answers about a source. */
export function forget(queries: QueryClient, source: SourceId): void {
  queries.removeQueries({ predicate: ({ queryKey }) => (queryKey[1] as About)?.source === source });
}

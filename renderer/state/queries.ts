import { QueryClient } from '@tanstack/react-query';
import type { SourceId } from '../../core/contract/cursor.ts';

/**
 * Answers that are not part of a frame, kept by what was asked. An answer is only ever shown for its own question; when
 * the question changes, the one before stays for as long as both are about the same thing.
 */

/** Answers that nobody shows are kept for so long, in milliseconds: going back is free. */
const KEPT = 60_000;

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: KEPT,
        // Answers hold typed arrays and long lists: comparing them costs more than drawing them.
        structuralSharing: false,
      },
    },
  });
}

/** Asks for answers again that are on screen; the others are asked again when they are shown. @param execution only those about it. */
export function readAgain(queries: QueryClient, source: SourceId, execution?: string, restart = true): void {
  const isAbout = (params: unknown): boolean => {
    const about = params as { readonly source?: SourceId; readonly execution?: string } | undefined;
    return about?.source === source && (execution === undefined || about.execution === execution);
  };
  // Without a restart an answer that is under way may come first: a log that grows must not keep it from coming at all.
  void queries.invalidateQueries({ predicate: ({ queryKey }) => isAbout(queryKey[1]) }, { cancelRefetch: restart });
}

/** Nothing about a source is kept. */
export function forget(queries: QueryClient, source: SourceId): void {
  queries.removeQueries({ predicate: ({ queryKey }) => (queryKey[1] as { readonly source?: SourceId } | undefined)?.source === source });
}

import type { EventChunk } from '../jamjet/chunk.ts';
import { Search, type SearchQuery } from '../replay/search.ts';
import { ChunkBuilder } from '../source/chunk-builder.ts';
import { artifactChunk } from './artifact-chunk.ts';
import type { OpenExecution } from './open-execution.ts';
import type { Searched } from './search-worker.ts';
import { ANSWER_TIME, WorkerThread } from './worker-thread.ts';

export interface SearchLimits {
  /** How many hits are returned; the others are only counted. */
  readonly maxHits?: number;
  /** How long one chunk may take, in milliseconds. */
  readonly timeout?: number;
  /** Whether the artifacts that events refer to are searched, too. */
  readonly artifacts?: boolean;
  /** Only events after this sequence are searched. */
  readonly after?: number | undefined;
}

/** Characters. V8 refuses longer expressions, but only when they are used. */
const MAX_TEXT = 10_000;

/** @returns why the query is not valid; undefined when it is. */
export function searchProblem(query: SearchQuery): string | undefined {
  if (query.text === '') return 'it is empty';
  if (query.text.length > MAX_TEXT) return `it is longer than ${MAX_TEXT.toLocaleString('en')} characters`;
  try {
    new Search(query);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Searches the initial input (sequence 0) and every event, chunk by chunk; the counts are exact. It runs in a thread of its
 * own, because a regular expression that does not terminate can be stopped only by ending its thread.
 *
 * @param query a query without a {@link searchProblem}.
 * @throws FaultError `timed-out` when an expression does not terminate.
 */
export async function* searchEvents(
  { id, row, source }: OpenExecution,
  query: SearchQuery,
  { maxHits = Number.POSITIVE_INFINITY, timeout = ANSWER_TIME, artifacts = false, after }: SearchLimits = {},
  signal?: AbortSignal,
): AsyncGenerator<Searched & { readonly inArtifacts: boolean }> {
  const thread = new WorkerThread<EventChunk, Searched>('search-worker', { query, maxHits }, { subject: 'The search', timeout, signal });
  try {
    let pending = after === undefined ? thread.ask(inputChunk(row.initialInputJson)) : Promise.resolve(nothing(after));
    for await (const chunk of source.scan(id, after ?? 0, signal)) {
      // The next chunk is read while this one is searched.
      yield { ...(await pending), inArtifacts: false };
      pending = thread.ask(chunk);
      const apart = artifacts ? await artifactChunk(source, chunk, signal) : undefined;
      if (apart === undefined) continue;
      yield { ...(await pending), inArtifacts: false };
      pending = thread.ask(apart);
      yield { ...(await pending), inArtifacts: true };
      pending = Promise.resolve(nothing(chunk.sequences.at(-1) ?? 0));
    }
    yield { ...(await pending), inArtifacts: false };
  } finally {
    await thread.end();
  }
}

/** The answer when nothing is being searched. @param last the last sequence that has been searched. */
function nothing(last: number): Searched {
  return { hits: [], count: 0, events: 0, last };
}

function inputChunk(text: string): EventChunk {
  const chunk = new ChunkBuilder();
  chunk.add(0, '', Buffer.from(`{"type":"initial_input","initial_input":${text}}`));
  return chunk.build();
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FaultError } from '../fault.ts';
import type { EventChunk } from '../jamjet/chunk.ts';
import { Search, type SearchQuery } from '../replay/search.ts';
import { ChunkBuilder } from '../source/chunk-builder.ts';
import type { OpenExecution } from './open-execution.ts';
import type { Searched } from './search-worker.ts';

/** The source file, or a bundle in the folder of bundles. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './search-worker.ts' : '../search-worker.cjs', import.meta.url);

export interface SearchLimits {
  /** How many hits are returned; the others are only counted. */
  readonly maxHits?: number;
  /** How long one chunk may take, in milliseconds. A usual expression takes a few; one that takes longer does not terminate. */
  readonly timeout?: number;
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
  { maxHits = Number.POSITIVE_INFINITY, timeout = 10_000 }: SearchLimits = {},
  signal?: AbortSignal,
): AsyncGenerator<Searched> {
  const worker = new Worker(WORKER, { workerData: { query, maxHits } });
  const search = (chunk: EventChunk): Promise<Searched> => {
    const stop = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal === undefined ? [] : [signal])]);
    worker.postMessage(chunk);
    const answer = once(worker, 'message', { signal: stop }).then(([searched]) => searched as Searched);
    // It may fail while the caller is not waiting; the error is thrown at the next await.
    answer.catch(() => {});
    return answer;
  };
  try {
    let pending = search(inputChunk(row.initialInputJson));
    for await (const chunk of source.scan(id, 0, signal)) {
      // The next chunk is read while this one is searched.
      yield await pending;
      pending = search(chunk);
    }
    yield await pending;
  } catch (error) {
    if (signal?.aborted !== true && error instanceof Error && error.name === 'AbortError') throw new FaultError('timed-out', { subject: 'The search' });
    throw error;
  } finally {
    await worker.terminate();
  }
}

function inputChunk(text: string): EventChunk {
  const chunk = new ChunkBuilder();
  chunk.add(0, '', Buffer.from(`{"type":"initial_input","initial_input":${text}}`));
  return chunk.build();
}

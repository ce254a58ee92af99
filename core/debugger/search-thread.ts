import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FaultError } from '../fault.ts';
import type { EventChunk } from '../jamjet/chunk.ts';
import { Search, type SearchQuery } from '../replay/search.ts';
import { ChunkBuilder } from '../source/chunk-builder.ts';
import type { OpenExecution } from './open-execution.ts';
import type { Searched } from './search-worker.ts';

/** As a source, or beside the bundles. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './search-worker.ts' : '../search-worker.cjs', import.meta.url);

export interface SearchLimits {
  /** So many hits are given one by one; the rest is counted. */
  readonly most?: number;
  /** A chunk takes milliseconds; an expression that needs longer than this does not terminate. In milliseconds. */
  readonly mostTime?: number;
}

/** @returns why this is nothing to search for; undefined when it is. */
export function searchProblem(query: SearchQuery): string | undefined {
  if (query.text === '') return 'it is empty';
  try {
    new Search(query);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Hits in the initial input (sequence 0) and in every event, chunk by chunk; their counts are exact. It runs in a thread
 * of its own, because a regular expression can take for ever and only a thread can be stopped in it.
 *
 * @param query one without a {@link searchProblem}.
 * @throws FaultError `timed-out` when an expression does not come to an end.
 */
export async function* searchEvents(
  { id, row, source }: OpenExecution,
  query: SearchQuery,
  { most = Number.POSITIVE_INFINITY, mostTime = 10_000 }: SearchLimits = {},
  signal?: AbortSignal,
): AsyncGenerator<Searched> {
  const worker = new Worker(WORKER, { workerData: { query, most } });
  const ask = (chunk: EventChunk): Promise<Searched> => {
    const stop = AbortSignal.any([AbortSignal.timeout(mostTime), ...(signal === undefined ? [] : [signal])]);
    worker.postMessage(chunk);
    const answer = once(worker, 'message', { signal: stop }).then(([searched]) => searched as Searched);
    // Nobody may be waiting when it fails: who asks for the next part is told.
    answer.catch(() => {});
    return answer;
  };
  try {
    let pending = ask(inputChunk(row.initialInputJson));
    for await (const chunk of source.scan(id, 0, signal)) {
      // The next chunk is read while this one is searched.
      yield await pending;
      pending = ask(chunk);
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

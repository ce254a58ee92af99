import { parentPort, workerData } from 'node:worker_threads';
import type { EventChunk } from '../jamjet/chunk.ts';
import { type Hit, Search, type SearchQuery } from '../replay/search.ts';
import { giveWay } from './background-priority.ts';

/** The answer to a chunk of events. */
export interface Searched {
  /** Not all of them, when the search has reached its limit. */
  readonly hits: readonly Hit[];
  /** The number of hits in the chunk, and of events with a hit. */
  readonly count: number;
  readonly events: number;
  /** The last sequence in the chunk. */
  readonly last: number;
}

giveWay();
const { query, maxHits } = workerData as { readonly query: SearchQuery; readonly maxHits: number };
const search = new Search(query);
let sent = 0;

parentPort?.on('message', (chunk: EventChunk) => {
  const hits: Hit[] = [];
  let count = 0;
  const events = search.chunk(chunk, (hit) => {
    count++;
    if (sent++ < maxHits) hits.push(hit);
  });
  parentPort?.postMessage({ hits, count, events, last: chunk.sequences.at(-1) ?? 0 } satisfies Searched);
});

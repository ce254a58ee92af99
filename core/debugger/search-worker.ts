import { parentPort, workerData } from 'node:worker_threads';
import type { EventChunk } from '../jamjet/chunk.ts';
import { type Hit, Search, type SearchQuery } from '../replay/search.ts';

/** What is asked of the worker: a chunk of events; and what it answers. */
export interface Searched {
  /** The first hits; not all of them where there are very many. */
  readonly hits: readonly Hit[];
  readonly count: number;
  readonly events: number;
}

const { query, most } = workerData as { readonly query: SearchQuery; readonly most: number };
const search = new Search(query);
let sent = 0;

parentPort?.on('message', (chunk: EventChunk) => {
  const hits: Hit[] = [];
  let count = 0;
  const events = search.chunk(chunk, (hit) => {
    count++;
    if (sent++ < most) hits.push(hit);
  });
  parentPort?.postMessage({ hits, count, events } satisfies Searched);
});
